import type { Money, PostedEntry, ReconciliationMismatchPatchedRecord } from '@payments/schemas';

export type MismatchType = ReconciliationMismatchPatchedRecord['mismatch']['type'];
export type PatchAction = ReconciliationMismatchPatchedRecord['patch']['action'];

/** One row of a ledger or of a bank's statement, as reconciliation sees it. */
export interface LedgerRow {
  /** The ledger's own key of the row; two rows have two keys, also where they say the same. */
  readonly rowId: string;
  /** Our reference, as the ledger repeats it. */
  readonly sequenceId: string;
  /** Which entry of the sequence it books, from 1. */
  readonly number: number;
  readonly accountId: string;
  readonly direction: 'DEBIT' | 'CREDIT';
  readonly minorUnits: string;
  readonly currency: string;
  /** `YYYY-MM-DD`. */
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly eventCode?: string;
  /** The sequence that this row corrects, where it is part of a patch. */
  readonly corrects?: string;
  /** What the ledger says of the transaction behind it; a bank's statement says nothing. */
  readonly transactionId?: string;
  readonly scheme?: string;
  readonly loggedAt?: string;
  readonly lifecycleId?: string;
  /** RFC 3339: when the ledger wrote the row, where it says so. */
  readonly bookedAt?: string;
}

/** A mismatch as it was found. */
export interface Finding {
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly type: MismatchType;
  /** What differs and on which side, for people. */
  readonly explanation: string;
  readonly sequenceId?: string;
  /** What the difference comes to. */
  readonly atRisk?: Money;
  /**
   * What was there, on each side that there is: the `before` of the evidence. An empty list says that the side is there
   * and was not looked at entry by entry.
   */
  readonly sides: {
    readonly authorized?: { readonly amount: Money };
    readonly posted?: readonly PostedEntry[];
    readonly booked?: readonly LedgerRow[];
  };
  /** When the last good event of the transaction was made, and which that is: where a replay starts. */
  readonly lastGood?: { readonly event: string; readonly producedAt: string };
  /** When it was approved, RFC 3339: where a resending starts, for what was posted is made of that event. */
  readonly approvedAt?: string;
  /**
   * What reconciliation itself has not heard of, though what follows from it is there. The pipeline did its work; a
   * replay to reconciliation's own rule puts it right.
   */
  readonly unheard?: readonly ('authorized' | 'approved')[];
  /** The booking dates of the bank's statement that it was found in, as `2026-11-20..2026-11-22`; else our own ledger. */
  readonly statement?: string;
}

export type BreakState =
  /** Found; nobody has decided yet. */
  | 'OPEN'
  /** A patch was sent and has not shown its effect. */
  | 'PATCHING'
  /** It agrees again. */
  | 'PATCHED'
  /** It agreed again by itself, before anything was done. */
  | 'CLOSED'
  /** A patch is proposed and waits for a second person. */
  | 'PROPOSED'
  /** It waits for its owner. */
  | 'PARKED';

/** A mismatch as a case. */
export interface Break extends Finding {
  /** Made from transaction, sequence and type, so that the same mismatch found again is the same case. */
  readonly breakId: string;
  readonly state: BreakState;
  /** RFC 3339. */
  readonly openedAt: string;
  readonly changedAt: string;
  /** How often a patch was sent. */
  readonly attempts: number;
  /** The policy's rule that decided last. */
  readonly ruleId?: string;
  readonly owner?: string;
  readonly parkedBecause?: string;
  readonly proposedBy?: string;
  readonly decidedBy?: string;
}
