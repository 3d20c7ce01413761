import type { ReferenceData } from '@payments/schemas';
import type { ReferenceKey } from './reference-rows.ts';

/** The sets that reference data is made of; each has a version of its own. */
export const REFERENCE_SETS = ['accounts', 'cards', 'products', 'merchantCategories', 'rates'] as const;

export type ReferenceSet = (typeof REFERENCE_SETS)[number];

/** A row with the key that it is looked up by. */
export interface KeyedRow {
  readonly key: ReferenceKey;
  readonly row: object;
}

/** The rows of a set with their keys. */
export function keyedRows(data: ReferenceData, set: ReferenceSet): readonly KeyedRow[] {
  switch (set) {
    case 'accounts':
      return data.accounts.map((row) => ({ key: `ACCOUNT#${row.accountId}`, row }));
    case 'cards':
      return data.cards.map((row) => ({ key: `CARD#${row.token}`, row }));
    case 'products':
      return data.products.map((row) => ({ key: `PRODUCT#${row.code}`, row }));
    case 'merchantCategories':
      return data.merchantCategories.map((row) => ({ key: `MCC#${row.code}`, row }));
    case 'rates':
      return data.rates.map((row) => ({ key: `RATE#${row.from}#${row.to}`, row }));
  }
}

const SET_BY_PREFIX: Readonly<Record<string, ReferenceSet>> = {
  ACCOUNT: 'accounts',
  CARD: 'cards',
  PRODUCT: 'products',
  MCC: 'merchantCategories',
  RATE: 'rates',
};

/** The set that a key's row is in. */
export function setOf(key: ReferenceKey): ReferenceSet {
  const set = SET_BY_PREFIX[key.slice(0, key.indexOf('#'))];
  if (set === undefined) throw new TypeError(`${key} names no row of the reference data`);
  return set;
}
