import type { ReferenceData } from '@payments/schemas';
import type { ReferenceItem } from './dynamodb-reference-data.ts';

/**
 * The items of the reference table that hold a set of reference data. The version comes last: enrichment waits
 * until it is there, so a table that is half loaded refuses nobody.
 */
export function referenceItems(data: ReferenceData): readonly ReferenceItem[] {
  return [
    ...data.cards.map((row) => ({ id: `CARD#${row.token}` as const, row })),
    ...data.accounts.map((row) => ({ id: `ACCOUNT#${row.accountId}` as const, row })),
    ...data.products.map((row) => ({ id: `PRODUCT#${row.code}` as const, row })),
    ...data.merchantCategories.map((row) => ({ id: `MCC#${row.code}` as const, row })),
    ...data.rates.map((row) => ({ id: `RATE#${row.from}#${row.to}` as const, row })),
    { id: 'VERSION' as const, row: { version: data.version } },
  ];
}
