import { BatchGetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { currencyByNumber, UnknownCurrencyError } from '@payments/domain';
import { resourceName } from '@payments/infra/names';
import type { PostingEntry } from '@payments/schemas';
import type { Connection } from './connection.ts';

/** The ledger's index of entries on customers' accounts (`packages/posting/src/infra.ts`). */
const STATEMENT_INDEX = 'statement';
/** BatchGetItem takes at most this many keys (DynamoDB API reference). */
const BATCH_GET_MAX = 100;
/** ISO 4217 numbers currencies with three digits. */
const CURRENCY_NUMBERS = 1000;

/** What is folded of an account in one currency, in minor units. */
export interface AccountBalance {
  readonly accountId: string;
  readonly role: string;
  readonly currency: string;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly entries: number;
}

/** An entry as it stands in the ledger. */
export interface LedgerEntry extends PostingEntry {
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly position: string;
  /** Only entries on customers' accounts have it: booking date, time, sequence and number. */
  readonly bookedOrder?: string;
}

/**
 * The balances of an account, by currency in alphabetic order. Rows are asked for by their key in every currency
 * that there is: two calls, where a search would read the table.
 */
export async function balancesOf(
  { documents, environment }: Connection,
  accountId: string,
  currency?: string,
): Promise<readonly AccountBalance[]> {
  const table = resourceName(environment, 'posting', 'balances');
  const codes = currency === undefined ? everyCurrency() : [currency];
  const rows: Record<string, unknown>[] = [];
  for (let start = 0; start < codes.length; start += BATCH_GET_MAX) {
    let keys: Record<string, unknown>[] = codes
      .slice(start, start + BATCH_GET_MAX)
      .map((code) => ({ id: `BALANCE#${accountId}#${code}` }));
    while (keys.length > 0) {
      const { Responses, UnprocessedKeys } = await documents.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      );
      rows.push(...(Responses?.[table] ?? []));
      keys = UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return rows
    .map((row) => ({
      accountId,
      role: String(row['role']),
      currency: String(row['currency']),
      debits: BigInt(row['debits'] as number | bigint),
      credits: BigInt(row['credits'] as number | bigint),
      entries: Number(row['entries']),
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/**
 * The entries on a customer's account, in the order of their booking, from the index.
 *
 * @param to the last booking date (`YYYY-MM-DD`); all when absent
 */
export async function customerEntries(
  { documents, environment }: Connection,
  accountId: string,
  to?: string,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: resourceName(environment, 'posting', 'ledger'),
      IndexName: STATEMENT_INDEX,
      // `$` follows the `#` that ends the date.
      KeyConditionExpression: `customerAccountId = :account${to === undefined ? '' : ' AND bookedOrder < :end'}`,
      ExpressionAttributeValues: { ':account': accountId, ...(to === undefined ? {} : { ':end': `${to}$` }) },
    },
  );
  for await (const page of pages) entries.push(...((page.Items ?? []) as LedgerEntry[]));
  return entries;
}

/** The entries on any account in the order of their booking, by reading the whole ledger. */
export async function scannedEntries(
  { documents, environment }: Connection,
  accountId: string,
): Promise<readonly LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  const pages = paginateScan(
    { client: documents },
    {
      TableName: resourceName(environment, 'posting', 'ledger'),
      FilterExpression: 'account.accountId = :account',
      ExpressionAttributeValues: { ':account': accountId },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) found.push(...((page.Items ?? []) as LedgerEntry[]));
  const order = ({ bookingDate, sequenceId, position }: LedgerEntry): string =>
    `${bookingDate}#${sequenceId}#${position}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function everyCurrency(): readonly string[] {
  return Array.from({ length: CURRENCY_NUMBERS }, (_, number) => {
    try {
      return currencyByNumber(String(number).padStart(3, '0')).code;
    } catch (error) {
      if (error instanceof UnknownCurrencyError) return [];
      throw error;
    }
  }).flat();
}
