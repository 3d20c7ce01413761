import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { PostingEntry } from '@payments/schemas';

/** What a ledger holds, in a form in which two ledgers can be compared. */
export interface LedgerContent {
  /** How many sequences are booked. */
  readonly sequences: number;
  /** One line for each entry, sorted: who, what, how much, when and why, with its ids. */
  readonly entries: readonly string[];
  /** SHA-256 over the entries. */
  readonly digest: string;
  /** Debits less credits by currency, in minor units. */
  readonly imbalance: Readonly<Record<string, string>>;
}

/** Reads the whole ledger. */
export async function readLedger(
  environment: Environment,
  documents: DynamoDBDocumentClient,
): Promise<LedgerContent> {
  const entries: string[] = [];
  const sums = new Map<string, bigint>();
  let sequences = 0;
  const TableName = resourceName(environment, 'posting', 'ledger');
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    for (const row of (page.Items ?? []) as (PostingEntry & { position: string; transactionId: string })[]) {
      if (row.position === 'SEQUENCE') {
        sequences += 1;
        continue;
      }
      entries.push(lineOf(row));
      const signed =
        row.direction === 'DEBIT' ? BigInt(row.amount.minorUnits) : -BigInt(row.amount.minorUnits);
      sums.set(row.amount.currency, (sums.get(row.amount.currency) ?? 0n) + signed);
    }
  }
  entries.sort();
  const digest = createHash('sha256').update(entries.join('\n')).digest('hex');
  const imbalance = Object.fromEntries([...sums].sort().map(([currency, sum]) => [currency, sum.toString()]));
  return { sequences, entries, digest, imbalance };
}

function lineOf(row: PostingEntry & { transactionId: string }): string {
  const {
    transactionId,
    sequence,
    entryId,
    direction,
    amount,
    account,
    amountTag,
    eventCode,
    bookingDate,
    valueDate,
    narrative,
  } = row;
  const position = `${sequence.number}/${sequence.count}`;
  const what = [
    position,
    direction,
    amount.minorUnits,
    amount.currency,
    account.role,
    account.accountId,
    amountTag,
    eventCode,
  ];
  return [transactionId, entryId, ...what, bookingDate, valueDate, narrative].join('|');
}
