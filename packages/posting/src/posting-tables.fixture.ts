import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateScan, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { synthesizeStacks } from '@payments/infra/testing';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { DynamoDbReferenceLedger } from './adapters/dynamodb-reference-ledger.ts';
import type { EntryRow, SequenceRow } from './ledger-row.ts';
import type { Clock } from './ports.ts';

const TABLES = ['assembly', 'ledger', 'additions', 'balances'] as const;
type Table = (typeof TABLES)[number];

/** The tables as this stage's stack declares them, alone. */
function tablesStack(): string {
  const stack = synthesizeStacks('posting', new URL('./infra.ts', import.meta.url)).in('local');
  const tables = TABLES.map((purpose) => {
    const { server_side_encryption: _key, ...table } = stack.resource('aws_dynamodb_table', purpose);
    return [purpose, table];
  });
  return JSON.stringify({
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: { aws_dynamodb_table: Object.fromEntries(tables) },
  });
}

/** This stage's tables in a cloud of their own, for tests. */
export class PostingTables {
  readonly documents: DynamoDBDocumentClient;
  /** The names of the commands that were sent. */
  readonly sent: string[] = [];
  /** Called before each command is sent: what it waits for lets others go first. */
  before: () => Promise<void> = async () => undefined;
  readonly clock: Clock = { now: () => Date.now(), sleep: async () => undefined };
  readonly #cloud: LocalCloud;
  readonly #folder: string;

  private constructor(cloud: LocalCloud, folder: string) {
    this.#cloud = cloud;
    this.#folder = folder;
    this.documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()), {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.documents.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          this.sent.push(String(commandName));
          await this.before();
          return next(args);
        },
      { step: 'initialize' },
    );
  }

  static async open(): Promise<PostingTables> {
    const folder = mkdtempSync(join(tmpdir(), 'posting-tables-'));
    const path = join(folder, 'cdk.tf.json');
    writeFileSync(path, tablesStack());
    const cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    await cloud.deploy(path);
    return new PostingTables(cloud, folder);
  }

  async close(): Promise<void> {
    await this.#cloud.close();
    rmSync(this.#folder, { recursive: true });
  }

  name(table: Table): string {
    return `payments-local-posting-${table}`;
  }

  ledger(): DynamoDbReferenceLedger {
    const tables = { ledger: this.name('ledger'), additions: this.name('additions') };
    return new DynamoDbReferenceLedger(this.documents, tables, this.clock);
  }

  /** Everything in a table. */
  async rows<Row = SequenceRow | EntryRow>(table: Table = 'ledger'): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const TableName = this.name(table);
    for await (const page of paginateScan({ client: this.documents }, { TableName, ConsistentRead: true }))
      rows.push(...((page.Items ?? []) as Row[]));
    return rows;
  }

  /** What the ledger has of a sequence. */
  async rowsOf(sequenceId: string): Promise<readonly (SequenceRow | EntryRow)[]> {
    const { Items = [] } = await this.documents.send(
      new QueryCommand({
        TableName: this.name('ledger'),
        ConsistentRead: true,
        KeyConditionExpression: 'sequenceId = :sequenceId',
        ExpressionAttributeValues: { ':sequenceId': sequenceId },
      }),
    );
    return Items as (SequenceRow | EntryRow)[];
  }

  /** The debits of an account in pounds. */
  async debits(accountId: string): Promise<unknown> {
    const Key = { id: `BALANCE#${accountId}#GBP` };
    const get = new GetCommand({ TableName: this.name('balances'), Key, ConsistentRead: true });
    return (await this.documents.send(get)).Item?.['debits'];
  }

  /** Everything that the ledger has of a sequence and of its corrections. */
  async booked(sequenceId: string): Promise<readonly (SequenceRow | EntryRow)[]> {
    return (await this.rows()).filter(
      (row) => row.sequenceId === sequenceId || row.correction?.sequenceId === sequenceId,
    );
  }
}
