import type { Money } from '@payments/schemas';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A record's claim to be the first of its transaction. */
export interface Claim {
  readonly dedupKey: string;
  /** Who claims: the transaction id, so that a record that comes again is never taken for its own duplicate. */
  readonly owner: string;
  readonly amount: Money;
}

/** What became of a claim. */
export type ClaimResult =
  | { readonly kind: 'first' }
  | { readonly kind: 'taken'; readonly owner: string; readonly amount: Money }
  /** It is not known whether the claim holds; the record must come again. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** Remembers, for the length of the window, who was first with each deduplication key. */
export interface SeenTransactions {
  /**
   * Claims keys. Claims of one key are decided in their order; a claim by the owner that holds the key already
   * is `first` again. Only a failed condition means `taken`; any other failure is `unknown`.
   */
  claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]>;
}

/** Where an object was put. */
export interface ParkedObject {
  readonly bucket: string;
  readonly key: string;
}

/** Where duplicates and conflicts lie, apart from the flow, for people to look at. */
export interface ParkedTransactions {
  /** Keeps the content under the name; the same again lies there once. */
  park(name: string, content: object): Promise<ParkedObject>;
}
