import type { BreakState, MismatchType } from '@payments/reconcile/break';
import type { PassGroup } from '@payments/reconcile/pass-result';

/** What one side adds up to in one currency. Sums are minor units as text, as on the wire. */
export interface SideSums {
  readonly entries: number;
  readonly debits: string;
  readonly credits: string;
}

/** What the transactions of one scheme came to that were logged on this date. */
export interface SchemeTransactions {
  readonly scheme: string;
  readonly authorized: number;
  /** Said to be posted. */
  readonly posted: number;
  /** Heard of from the ledger. */
  readonly booked: number;
  /** Agree on all sides. */
  readonly reconciled: number;
  /** Ended properly without entries: refused, closed, or held. */
  readonly ended: number;
  /** Neither yet: on the way, or broken. */
  readonly outstanding: number;
  /** Sequences that were booked to correct others. */
  readonly corrections: number;
}

/**
 * Whether two sides add up to the same; `CORRECTED` where they differ and every sequence agrees when what corrects it is
 * counted in.
 */
export type Standing = PassGroup['standing'];

/** All three sides of one scheme in one currency. */
export interface SchemeTotal {
  readonly scheme: string;
  readonly currency: string;
  /** In the currency that the network was asked for, before fees: it compares with the others by count alone. */
  readonly authorized: { readonly transactions: number; readonly amount: string };
  readonly posted: SideSums;
  readonly ledger: SideSums;
  readonly standing: Standing;
}

/** Says whether anything was posted or booked in a currency: some are only authorized in. */
export function isBooked({ posted, ledger }: Pick<SchemeTotal, 'posted' | 'ledger'>): boolean {
  return posted.entries > 0 || ledger.entries > 0;
}

/** A control total: what was posted and what is booked with one event code. */
export interface ControlTotal {
  readonly scheme: string;
  readonly currency: string;
  readonly eventCode: string;
  readonly posted: SideSums & { readonly hashTotal: string };
  readonly ledger: SideSums & { readonly hashTotal: string };
  readonly standing: Standing;
}

/** How the breaks of one type stand. What was opened is the sum of all others. */
export interface BreakCount {
  readonly type: MismatchType;
  readonly opened: number;
  readonly patched: number;
  /** Agreed again by itself. */
  readonly closed: number;
  readonly parked: number;
  /** Waits for a second person. */
  readonly proposed: number;
  /** Not decided yet, or its patch has not shown its effect. */
  readonly open: number;
  /** When the oldest that has not ended was opened. */
  readonly oldestSince?: string;
}

/** A break that has not ended. */
export interface WaitingBreak {
  readonly breakId: string;
  readonly transactionId: string;
  readonly type: MismatchType;
  readonly state: BreakState;
  readonly openedAt: string;
  readonly explanation: string;
  readonly owner?: string;
  readonly parkedBecause?: string;
  readonly atRisk?: { readonly minorUnits: string; readonly currency: string };
}

/** What reconciliation says of one business date. */
export interface ReconciliationReport {
  /** `YYYY-MM-DD`. */
  readonly businessDate: string;
  readonly environment: string;
  /** RFC 3339. */
  readonly generatedAt: string;
  readonly transactions: readonly SchemeTransactions[];
  readonly totals: readonly SchemeTotal[];
  readonly controls: readonly ControlTotal[];
  /** Sequences that were posted and of which nobody said the entries: they are in no total of what was posted. */
  readonly postedWithoutEntries: number;
  readonly breaks: {
    /** Those of this date's transactions. */
    readonly byType: readonly BreakCount[];
    /** Of this date, oldest first; no more than `WAITING_SHOWN_MAX`. */
    readonly waiting: readonly WaitingBreak[];
    readonly waitingCount: number;
    /** The oldest that waits, of whatever date. */
    readonly oldest?: WaitingBreak;
  };
}

/** How many waiting breaks a report names one by one. */
export const WAITING_SHOWN_MAX = 50;
