import type { TransactionSides } from './transaction-sides.ts';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How a transaction was found to stand, as it is kept. */
export interface KeptResult {
  readonly transactionId: string;
  /** `RECONCILED`, `CLOSED`, or the type of a mismatch. */
  readonly result: string;
}

/** What is known of every transaction, by side. */
export interface SideStore {
  /** Adds what was heard and gives all that is known then of those transactions; at most one report for each. */
  add(reports: readonly TransactionSides[]): Promise<readonly TransactionSides[]>;
  /** Keeps how transactions stand; they are no longer due. */
  settle(results: readonly KeptResult[]): Promise<void>;
  /** Transactions that are due and not settled, at most so many. */
  overdue(max: number): Promise<readonly TransactionSides[]>;
}
