import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { LocalCloud } from '@payments/local-cloud';
import type { ReferenceData } from '@payments/schemas';
import { referenceLoad } from './reference-load.ts';
import { runCommand } from './run-command.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url);
const environment = loadEnvironment('local');
const sample = JSON.parse(readFileSync(new URL('reference-data.json', SAMPLE), 'utf8')) as ReferenceData;
const CARD = { token: '9208948425451111', accountId: 'ACC-0001', status: 'ACTIVE' } as const;

let directory: string;

/** The state of a local cloud with the two tables that the command looks for. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'reference-load-'));
  const account = { id: environment.accountId, region: environment.region };
  const cloud = new LocalCloud({ account, dataDirectory: directory, host: 'in-process' });
  const client = new DynamoDBClient(cloud.sdkConfiguration());
  for (const TableName of [
    resourceName(environment, 'ingest', 'authorizations'),
    resourceName(environment, 'enrich', 'reference'),
  ])
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
  await cloud.close();
});

afterEach(() => rmSync(directory, { recursive: true }));

function fileOf(data: object, name = 'reference.json'): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(data));
  return path;
}

async function load(...args: string[]): Promise<{ status: number; text: string }> {
  const lines: string[] = [];
  const output = { print: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const registry = [{ name: referenceLoad.name, load: async () => referenceLoad }];
  const command = ['reference', 'load', ...args, '--data-dir', directory, '--env', 'local'];
  const status = await runCommand(command, output, registry);
  return { status, text: lines.join('\n') };
}

const first = { ...sample, version: 'v1', cards: [CARD] };
const [product, ...products] = sample.products;
const second = { ...first, version: 'v2', products: [{ ...product, fxMarkupBasisPoints: 199 }, ...products] };

describe('payments reference load', () => {
  it('loads a file, and says of the next what it changes', async () => {
    const { status, text } = await load(fileOf(first));
    expect([status, text]).toEqual([0, expect.stringContaining('nothing → v1')]);
    expect(text).toContain('The current version is v1.');

    const plan = await load(fileOf(second), '--dry-run');
    expect(plan.text.split('\n')).toEqual([
      'v1 → v2',
      '',
      'set                 rows before  rows',
      'accounts                      3     3  unchanged',
      'cards                         1     1  unchanged',
      'products                      4     4  changed',
      expect.stringMatching(/^merchantCategories +(\d+) +\1 {2}unchanged$/),
      expect.stringMatching(/^rates +(\d+) +\1 {2}unchanged$/),
      '',
      'Nothing was changed (--dry-run).',
    ]);
    const forMachines = JSON.parse((await load(fileOf(second), '--dry-run', '--json')).text) as object;
    expect(forMachines).toMatchObject({
      versionBefore: 'v1',
      version: 'v2',
      dryRun: true,
      sets: expect.arrayContaining([{ set: 'products', rowsBefore: 4, rows: 4, verdict: 'changed' }]),
    });
    expect((await load(fileOf(second))).text).toContain('v1 → v2');
    expect((await load(fileOf(first))).text).toMatch(/v2 → v1[\s\S]*products +4 +4 {2}as it was before/);
  });

  it('keeps the cards when it is told to, and refuses to forget them when it is not', async () => {
    await load(fileOf(first));
    const withoutCards = fileOf({ ...second, cards: [] });
    expect(await load(withoutCards)).toEqual({
      status: 2,
      text: expect.stringContaining('the current version has 1: say --cards <file> or --keep-cards.'),
    });
    const kept = await load(withoutCards, '--keep-cards');
    expect([kept.status, kept.text]).toEqual([0, expect.stringMatching(/cards +1 +1 {2}unchanged/)]);
  });

  it('refuses kept cards of accounts that the file lacks', async () => {
    await load(fileOf(first));
    const accounts = sample.accounts.filter(({ accountId }) => accountId !== CARD.accountId);
    const { status, text } = await load(fileOf({ ...second, accounts, cards: [] }), '--keep-cards');
    expect([status, text]).toEqual([1, expect.stringContaining('there is no account ACC-0001')]);
  });

  it('asks the vault for nothing in a dry run', async () => {
    await load(fileOf(first));
    // There is no tokenizer here: asking it would fail.
    const { status, text } = await load(
      fileOf({ ...second, cards: [] }),
      '--cards',
      new URL('cards.json', SAMPLE).pathname,
      '--dry-run',
    );
    expect([status, text]).toEqual([0, expect.stringMatching(/cards +1 +3 {2}not compared/)]);
  });

  it('gives cards no tokens where nothing runs', async () => {
    const cards = new URL('cards.json', SAMPLE).pathname;
    const { status, text } = await load(fileOf({ ...first, cards: [] }), '--cards', cards);
    expect([status, text]).toEqual([2, expect.stringContaining('Tokens come from a pipeline that runs')]);
  });

  it('refuses another file under the name of a version that is loaded', async () => {
    await load(fileOf(first));
    const { status, text } = await load(fileOf({ ...second, version: 'v1' }));
    expect([status, text]).toEqual([1, expect.stringContaining('v1 is loaded already, with other products')]);
  });

  it.each([
    ['breaks its contract', { ...first, rates: undefined }, 'the record lacks rates'],
    [
      'has a wrong IBAN',
      { ...first, accounts: [{ ...sample.accounts[0], iban: 'GB88PYMT40120731926847' }] },
      'accounts.0.iban is an IBAN with wrong check digits',
    ],
    [
      'contradicts itself',
      { ...first, products: sample.products.map((each) => ({ ...each, accountSet: 'NONE' })) },
      'product CURRENT_STANDARD: accountSet: there is no set NONE; there is: STANDARD',
    ],
  ])('exits with 1 for a file that %s', async (_what, data, problem) => {
    const { status, text } = await load(fileOf(data));
    expect([status, text]).toEqual([1, expect.stringContaining(problem)]);
  });

  it('says of cards that cannot be read which one, and not its number', async () => {
    const cards = fileOf(
      [{ cardNumber: 123456789012, accountId: 'ACC-0001', status: 'ACTIVE' }],
      'cards.json',
    );
    const { status, text } = await load(fileOf(first), '--cards', cards);
    expect([status, text]).toEqual([1, expect.stringContaining('card 0 lacks cardNumber')]);
    expect(text).not.toContain('123456789012');
  });

  it.each([[[]], [['a.json', 'b.json']], [['a.json', '--cards', 'b.json', '--keep-cards']]])(
    'is misused with %j',
    async (args) => {
      expect((await load(...args)).status).toBe(2);
    },
  );
});
