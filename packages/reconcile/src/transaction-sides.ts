import type { ControlTotals, HoldChangedRecord, Money, TransactionNotPostedRecord } from '@payments/schemas';

/** What is known of one transaction, by side; each side is heard of on its own, in any order. */
export interface TransactionSides {
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId?: string;
  /** What the network was told: TransactionAuthorized. */
  readonly authorized?: {
    readonly amount: Money;
    /** It refers to another transaction, and may wait for that. */
    readonly follows?: boolean;
  };
  /** What the rules let post: TransactionPostingApproved. */
  readonly approved?: {
    readonly amount: Money;
    readonly billed: Money;
    /** It refers to another transaction, and books no more than the difference. */
    readonly follows?: boolean;
  };
  /** What the rules refused: TransactionPostingRejected. */
  readonly rejected?: { readonly reason: string };
  /** What the posting system said it booked: TransactionPosted. */
  readonly posted?: {
    readonly sequenceId: string;
    readonly controlTotals: ControlTotals;
    /** When the event was made, RFC 3339: how long posting took can be told from it. */
    readonly saidAt: string;
  };
  /** What the posting system refused: TransactionPostingFailed. */
  readonly failed?: { readonly reason: string };
  /** That it ends without entries, properly or as a break: TransactionNotPosted. */
  readonly notPosted?: Pick<TransactionNotPostedRecord, 'disposition' | 'reason' | 'explanation'>;
  /** That it moved a hold instead of the ledger: HoldChanged. */
  readonly held?: { readonly action: HoldChangedRecord['hold']['action'] };
  /** What stands in the ledger: its own rows. */
  readonly booked?: { readonly sequenceId: string; readonly controlTotals: ControlTotals };
}

/** The names of the sides. */
export const SIDES = [
  'authorized',
  'approved',
  'rejected',
  'posted',
  'failed',
  'notPosted',
  'held',
  'booked',
] as const;

/** Two reports of one transaction as one; the second adds what the first lacks. */
export function mergeSides(known: TransactionSides, added: TransactionSides): TransactionSides {
  return {
    ...known,
    ...added,
    ...(known.lifecycleId === undefined ? {} : { lifecycleId: known.lifecycleId }),
  };
}
