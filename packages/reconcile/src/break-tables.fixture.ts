import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { reference, synthesizeStacks } from '@payments/infra/testing';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { DynamoDbBreaks } from './adapters/dynamodb-breaks.ts';
import { DynamoDbEvidence } from './adapters/dynamodb-evidence.ts';
import type { Clock, Evidence } from './ports.ts';

const TABLES = ['reconciliation', 'breaks', 'patch-counts', 'evidence', 'passes', 'repetitions'] as const;
type Table = (typeof TABLES)[number];

/** The bus that everything is said on, with the archive that replays come from. */
const BUS = {
  aws_cloudwatch_event_bus: { bus: { name: 'payments-local-platform-bus' } },
  aws_cloudwatch_event_archive: {
    archive: {
      name: 'payments-local-platform-archive',
      event_source_arn: reference('aws_cloudwatch_event_bus.bus.arn'),
      event_pattern: JSON.stringify({ source: [{ prefix: 'payments.' }] }),
      retention_days: 30,
    },
  },
};

/** The tables as this stage's stack and posting's declare them, and the bus, alone. */
function tablesStack(): string {
  const reconcile = synthesizeStacks('reconcile', new URL('./infra.ts', import.meta.url)).in('local');
  const posting = synthesizeStacks('posting', new URL('../../posting/src/infra.ts', import.meta.url));
  const tables = {
    ...Object.fromEntries(TABLES.map((each) => [each, reconcile.resource('aws_dynamodb_table', each)])),
    ledger: posting.in('local').resource('aws_dynamodb_table', 'ledger'),
  };
  const inTheClear = Object.entries(tables).map(([purpose, table]) => {
    const { server_side_encryption: _key, ...rest } = table;
    return [purpose, rest];
  });
  return JSON.stringify({
    terraform: { backend: { local: { path: 'terraform.tfstate' } } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: { aws_dynamodb_table: Object.fromEntries(inTheClear), ...BUS },
  });
}

/** The tables of cases, and what they are made from, in a cloud of their own, for tests. */
export class BreakTables {
  readonly documents: DynamoDBDocumentClient;
  readonly clock: Clock = { now: () => Date.now(), sleep: async () => undefined };
  readonly #cloud: LocalCloud;
  readonly #folder: string;

  private constructor(cloud: LocalCloud, folder: string) {
    this.#cloud = cloud;
    this.#folder = folder;
    this.documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()), {
      marshallOptions: { removeUndefinedValues: true },
    });
  }

  /** What functions in this cloud call AWS with. */
  get client(): ReturnType<LocalCloud['sdkConfiguration']> {
    return this.#cloud.sdkConfiguration();
  }

  static async open(): Promise<BreakTables> {
    const folder = mkdtempSync(join(tmpdir(), 'break-tables-'));
    const path = join(folder, 'cdk.tf.json');
    writeFileSync(path, tablesStack());
    const cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    await cloud.deploy(path);
    return new BreakTables(cloud, folder);
  }

  async close(): Promise<void> {
    await this.#cloud.close();
    rmSync(this.#folder, { recursive: true });
  }

  name(table: Table): string {
    return `payments-local-reconcile-${table}`;
  }

  evidence(): DynamoDbEvidence {
    return new DynamoDbEvidence(this.documents, this.name('evidence'));
  }

  breaks(): DynamoDbBreaks {
    const tables = { breaks: this.name('breaks'), counts: this.name('patch-counts') };
    return new DynamoDbBreaks(this.documents, tables, this.evidence(), this.clock);
  }

  /** What the evidence says, in the order of its numbers. */
  async said(): Promise<readonly Evidence[]> {
    const entries: Evidence[] = [];
    for await (const { content } of this.evidence().read()) entries.push(JSON.parse(content) as Evidence);
    return entries;
  }

  /** Everything in a table. */
  async rows(table: Table): Promise<readonly Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    const TableName = this.name(table);
    for await (const page of paginateScan({ client: this.documents }, { TableName, ConsistentRead: true }))
      rows.push(...(page.Items ?? []));
    return rows;
  }

  /** Writes over a row, as nothing in the pipeline may. */
  async overwrite(table: Table, Item: Record<string, unknown>): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: this.name(table), Item }));
  }
}
