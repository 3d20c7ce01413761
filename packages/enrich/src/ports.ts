import type { ReferenceKey, ReferenceRows } from './reference-rows.ts';

/** Where the bank keeps what it knows of cards, accounts, products, merchant categories and rates. */
export interface ReferenceData {
  /**
   * The version that transactions are enriched with now. Records that are enriched together take one version, so
   * that no transaction sees rows of two.
   *
   * @throws ReferenceDataAbsentError when there is none, ReferenceDataUnavailableError
   */
  version(): Promise<ReferenceVersion>;
}

/** One version of the reference data; its rows never change. */
export interface ReferenceVersion {
  /**
   * Looks up rows; a key that has none is absent from the answer, which is no error.
   *
   * @param keys any number, repeats allowed
   * @throws ReferenceDataUnavailableError
   */
  load(keys: readonly ReferenceKey[]): Promise<ReferenceRows>;
}

/** The time, for what may be used again and what must wait. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
