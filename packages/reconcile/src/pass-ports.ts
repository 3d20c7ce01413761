import type { Money, PostedEntry } from '@payments/schemas';
import type { Finding } from './break.ts';
import type { TransactionSides } from './transaction-sides.ts';

/** A sequence that was said to be posted, with what it was made of. */
export interface PostedSequence {
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly sequenceId: string;
  /** The sequence that it corrects, where it is part of a patch. */
  readonly corrects?: string;
  /** `YYYY-MM-DD`. */
  readonly bookingDate: string;
  readonly valueDate: string;
  /** Absent where nobody has said them: then it cannot be compared entry by entry, and is left out. */
  readonly entries?: readonly PostedEntry[];
  /** RFC 3339. */
  readonly saidAt: string;
  readonly authorized?: { readonly amount: Money };
  readonly lastGood?: NonNullable<Finding['lastGood']>;
  readonly approvedAt?: string;
}

/** A sequence of a transaction that is not posted and not overdue: whatever the ledger has of it is left alone. */
export interface OpenSequence {
  readonly sequenceId: string;
  readonly isOpen: true;
}

/** What was posted: the projection of reconciliation. */
export interface PostedSequences {
  /** All of them, corrections too, in any order, page by page; each call reads anew. */
  read(): AsyncIterable<readonly (PostedSequence | OpenSequence)[]>;
  /** What is known by now of these transactions: asked about rows of which nothing was known when it was read. */
  find(transactionIds: readonly string[]): Promise<readonly (PostedSequence | OpenSequence)[]>;
}

/** Transactions by their id. */
export interface SideReader {
  find(transactionIds: readonly string[]): Promise<readonly TransactionSides[]>;
}
