import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { PostingEntry } from '@payments/schemas';

/** Sums of one currency in minor units. */
export interface CurrencySums {
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
}

/** What a ledger holds, in a form in which two ledgers can be compared. */
export interface LedgerContent {
  /** How many sequences are booked. */
  readonly sequences: number;
  readonly entries: number;
  /** By currency, in alphabetic order. */
  readonly sums: readonly CurrencySums[];
  /** The same for the same entries, in whatever order they were booked. */
  readonly digest: string;
}

/** The digest is a sum of hashes, so that no order and no memory is needed. */
const DIGEST_MODULUS = 2n ** 256n;

/**
 * Reads the whole ledger.
 *
 * @param onEntry called with one line for each entry: who, what, how much, when and why, with its ids
 */
export async function readLedger(
  environment: Environment,
  documents: DynamoDBDocumentClient,
  onEntry: (line: string) => void = () => undefined,
): Promise<LedgerContent> {
  const sums = new Map<string, { debits: bigint; credits: bigint }>();
  let sequences = 0;
  let entries = 0;
  let digest = 0n;
  const TableName = resourceName(environment, 'posting', 'ledger');
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    for (const row of (page.Items ?? []) as (PostingEntry & { position: string; transactionId: string })[]) {
      if (row.position === 'SEQUENCE') {
        sequences += 1;
        continue;
      }
      const line = lineOf(row);
      onEntry(line);
      entries += 1;
      digest = (digest + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`)) % DIGEST_MODULUS;
      const sum = sums.get(row.amount.currency) ?? { debits: 0n, credits: 0n };
      if (row.direction === 'DEBIT') sum.debits += BigInt(row.amount.minorUnits);
      else sum.credits += BigInt(row.amount.minorUnits);
      sums.set(row.amount.currency, sum);
    }
  }
  return {
    sequences,
    entries,
    sums: [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { debits, credits }]) => ({
        currency,
        debits: debits.toString(),
        credits: credits.toString(),
      })),
    digest: digest.toString(16).padStart(64, '0'),
  };
}

function lineOf(row: PostingEntry & { transactionId: string }): string {
  const { transactionId, entryId, sequence, direction, amount, account, amountTag, eventCode } = row;
  const position = `${sequence.number}/${sequence.count}`;
  const what = [position, direction, amount.minorUnits, amount.currency, account.role, account.accountId];
  return [
    transactionId,
    entryId,
    ...what,
    amountTag,
    eventCode,
    row.bookingDate,
    row.valueDate,
    row.narrative,
  ].join('|');
}
