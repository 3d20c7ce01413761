import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OWNER_ACCESS_KEY } from '@payments/local-cloud';
import { ROOT } from '../stack-files.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';
import { contentOf, type EndedCommand, RepositoryCopy } from './repository-copy.fixture.ts';
import { ServingRun } from './serving-run.fixture.ts';

const SAMPLE = fileURLToPath(new URL('../../../sample/authorizations.jsonl', import.meta.url));
/**
 * How many lines of the sample have come before the subscriber is there, before it is edited, and at last; and how many
 * transactions are booked of so many lines: of the others, one is declined and one is a duplicate.
 */
const BEFORE = { lines: 4, booked: 3 };
const BEFORE_EDIT = { lines: 8, booked: 7 };
const ALL = { lines: 13, booked: 11 };
const NAME = 'scaffold-sample';
const PACKAGE = `--filter=@payments/${NAME}`;
const ALERTS = `payments-local-${NAME}-alerts`;
const MINUTE_MS = 60_000;
/** A busy machine installs and builds slowly, and that is no failure. */
const SLOW_MS = 5 * MINUTE_MS;
const LOOK_MS = 50;

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const local = { PAYMENTS_ENV: 'local', PAYMENTS_DATA_DIR: dataDir };
const lines = readFileSync(SAMPLE, 'utf8').trim().split('\n');
let copy: RepositoryCopy;
let run: ServingRun;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  copy = RepositoryCopy.make();
  const stacks = synthesize('local', folder.path);
  run = await ServingRun.start('local', stacks, dataDir, ['--fresh', '--file', linesFile(0, BEFORE.lines)]);
  documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: run.url, region: 'eu-west-2', credentials: OWNER_ACCESS_KEY }),
  );
}, SLOW_MS);
afterAll(async () => {
  await run?.stop();
  copy?.remove();
  await folder.remove();
});

/** A file with some lines of the sample. */
function linesFile(from: number, to: number): string {
  const path = join(folder.path, `lines-${from}-${to}.jsonl`);
  writeFileSync(path, `${lines.slice(from, to).join('\n')}\n`);
  return path;
}

async function itemsOf(table: string): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client: documents }, { TableName: table }))
    items.push(...(page.Items ?? []));
  return items;
}

/** The transactions that the ledger has booked. */
async function bookedTransactions(): Promise<readonly string[]> {
  const rows = await itemsOf('payments-local-posting-ledger');
  return [...new Set(rows.map(({ transactionId }) => String(transactionId)))].sort();
}

const alerted = async (): Promise<readonly string[]> =>
  (await itemsOf(ALERTS)).map(({ transactionId }) => String(transactionId)).sort();

