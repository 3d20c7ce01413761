import type { PostingEntryCreatedRecord } from '@payments/schemas';
import type { CompleteSequence, PostedSequence } from './complete-sequence.ts';
import type { SequenceRow } from './ledger-row.ts';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** What became of one sequence that was to be posted. */
export type PostingResult =
  /** Booked, now or before: the same sequence again is booked once. */
  | { readonly kind: 'posted'; readonly posted: PostedSequence }
  /** Refused for good. */
  | { readonly kind: 'refused'; readonly reason: string; readonly explanation: string }
  /** Not known; posting the same sequence again is safe. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** Where sequences are booked: the reference ledger, or a bank's core. */
export interface PostingSystem {
  /**
   * Books each once and as a whole; of one that is booked already, rows that were lost are added. Answers in the order of the sequences; it
   * does not throw for one of them.
   */
  post(sequences: readonly CompleteSequence[]): Promise<readonly PostingResult[]>;
  /** The sequences among these that are booked already, by id. */
  find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>>;
}

/** A sequence with the reference under which it is booked. */
export interface Booking {
  readonly sequence: CompleteSequence;
  readonly postingReference: string;
}

/** Where it stands what is booked: the reference ledger's own rows, or what a core has acknowledged. */
export interface BookedSequences {
  /** Keeps each booking once and as a whole. Answers in their order; it does not throw for one of them. */
  book(bookings: readonly Booking[]): Promise<readonly PostingResult[]>;
  find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>>;
}

/** The secret that a core knows us by. */
export interface BearerToken {
  /** @throws when it cannot be had now; later it may */
  current(): Promise<string>;
}

/** A sequence of which entries are missing. */
export interface IncompleteSequence {
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly present: readonly number[];
  readonly count: number;
  /** When its first entry arrived, epoch milliseconds. */
  readonly since: number;
  /** In which hour it was said last that it is late; absent when that was never said. */
  readonly saidInHour?: number;
}

/** Keeps the entries of sequences that have not come together yet. */
export interface SequenceAssembly {
  /** Keeps entries and gives all that is kept of the sequences named, read after the write. */
  keep(
    records: readonly PostingEntryCreatedRecord[],
    sequenceIds: readonly string[],
  ): Promise<readonly PostingEntryCreatedRecord[]>;
  /** Forgets sequences that came to their end. */
  forget(records: readonly PostingEntryCreatedRecord[]): Promise<void>;
  /** All sequences of which entries are kept. */
  incomplete(): Promise<readonly IncompleteSequence[]>;
  /** Forgets whatever is kept of a sequence. */
  forgetSequence(sequence: IncompleteSequence): Promise<void>;
}

/** Remembers of which incomplete sequences it was said that they are late. */
export interface SaidDelays {
  /** @param hour what is kept as `saidInHour` */
  remember(sequences: readonly IncompleteSequence[], hour: number): Promise<void>;
}

/** The balances of all accounts. */
export interface Balances {
  /**
   * Adds what booked sequences move, each sequence once however often it comes.
   *
   * @returns how many of the rows, from the first, are folded in: all, or those before what failed
   */
  fold(rows: readonly SequenceRow[]): Promise<{ readonly folded: number; readonly cause?: unknown }>;
}
