import type { LedgerRow } from './break.ts';

/** Booking dates, both included, `YYYY-MM-DD`; without one there is no bound. */
export interface DateWindow {
  readonly from?: string;
  readonly to?: string;
}

/** What a ledger says of its rows. What it does not say is not compared. */
export interface StatementScope {
  readonly scheme: boolean;
  readonly eventCode: boolean;
  readonly valueDate: boolean;
  /** The accounts that it is about; absent: all. */
  readonly accountIds?: ReadonlySet<string>;
}

/** What stands in a ledger: the reference ledger, or a bank's statement or extract. */
export interface LedgerStatement {
  readonly scope: StatementScope;
  /**
   * All rows, in any order, page by page; each call reads anew.
   *
   * @throws DomainError, retryable where the ledger cannot be read now
   */
  read(): AsyncIterable<readonly LedgerRow[]>;
}

/** Looks up rows of single sequences. */
export interface LedgerLookup {
  /** The rows of these sequences by the sequence that they have or correct; a correcting sequence is named by itself. */
  rowsOf(sequenceIds: readonly string[]): Promise<readonly LedgerRow[]>;
}

/** A line of a statement or extract that could not be read. */
export interface BadLine {
  /** From 1. */
  readonly line: number;
  readonly field: string;
  readonly problem: string;
}

/** Says whether a booking date is in the window. */
export function isInWindow(date: string, { from, to }: DateWindow): boolean {
  return (from === undefined || date >= from) && (to === undefined || date <= to);
}
