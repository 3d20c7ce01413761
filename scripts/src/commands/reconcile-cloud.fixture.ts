import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { identifierOf } from '@payments/domain';
import { loadEnvironment } from '@payments/infra/environment';
import { type Owner, resourceName } from '@payments/infra/names';
import { LocalCloud } from '@payments/local-cloud';
import type { Finding } from '@payments/reconcile/break';
import { DynamoDbBreaks } from '@payments/reconcile/dynamodb-breaks';
import { DynamoDbEvidence } from '@payments/reconcile/dynamodb-evidence';
import { DynamoDbSideStore } from '@payments/reconcile/side-store';
import type { PostedEntry } from '@payments/schemas';
import { runCommand } from './run-command.ts';

export const environment = loadEnvironment('local');

type Key = readonly [name: string, type: 'S' | 'N'];

/** A table that commands read, with its keys. */
interface TableKeys {
  readonly owner: Owner;
  readonly purpose: string;
  readonly keys: readonly Key[];
  readonly indexes?: readonly { readonly name: string; readonly keys: readonly Key[] }[];
}

/** As the stages' own stacks make them (`packages/reconcile/src/infra.ts`, `packages/posting/src/infra.ts`). */
const TABLES: readonly TableKeys[] = [
  { owner: 'ingest', purpose: 'authorizations', keys: [['transactionId', 'S']] },
  {
    owner: 'reconcile',
    purpose: 'reconciliation',
    keys: [['transactionId', 'S']],
    indexes: [
      {
        name: 'due',
        keys: [
          ['due', 'S'],
          ['dueAt', 'N'],
        ],
      },
    ],
  },
  {
    owner: 'reconcile',
    purpose: 'breaks',
    keys: [['breakId', 'S']],
    indexes: [
      {
        name: 'state',
        keys: [
          ['openState', 'S'],
          ['openedAt', 'S'],
        ],
      },
      {
        name: 'business-date',
        keys: [
          ['businessDate', 'S'],
          ['openedAt', 'S'],
        ],
      },
    ],
  },
  { owner: 'reconcile', purpose: 'patch-counts', keys: [['id', 'S']] },
  {
    owner: 'reconcile',
    purpose: 'evidence',
    keys: [
      ['chain', 'S'],
      ['number', 'S'],
    ],
    indexes: [
      {
        name: 'break',
        keys: [
          ['breakId', 'S'],
          ['number', 'S'],
        ],
      },
    ],
  },
  {
    owner: 'reconcile',
    purpose: 'passes',
    keys: [
      ['businessDate', 'S'],
      ['ranAt', 'S'],
    ],
  },
  {
    owner: 'posting',
    purpose: 'ledger',
    keys: [
      ['sequenceId', 'S'],
      ['position', 'S'],
    ],
  },
];

/** The stage's own stores on the state of a local cloud. */
export interface ReconcileStores {
  readonly documents: DynamoDBDocumentClient;
  readonly sides: DynamoDbSideStore;
  readonly breaks: DynamoDbBreaks;
}

/** The state of a local cloud at rest, with the tables that the commands of reconciliation read. */
export class ReconcileCloud {
  readonly directory = mkdtempSync(join(tmpdir(), 'reconcile-commands-'));

  /** Opens the state, makes the tables where there are none, and closes it again: a command opens it for itself. */
  async fill(make: (stores: ReconcileStores) => Promise<void>, { tables = false } = {}): Promise<void> {
    const account = { id: environment.accountId, region: environment.region };
    const cloud = new LocalCloud({ account, dataDirectory: this.directory, host: 'in-process' });
    try {
      const client = new DynamoDBClient(cloud.sdkConfiguration());
      if (tables) for (const each of TABLES) await createTable(client, each);
      const documents = DynamoDBDocumentClient.from(client, {
        marshallOptions: { removeUndefinedValues: true },
      });
      const named = (purpose: string): string => resourceName(environment, 'reconcile', purpose);
      const clock = { now: () => Date.now(), sleep: async () => undefined };
      const patience = { overdueMs: 60_000, windowMs: 0 };
      await make({
        documents,
        sides: new DynamoDbSideStore(documents, named('reconciliation'), patience, clock),
        breaks: new DynamoDbBreaks(
          documents,
          { breaks: named('breaks'), counts: named('patch-counts') },
          new DynamoDbEvidence(documents, named('evidence')),
          clock,
        ),
      });
    } finally {
      await cloud.close();
    }
  }

  /** Runs `payments <arguments>` on this state. */
  async payments(...args: string[]): Promise<{ status: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const output = { print: (line: string) => out.push(line), warn: (line: string) => err.push(line) };
    const status = await runCommand([...args, '--data-dir', this.directory, '--env', 'local'], output);
    return { status, out: out.join('\n'), err: err.join('\n') };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

async function createTable(
  client: DynamoDBClient,
  { owner, purpose, keys, indexes = [] }: TableKeys,
): Promise<void> {
  const schemaOf = (all: readonly Key[]) =>
    all.map(([AttributeName], at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }) as const);
  const attributes = new Map([...keys, ...indexes.flatMap((index) => index.keys)]);
  await client.send(
    new CreateTableCommand({
      TableName: resourceName(environment, owner, purpose),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: schemaOf(keys),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: schemaOf(index.keys),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    }),
  );
}

/** The entries of a purchase in pounds: debited to the customer, credited to the scheme's suspense account. */
export function purchaseEntries(minorUnits: string): readonly PostedEntry[] {
  const common = {
    branch: 'LON01',
    minorUnits,
    currency: 'GBP',
    amountTag: 'PRINCIPAL',
    eventCode: 'CARDPUR',
  } as const;
  return [
    { number: 1, role: 'CUST', accountId: 'ACC-0001', direction: 'DEBIT', ...common },
    { number: 2, role: 'SUSP', accountId: 'GL-SUSP-VISA-GBP', direction: 'CREDIT', ...common },
  ];
}

/** A purchase that is booked with another amount than it was posted with. */
export function amountFinding(name: string, posted: string, booked: string, loggedAt: string): Finding {
  const transactionId = identifierOf('transaction', name);
  const sequenceId = identifierOf('sequence', name);
  const bookingDate = loggedAt.slice(0, 'YYYY-MM-DD'.length);
  return {
    transactionId,
    scheme: 'VISA',
    loggedAt,
    lifecycleId: `VISA.${name}`,
    type: 'AMOUNT_MISMATCH',
    explanation: 'entry 1 was posted with another amount than it is booked with',
    sequenceId,
    atRisk: { minorUnits: String(Math.abs(Number(booked) - Number(posted))), currency: 'GBP' },
    sides: {
      authorized: { amount: { minorUnits: posted, currency: 'GBP' } },
      posted: purchaseEntries(posted),
      booked: purchaseEntries(posted).map((entry) => ({
        rowId: `${sequenceId}/ENTRY#0${entry.number}`,
        sequenceId,
        number: entry.number,
        accountId: entry.accountId,
        direction: entry.direction,
        minorUnits: entry.number === 1 ? booked : entry.minorUnits,
        currency: entry.currency,
        bookingDate,
        valueDate: bookingDate,
      })),
    },
    lastGood: { event: 'TransactionPosted', producedAt: loggedAt },
  };
}
