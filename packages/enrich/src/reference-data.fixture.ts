import type { Account, Product, ReferenceData } from '@payments/schemas';
import type { CardRow, MerchantCategoryRow, RateRow } from './reference-rows.ts';
import { REFERENCE, VERSION } from './standardized.fixture.ts';

/** The fixture's rows as a file of reference data, with what differs. */
export function referenceDataWith(changes: Partial<ReferenceData> = {}): ReferenceData {
  return {
    version: VERSION,
    accounts: rowsOf<Account>('ACCOUNT#'),
    cards: rowsOf<CardRow>('CARD#'),
    products: rowsOf<Product>('PRODUCT#'),
    merchantCategories: rowsOf<MerchantCategoryRow>('MCC#'),
    rates: rowsOf<RateRow>('RATE#'),
    ...changes,
  };
}

function rowsOf<Row>(prefix: string): Row[] {
  return [...REFERENCE].flatMap(([key, row]) => (key.startsWith(prefix) ? [row as Row] : []));
}
