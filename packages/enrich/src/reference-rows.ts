import type { Account, Product, ReferenceData } from '@payments/schemas';

export type CardRow = ReferenceData['cards'][number];
export type MerchantCategoryRow = ReferenceData['merchantCategories'][number];
export type RateRow = ReferenceData['rates'][number];

/** Names one row of the reference data, whatever its version. */
export type ReferenceKey =
  | `CARD#${string}`
  | `ACCOUNT#${string}`
  | `PRODUCT#${string}`
  | `MCC#${string}`
  | `RATE#${string}#${string}`;

/** What the row of a key is. */
export type RowOf<Key extends ReferenceKey> = Key extends `CARD#${string}`
  ? CardRow
  : Key extends `ACCOUNT#${string}`
    ? Account
    : Key extends `PRODUCT#${string}`
      ? Product
      : Key extends `MCC#${string}`
        ? MerchantCategoryRow
        : RateRow;

/** Rows that were looked up, by their keys, all of one version of the reference data. */
export class ReferenceRows {
  /** The version that they are of, as the enriched event names it. */
  readonly version: string;
  readonly #rows: ReadonlyMap<ReferenceKey, unknown>;

  /** @param rows each of the shape that its key says, which whoever loads the reference data has checked */
  constructor(version: string, rows: Iterable<readonly [ReferenceKey, unknown]>) {
    this.version = version;
    this.#rows = new Map(rows);
  }

  get<Key extends ReferenceKey>(key: Key): RowOf<Key> | undefined {
    return this.#rows.get(key) as RowOf<Key> | undefined;
  }

  /** These rows and others of the same version. */
  and(others: ReferenceRows): ReferenceRows {
    return new ReferenceRows(this.version, [...this.#rows, ...others.#rows]);
  }
}
