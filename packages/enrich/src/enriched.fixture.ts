import { expect } from '@jest/globals';
import type { TransactionStandardizedRecord } from '@payments/schemas';
import { TransactionEnrichedRecord } from '@payments/schemas/closed/transaction-enriched';
import { enrichTransaction } from './enrich-transaction.ts';
import type { ReferenceRows } from './reference-rows.ts';
import { rowsWith } from './standardized.fixture.ts';

/** The record enriched, with the fixture's reference data unless said otherwise; its contract is checked. */
export function enriched(record: TransactionStandardizedRecord, rows: ReferenceRows = rowsWith()) {
  const result = enrichTransaction(record, rows);
  expect(TransactionEnrichedRecord(result)).toBe(true);
  return result;
}
