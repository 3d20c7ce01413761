import { DomainError } from '@payments/domain';
import type { TransactionStandardizedRecord } from '@payments/schemas';
import { contentOf } from './cain-content.ts';
import { holderOf } from './enrich-transaction.ts';
import { categoryCodeOf } from './merchant-of.ts';
import type { ReferenceVersion } from './ports.ts';
import type { ReferenceKey, ReferenceRows } from './reference-rows.ts';
import { rateKeyOf } from './transaction-of.ts';

/**
 * Looks up what enrichment needs for all records of an invocation together, in three steps because each names the
 * next: cards and merchant categories, then accounts, then products and rates.
 *
 * @param version the one that all rows are of
 * @throws ReferenceDataUnavailableError
 */
export async function gatherReferences(
  records: readonly TransactionStandardizedRecord[],
  version: ReferenceVersion,
): Promise<ReferenceRows> {
  const firstKeys = keysOf(records, ({ card, document }) => [
    `CARD#${card.token}`,
    `MCC#${categoryCodeOf(contentOf(document).body)}`,
  ]);
  const first = await version.load(firstKeys);
  const accountKeys = keysOf(records, ({ card }) => {
    const row = first.get(`CARD#${card.token}`);
    return row === undefined ? [] : [`ACCOUNT#${row.accountId}`];
  });
  const second = first.and(await version.load(accountKeys));
  const restKeys = keysOf(records, ({ card, document }) => {
    const { account } = holderOf(card, second);
    if (account === undefined) return [];
    const rateKey = rateKeyOf(contentOf(document), account);
    return [`PRODUCT#${account.productCode}`, ...(rateKey === undefined ? [] : [rateKey])];
  });
  return second.and(await version.load(restKeys));
}

/**
 * The keys that records name, each once. A record that cannot be read names none and takes no other along: the
 * decision meets the same error and says so of that record alone.
 */
function keysOf(
  records: readonly TransactionStandardizedRecord[],
  keysIn: (record: TransactionStandardizedRecord) => readonly ReferenceKey[],
): ReferenceKey[] {
  const keys = new Set<ReferenceKey>();
  for (const record of records) {
    try {
      for (const key of keysIn(record)) keys.add(key);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return [...keys];
}
