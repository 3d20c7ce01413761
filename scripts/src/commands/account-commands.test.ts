import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { LocalCloud } from '@payments/local-cloud';
import { balance } from './balance.ts';
import { runCommand } from './run-command.ts';
import { statement } from './statement.ts';

const environment = loadEnvironment('local');
const LEDGER = resourceName(environment, 'posting', 'ledger');
const BALANCES = resourceName(environment, 'posting', 'balances');
const directory = mkdtempSync(join(tmpdir(), 'account-commands-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What moves on two accounts: day, time, minor units, and whether the customer is debited. */
const MOVES: readonly (readonly [string, string, bigint, boolean])[] = [
  ['2026-11-14', '10:00:00', 7912n, true],
  ['2026-11-15', '11:00:00', 2599n, true],
  ['2026-11-15', '09:00:00', 1500n, false],
  ['2026-11-16', '09:00:00', 1n, true],
];

const attribute = (AttributeName: string, AttributeType: 'S' | 'N' = 'S') => ({
  AttributeName,
  AttributeType,
});
const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });

/** The state of a local cloud with the tables that the commands read. */
beforeAll(async () => {
  const account = { id: environment.accountId, region: environment.region };
  const cloud = new LocalCloud({ account, dataDirectory: directory, host: 'in-process' });
  const client = new DynamoDBClient(cloud.sdkConfiguration());
  for (const TableName of [BALANCES, resourceName(environment, 'ingest', 'authorizations')])
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [attribute('id')],
        KeySchema: [key('id', 'HASH')],
      }),
    );
  await client.send(
    new CreateTableCommand({
      TableName: LEDGER,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['sequenceId', 'position', 'customerAccountId', 'bookedOrder'].map((name) =>
        attribute(name),
      ),
      KeySchema: [key('sequenceId', 'HASH'), key('position', 'RANGE')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'statement',
          KeySchema: [key('customerAccountId', 'HASH'), key('bookedOrder', 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const documents = DynamoDBDocumentClient.from(client);
  for (const [index, [date, time, minorUnits, debited]] of MOVES.entries()) {
    const sequenceId = `${index}0000000-0000-5000-8000-000000000000`;
    for (const [number, accountId, direction] of [
      [1, 'ACC-1', debited ? 'DEBIT' : 'CREDIT'],
      [2, 'GL-SUSP', debited ? 'CREDIT' : 'DEBIT'],
    ] as const) {
      const isCustomers = accountId === 'ACC-1';
      const Item = {
        sequenceId,
        position: `ENTRY#0${number}`,
        transactionId: `${index}1111111-0000-5000-8000-000000000000`,
        ...(isCustomers
          ? { customerAccountId: accountId, bookedOrder: `${date}#${date}T${time}Z#${sequenceId}#0${number}` }
          : {}),
        sequence: { id: sequenceId, number, count: 2 },
        account: { role: isCustomers ? 'CUST' : 'SUSP', accountId, currency: 'GBP', branch: 'LON01' },
        direction,
        amount: { minorUnits: String(minorUnits), currency: 'GBP' },
        eventCode: 'CARDPUR',
        bookingDate: date,
        valueDate: date,
        narrative: `CARD PURCHASE ${index}`,
        reversal: false,
      };
      await documents.send(new PutCommand({ TableName: LEDGER, Item }));
    }
  }
  const rows = [
    { accountId: 'ACC-1', role: 'CUST', debits: 10_512n, credits: 1500n, entries: 4 },
    // Behind by the last move.
    { accountId: 'GL-SUSP', role: 'SUSP', debits: 1500n, credits: 10_511n, entries: 3 },
  ];
  for (const row of rows)
    await documents.send(
      new PutCommand({
        TableName: BALANCES,
        Item: { id: `BALANCE#${row.accountId}#GBP`, currency: 'GBP', ...row },
      }),
    );
  await cloud.close();
});

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { print: (line: string) => out.push(line), warn: (line: string) => err.push(line) };
  const registry = [balance, statement].map((command) => ({ name: command.name, load: async () => command }));
  const status = await runCommand([...args, '--data-dir', directory, '--env', 'local'], output, registry);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('payments balance', () => {
  it('says what was debited and credited', async () => {
    const { status, out } = await run('balance', 'ACC-1');
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual([
      'ACC-1  CUST',
      '',
      'currency  debits  credits       net  entries',
      'GBP       105.12    15.00  90.12 Dr        4',
    ]);
  });

  it('agrees with the ledger, or says what the ledger says', async () => {
    expect(await run('balance', 'ACC-1', '--verify')).toMatchObject({
      status: 0,
      err: 'The ledger says the same.',
    });
    expect(await run('balance', 'GL-SUSP', '--verify')).toMatchObject({
      status: 1,
      err: 'The ledger says otherwise: GBP 15.00 debited, 105.12 credited, 4 entries. Balances may be some moments behind.',
    });
  });

  it('is JSON when it is asked for, in one currency when one is named', async () => {
    expect(JSON.parse((await run('balance', 'ACC-1', '--json', '--currency', 'GBP')).out)).toEqual({
      accountId: 'ACC-1',
      balances: [
        { currency: 'GBP', role: 'CUST', debits: '10512', credits: '1500', net: '-9012', entries: 4 },
      ],
    });
    expect(await run('balance', 'ACC-1', '--currency', 'USD')).toMatchObject({
      status: 1,
      err: 'Nothing is booked on ACC-1.',
    });
  });

  it('wants one account', async () => {
    expect(await run('balance')).toMatchObject({ status: 2 });
  });
});

describe('payments statement', () => {
  it('lists the entries as they were booked, with the balance after each', async () => {
    const { status, out } = await run('statement', 'ACC-1');
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual([
      'ACC-1  GBP  opening balance 0.00',
      '',
      'booked      value       description        amount   balance  reference   transaction',
      '2026-11-14  2026-11-14  CARD PURCHASE 0  79.12 Dr  79.12 Dr  00000000/1  01111111',
      '2026-11-15  2026-11-15  CARD PURCHASE 2  15.00 Cr  64.12 Dr  20000000/1  21111111',
      '2026-11-15  2026-11-15  CARD PURCHASE 1  25.99 Dr  90.11 Dr  10000000/1  11111111',
      '2026-11-16  2026-11-16  CARD PURCHASE 3   0.01 Dr  90.12 Dr  30000000/1  31111111',
      '',
      'closing balance 90.12 Dr, 4 entries',
      '',
    ]);
  });

  it('opens with what was booked before, and closes with the last day asked for', async () => {
    const { out } = await run('statement', 'ACC-1', '--from', '2026-11-15', '--to', '2026-11-15', '--json');
    const { statements } = JSON.parse(out) as {
      statements: { opening: string; closing: string; lines: { amount: string; balance: string }[] }[];
    };
    expect(statements).toMatchObject([
      {
        currency: 'GBP',
        opening: '-7912',
        closing: '-9011',
        lines: [
          { amount: '1500', balance: '-6412', transactionId: '21111111-0000-5000-8000-000000000000' },
          { amount: '-2599', balance: '-9011', narrative: 'CARD PURCHASE 1' },
        ],
      },
    ]);
  });

  it('reads the whole ledger for an account of the bank when it is told to, and only then', async () => {
    const refused = await run('statement', 'GL-SUSP');
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('GL-SUSP is an account of the bank’s own (SUSP)'.replace('’', "'"));
    const { status, out } = await run('statement', 'GL-SUSP', '--scan');
    expect(status).toBe(0);
    expect(out).toContain('closing balance 90.12 Cr, 4 entries');
  });

  it('says that nothing is booked on an account', async () => {
    expect(await run('statement', 'ACC-9')).toMatchObject({ status: 1, err: 'Nothing is booked on ACC-9.' });
  });

  it('wants dates as dates', async () => {
    expect(await run('statement', 'ACC-1', '--from', '15.11.2026')).toMatchObject({ status: 2 });
  });
});
