import { cainIdentifierOf, renderCain } from '@payments/iso20022';
import type { TransactionAuthorizedRecord, TransactionStandardizedRecord } from '@payments/schemas';
import { standardizeTransaction } from '@payments/standardize/standardize-transaction';
import { readAuthorizations } from '../../../packages/ingest/src/read-authorizations.ts';
// Reading is the inside of ingest: only tests look at it from here.
import { readingPorts } from '../../../packages/ingest/src/reading.fixture.ts';

/** What input lines became, in their order: the standardized record, or why there is none. */
export type Standardized =
  | { readonly outcome: 'STANDARDIZED'; readonly record: TransactionStandardizedRecord }
  | { readonly outcome: 'DECLINED' | 'UNREADABLE'; readonly reason: string };

/** Reads input lines as ingest does, and standardizes what was approved. */
export async function standardizedLines(lines: readonly string[]): Promise<Standardized[]> {
  const rows = await readAuthorizations(lines, readingPorts());
  return rows.map((row): Standardized => {
    if (row.outcome === 'DECLINED') return { outcome: 'DECLINED', reason: row.responseCode };
    if (row.outcome === 'UNREADABLE') return { outcome: 'UNREADABLE', reason: row.reason };
    // Deduplication passes on what was logged.
    const record: TransactionAuthorizedRecord = row.record;
    return { outcome: 'STANDARDIZED', record: standardizeTransaction(record) };
  });
}

/** The documents of records as XML, by their message definition. */
export function documentsByDefinition(
  records: readonly TransactionStandardizedRecord[],
): Map<string, string[]> {
  const documents = new Map<string, string[]>();
  for (const { document } of records) {
    const definition = cainIdentifierOf(document);
    const known = documents.get(definition) ?? [];
    known.push(renderCain(document));
    documents.set(definition, known);
  }
  return documents;
}