/** Sends lines of the sample, and waits until they are booked and the subscriber has told of them. */
async function ingest(from: typeof BEFORE, to: typeof BEFORE): Promise<void> {
  const sent = await run.payments('ingest', 'file', linesFile(from.lines, to.lines));
  expect(sent).toMatchObject({ status: 0 });
  await until(async () => (await bookedTransactions()).length >= to.booked);
  await until(async () => (await itemsOf(ALERTS)).length >= to.booked - BEFORE.booked);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MINUTE_MS;
  while (!(await isSo()) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

const succeeded = ({ status, output }: EndedCommand): string => {
  if (status !== 0) throw new Error(`ended with ${status}:\n${output}`);
  return output;
};

describe('a subscriber made by one command, in a copy of this repository', () => {
  let before: Readonly<Record<string, string>>;

  it(
    'is listed and not written in a dry run',
    async () => {
      for (const folderName of ['schemas', 'scripts'])
        succeeded(await copy.run(['pnpm', '-C', folderName, 'run', 'generate']));
      before = contentOf(copy.path);
      const output = succeeded(
        await copy.run(['pnpm', 'new:subscriber', NAME, '--event', 'TransactionPosted', '--dry-run']),
      );
      expect(output).toContain(`  create  packages/${NAME}/src/choose-alert.ts\n`);
      expect(output).toContain('Nothing is written');
      expect(contentOf(copy.path)).toEqual(before);
    },
    SLOW_MS,
  );

  it(
    'is refused for an event that there is not, and nothing is written',
    async () => {
      const { status, output } = await copy.run([
        'pnpm',
        'new:subscriber',
        NAME,
        '--event',
        'TransactionPostd',
      ]);
      expect(status).not.toBe(0);
      expect(output).toContain('There is no event "TransactionPostd"; is TransactionPosted meant?');
      expect(contentOf(copy.path)).toEqual(before);
    },
    SLOW_MS,
  );

  it(
    'passes format and lint, import rules, types, synthesis and its own tests at once',
    async () => {
      succeeded(await copy.run(['pnpm', 'new:subscriber', NAME, '--event', 'TransactionPosted']));
      const made = contentOf(copy.path);
      const edited = Object.keys(before).filter((path) => made[path] !== before[path]);
      expect(Object.keys(before).filter((path) => made[path] === undefined)).toEqual([]);
      // No code of another package, and no file of another package but the list of stages.
      expect(edited.filter((path) => path.startsWith('packages/'))).toEqual([]);
      expect(edited.filter((path) => path.endsWith('.ts'))).toEqual(['schemas/src/stage-declaration.ts']);
      const changed = Object.keys(made).filter(
        (path) => made[path] !== before[path] && !path.endsWith('.md'),
      );
      const checked = changed.filter((path) => /\.(ts|mjs|json)$/.test(path));
      succeeded(await copy.run(['biome', 'ci', ...checked]));
      succeeded(await copy.run(['depcruise', '--config', '.dependency-cruiser.cjs', `packages/${NAME}`]));
      const output = succeeded(
        await copy.run(['turbo', 'run', 'typecheck', 'synth', 'test', PACKAGE, '--output-logs=full'], local),
      );
      expect(output).toMatch(/Test Suites: 3 passed, 3 total/);
    },
    SLOW_MS,
  );

  it(
    'is refused a second time, and overwrites nothing',
    async () => {
      const made = contentOf(copy.path);
      const { status, output } = await copy.run([
        'pnpm',
        'new:subscriber',
        NAME,
        '--event',
        'TransactionPosted',
      ]);
      expect(status).not.toBe(0);
      expect(output).toContain(`packages/${NAME} exists; nothing is overwritten`);
      expect(contentOf(copy.path)).toEqual(made);
    },
    SLOW_MS,
  );

  it(
    'is deployed into the cloud that runs, and hears what is posted from then on',
    async () => {
      await until(async () => (await bookedTransactions()).length >= BEFORE.booked);
      const bookedBefore = await bookedTransactions();
      const output = succeeded(await copy.run(['turbo', 'run', 'deploy', PACKAGE], local));
      expect(output).toMatch(
        new RegExp(`Deployed ${NAME}, environment local: \\d+ added, 0 changed, 0 destroyed`),
      );
      await ingest(BEFORE, BEFORE_EDIT);
      const booked = await bookedTransactions();
      expect(booked).toHaveLength(BEFORE_EDIT.booked);
      expect(await alerted()).toEqual(booked.filter((id) => !bookedBefore.includes(id)));
      expect((await itemsOf(ALERTS)).map(({ text }) => text)).toContain(
        'TransactionPosted: a VISA transaction',
      );
    },
    SLOW_MS,
  );

  it(
    'says something else after one file is edited and it is deployed again',
    async () => {
      const toldBefore = await alerted();
      const decision = join(copy.path, 'packages', NAME, 'src/choose-alert.ts');
      const text = readFileSync(decision, 'utf8');
      const edited = text.replace(/return `.*`;/, "return record.bookingDate + ' ' + event;");
      expect(edited).not.toBe(text);
      writeFileSync(decision, edited);
      const output = succeeded(await copy.run(['turbo', 'run', 'deploy', PACKAGE], local));
      expect(output).toMatch(
        /Deployed scaffold-sample, environment local: 0 added, \d+ changed, 0 destroyed/,
      );
      await ingest(BEFORE_EDIT, ALL);
      const after = (await itemsOf(ALERTS)).filter(
        ({ transactionId }) => !toldBefore.includes(String(transactionId)),
      );
      expect(after).toHaveLength(ALL.booked - BEFORE_EDIT.booked);
      for (const alert of after) expect(alert['text']).toMatch(/^\d{4}-\d\d-\d\d TransactionPosted$/);
    },
    SLOW_MS,
  );

  it(
    'is offboarded with its data when that is told twice, and taken back without a trace',
    async () => {
      succeeded(
        await copy.run(['turbo', 'run', 'destroy', PACKAGE, '--', '--drop-data'], {
          ...local,
          PAYMENTS_DROP_DATA: 'local',
        }),
      );
      await expect(documents.send(new DescribeTableCommand({ TableName: ALERTS }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
      const { status, output } = await copy.run(['pnpm', 'new:subscriber', 'posting', '--remove']);
      expect([status === 0, output]).toEqual([
        false,
        expect.stringContaining('posting is not removed: reconcile'),
      ]);
      succeeded(await copy.run(['pnpm', 'new:subscriber', NAME, '--remove']));
      expect(contentOf(copy.path)).toEqual(before);
      expect(existsSync(join(copy.path, 'packages', NAME))).toBe(false);
      // The copy alone was changed.
      expect(existsSync(join(ROOT, 'packages', NAME))).toBe(false);
    },
    SLOW_MS,
  );
});

describe('an event made by one command', () => {
  it(
    'has a contract that the contract tests accept, and a stage that may emit it',
    async () => {
      succeeded(await copy.run(['pnpm', 'new:subscriber', NAME, '--event', 'TransactionPosted']));
      succeeded(await copy.run(['pnpm', 'new:event', 'AlertRaised', '--emitted-by', NAME]));
      const schemas = await copy.run([
        'pnpm',
        '-C',
        'schemas',
        'run',
        'test',
        'src/contracts.test',
        'src/schema-rules',
        'src/generated',
      ]);
      expect(succeeded(schemas)).toContain('3 passed, 3 total');
      const output = succeeded(
        await copy.run(['turbo', 'run', 'typecheck', 'test', PACKAGE, '--output-logs=full'], local),
      );
      expect(output).toMatch(/Test Suites: 3 passed, 3 total/);
    },
    SLOW_MS,
  );
});
