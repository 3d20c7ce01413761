import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { entryIdOf } from '@payments/domain';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { DynamoDbPostedSequences } from '@payments/reconcile/dynamodb-posted-sequences';
import type { LedgerStatement } from '@payments/reconcile/ledger-statement';
import type { PostedSequence, PostedSequences } from '@payments/reconcile/pass-ports';
import { ReferenceLedgerStatement } from '@payments/reconcile/reference-ledger-statement';
import { sideUpdateOf } from '@payments/reconcile/side-row';
import type { MadeUpBooks } from './made-up-books.ts';

/** BatchWriteItem takes at most this many writes (DynamoDB API reference). */
const BATCH_WRITE_MAX = 25;
const RECONCILIATION = 'benchmark-reconciliation';
const LEDGER = 'benchmark-ledger';

const CLOCK = {
  now: () => Date.now(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

/** Both sides on tables of the local cloud, read as the stage reads them. */
export class BookTables {
  readonly posted: PostedSequences;
  readonly ledger: LedgerStatement;
  readonly #documents: DynamoDBDocumentClient;
  readonly #cloud: LocalCloud;

  private constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()), {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.posted = new DynamoDbPostedSequences(this.#documents, RECONCILIATION, CLOCK);
    this.ledger = new ReferenceLedgerStatement(this.#documents, LEDGER);
  }

  static async open(): Promise<BookTables> {
    const cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    const folder = mkdtempSync(join(tmpdir(), 'reconcile-benchmark-'));
    try {
      writeFileSync(join(folder, 'cdk.tf.json'), tablesStack());
      await cloud.deploy(join(folder, 'cdk.tf.json'));
    } finally {
      rmSync(folder, { recursive: true });
    }
    return new BookTables(cloud);
  }

  async fill(books: MadeUpBooks): Promise<void> {
    let sides: Record<string, unknown>[] = [];
    let rows: Record<string, unknown>[] = [];
    for (let index = 0; index < books.transactions; index += 1) {
      const sequence = books.sequence(index);
      sides.push(sideRowOf(sequence));
      rows.push(...ledgerRowsOf(books, index));
      if (sides.length >= BATCH_WRITE_MAX) sides = await this.#put(RECONCILIATION, sides);
      while (rows.length >= BATCH_WRITE_MAX) {
        await this.#put(LEDGER, rows.slice(0, BATCH_WRITE_MAX));
        rows = rows.slice(BATCH_WRITE_MAX);
      }
    }
    if (sides.length > 0) await this.#put(RECONCILIATION, sides);
    if (rows.length > 0) await this.#put(LEDGER, rows);
  }

  async close(): Promise<void> {
    await this.#cloud.close();
  }

  async #put(table: string, items: readonly Record<string, unknown>[]): Promise<[]> {
    const { UnprocessedItems = {} } = await this.#documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
    if (Object.keys(UnprocessedItems).length > 0)
      throw new Error(`${table} left writes unprocessed: the figures would be of less than was asked for`);
    return [];
  }
}

/** The row that reconciliation keeps of a transaction of which everything was heard. */
function sideRowOf(sequence: PostedSequence): Record<string, unknown> {
  const { transactionId, scheme, loggedAt, lifecycleId, sequenceId, bookingDate, valueDate, saidAt } =
    sequence;
  const amount = sequence.authorized?.amount ?? { minorUnits: '0', currency: 'GBP' };
  const controlTotals = { count: sequence.entries?.length ?? 1, currencies: [], hashTotal: '0' };
  const { sets, adds } = sideUpdateOf({
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    authorized: { amount, saidAt },
    approved: { amount, billed: amount, saidAt },
    posted: {
      sequenceId,
      controlTotals,
      bookingDate,
      valueDate,
      saidAt,
      ...(sequence.entries && { entries: sequence.entries }),
    },
    booked: { sequenceId, controlTotals },
  });
  const members = Object.entries(adds).map(([name, texts]) => [name, new Set(texts)]);
  return { transactionId, ...sets, ...Object.fromEntries(members), result: 'RECONCILED' };
}

/** The rows of a sequence as the reference ledger keeps them: an item for each entry, and the sequence's own. */
function ledgerRowsOf(books: MadeUpBooks, index: number): Record<string, unknown>[] {
  const { transactionId, scheme, loggedAt, lifecycleId, sequenceId, bookingDate, valueDate } =
    books.sequence(index);
  const rows = books.rows(index);
  const count = rows.length;
  const own = { sequenceId, position: 'SEQUENCE', transactionId, scheme, loggedAt, lifecycleId };
  return [
    ...rows.map((row) => ({
      sequenceId,
      position: row.rowId.slice(sequenceId.length + 1),
      transactionId,
      entryId: entryIdOf(sequenceId, row.number),
      sequence: { id: sequenceId, number: row.number, count },
      account: { role: 'CUST', accountId: row.accountId, currency: row.currency, branch: 'LDN01' },
      direction: row.direction,
      amount: { minorUnits: row.minorUnits, currency: row.currency },
      amountTag: 'PRINCIPAL',
      eventCode: row.eventCode,
      bookingDate: row.bookingDate,
      valueDate: row.valueDate,
      narrative: 'CARD PURCHASE A MADE-UP MERCHANT LONDON GB',
      reversal: false,
      sourceEventId: transactionId,
    })),
    { ...own, bookingDate, valueDate, sequence: { id: sequenceId, count } },
  ];
}

/** Two tables with the keys that the stages declare. */
function tablesStack(): string {
  const key = (name: string) => ({ name, type: 'S' });
  const table = (name: string, hash: string, range?: string) => ({
    name,
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: hash,
    ...(range === undefined ? {} : { range_key: range }),
    attribute: [hash, ...(range === undefined ? [] : [range])].map(key),
  });
  return JSON.stringify({
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: {
      aws_dynamodb_table: {
        reconciliation: table(RECONCILIATION, 'transactionId'),
        ledger: table(LEDGER, 'sequenceId', 'position'),
      },
    },
  });
}
