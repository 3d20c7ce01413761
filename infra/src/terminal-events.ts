import type { EventName } from '@payments/schemas';

/** The events that no stage need consume, and whom outside the pipeline each is for. */
export const TERMINAL_EVENTS: Partial<Readonly<Record<EventName, string>>> = {
  DuplicateTransactionParked: 'who runs the platform: the record itself lies in the bucket of parked ones',
  ForeignTransactionFound: "a bank's own subscribers, such as one for fees",
  CurrencyConversionTransactionFound: "a bank's own subscribers, such as one for fees",
  WarningMerchantTypeTransactionFound: "a bank's own subscribers, such as one that tells the customer",
  TransactionReconciled: 'who closes the books: a transaction ends here',
  ReconciliationMismatchDetected: 'who looks after mismatches',
  ReconciliationMismatchPatched: 'who looks after mismatches',
  ReconciliationMismatchParked: 'who looks after mismatches, and must decide',
};

/** True for an event that is for subscribers outside the pipeline, whether or not a stage consumes it too. */
export function isTerminal(event: EventName): boolean {
  return TERMINAL_EVENTS[event] !== undefined;
}
