import type { Account, Product, ReferenceData } from '@payments/schemas';

export type CardRow = ReferenceData['cards'][number];
export type MerchantCategoryRow = ReferenceData['merchantCategories'][number];
export type RateRow = ReferenceData['rates'][number];

/** What the version row holds: the version of the reference data as a whole. */
export type VersionRow = Pick<ReferenceData, 'version'>;

/** Names one row of the reference data. */
export type ReferenceKey =
  | 'VERSION'
  | `CARD#${string}`
  | `ACCOUNT#${string}`
  | `PRODUCT#${string}`
  | `MCC#${string}`
  | `RATE#${string}#${string}`;

/** What the row of a key is. */
export type RowOf<Key extends ReferenceKey> = Key extends 'VERSION'
  ? VersionRow
  : Key extends `CARD#${string}`
    ? CardRow
    : Key extends `ACCOUNT#${string}`
      ? Account
      : Key extends `PRODUCT#${string}`
        ? Product
        : Key extends `MCC#${string}`
          ? MerchantCategoryRow
          : RateRow;

/** Rows that were looked up, by their keys. */
export class ReferenceRows {
  readonly #rows: ReadonlyMap<ReferenceKey, unknown>;

  /** @param rows each of the shape that its key says, which whoever loads the reference data has checked */
  constructor(rows: Iterable<readonly [ReferenceKey, unknown]>) {
    this.#rows = new Map(rows);
  }

  get<Key extends ReferenceKey>(key: Key): RowOf<Key> | undefined {
    return this.#rows.get(key) as RowOf<Key> | undefined;
  }

  /** These rows and others. */
  and(others: ReferenceRows): ReferenceRows {
    return new ReferenceRows([...this.#rows, ...others.#rows]);
  }
}
