import type { TransactionEvent } from './transaction-events.ts';
import type { JsonRecord } from './transaction-rows.ts';

/**
 * What must have been published, told from the tables: where no archive can be read, this is the story of a
 * transaction. A side that reconcile has heard of was an event.
 *
 * @param authorization the row of the authorization log
 * @param sides the row of reconcile
 * @param ledger the rows of the ledger
 */
export function eventsOfTables(
  authorization: JsonRecord | undefined,
  sides: JsonRecord | undefined,
  ledger: readonly JsonRecord[],
): readonly TransactionEvent[] {
  const { authorized, approved, rejected, posted, failed, result, ...about } = (sides ?? {}) as Record<
    string,
    JsonRecord | undefined
  >;
  const { transactionId, scheme, loggedAt, lifecycleId } = about;
  const common = { transactionId, scheme, loggedAt, lifecycleId };
  const events: TransactionEvent[] = [];
  const add = (name: string, producedBy: string, record: JsonRecord, producedAt?: unknown): void => {
    events.push({
      name,
      producedBy,
      record: { ...common, ...record },
      times: 1,
      ...(typeof producedAt === 'string' ? { producedAt } : {}),
    });
  };
  if (authorized !== undefined) {
    const logged = authorization?.['record'] as JsonRecord | undefined;
    add('TransactionAuthorized', 'payments.dedup', logged ?? authorized);
  }
  if (approved !== undefined) add('TransactionPostingApproved', 'payments.rules', { transaction: approved });
  if (rejected !== undefined) add('TransactionPostingRejected', 'payments.rules', { refusal: rejected });
  for (const entry of ledger.filter(({ position }) => position !== 'SEQUENCE'))
    add('PostingEntryCreated', 'payments.account-interface', { entry });
  if (posted !== undefined) {
    const header = ledger.find(({ position }) => position === 'SEQUENCE');
    add('TransactionPosted', 'payments.posting', { ...header, ...posted }, posted['saidAt']);
  }
  if (failed !== undefined) add('TransactionPostingFailed', 'payments.posting', failed);
  if (String(result) === 'RECONCILED')
    add('TransactionReconciled', 'payments.reconcile', { ...about['booked'] });
  else if (result !== undefined && String(result) !== 'CLOSED')
    add('ReconciliationMismatchDetected', 'payments.reconcile', { mismatch: { type: String(result) } });
  return events;
}
