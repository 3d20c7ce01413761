import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { type Connection, openConnection } from '../commands/connection.ts';
import { runCommand } from '../commands/run-command.ts';
import { transactionEvents } from '../commands/transaction-events.ts';
import { transactionStory } from '../commands/transaction-story.ts';
import { removeEndpoint, writeEndpoint } from '../deployment/endpoint-file.ts';
import { type LocalRun, openLocalRun } from '../local-run.ts';
import { runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const MINUTE_MS = 60_000;
/** Transactions of the sample, which have the same id in every run, as a ledger needs it. */
const FOREIGN = '6f3a6069-d66a-5b88-90d3-ff88854e577d';
const DUPLICATE = 'c869213b-0892-5c62-bc74-ec534c2a029a';
const DECLINED = '347cd7aa-e561-55df-b003-de9e6e89f58c';
const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
let stacks = '';

beforeAll(async () => {
  stacks = synthesize('local', folder.path);
  await runPipeline('local', stacks, dataDir, ['--fresh']);
}, 3 * MINUTE_MS);
afterAll(() => folder.remove());

async function payments(...args: string[]): Promise<{ status: number; printed: string; warned: string }> {
  const printed: string[] = [];
  const warned: string[] = [];
  const output = { print: (line: string) => printed.push(line), warn: (line: string) => warned.push(line) };
  const status = await runCommand([...args, '--data-dir', dataDir], output);
  return { status, printed: printed.join('\n'), warned: warned.join('\n') };
}

describe('payments trace, where no local cloud runs', () => {
  it('shows a transaction from its masked message to its ledger entries', async () => {
    const { status, printed } = await payments('trace', FOREIGN.slice(0, 8));
    expect(status).toBe(0);
    for (const shown of [
      'VISA card ••••1111',
      'the first with its deduplication key',
      'cain.001',
      'COMPLETE · PURCHASE',
      'billed GBP 79.12 · for USD 100.00 · rate 0.7912 (network)',
      'rule foreign-transaction v1',
      'approved by rule set',
      '6 entries made',
      'posted as LEDGER-',
      'control totals: 6 entries · debits GBP 81.96 credits GBP 81.96',
      'in the ledger',
      'Posted, booked and reconciled.',
    ])
      expect(printed).toContain(shown);
    expect(printed).not.toMatch(/undefined|\[object/);
  });

  it('gives the same as JSON, in the order of time, with the id of each event', async () => {
    const { printed } = await payments('trace', FOREIGN, '--json');
    const story = JSON.parse(printed) as Awaited<ReturnType<typeof transactionStory>>;
    const times = story.steps.map(({ at = '' }) => at);
    expect(times).toEqual([...times].sort());
    for (const { eventIds } of story.steps) expect(eventIds[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(story.entries.map(({ number, booked }) => [number, booked])).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => [number, true]),
    );
  });

  it('says what a duplicate is one of, and why a decline is not posted', async () => {
    const duplicate = await payments('trace', DUPLICATE);
    expect(duplicate.printed).toContain('DUPLICATE of transaction 5a7b7509-0e20-5048-b6ae-c8f568f2b57b');
    expect(duplicate.printed).toContain('Parked: it is not posted a second time.');
    expect((await payments('trace', DECLINED)).printed).toContain('Declined by the issuer with response 51');
  });

  it('tells an id that is none, unknown, or the beginning of several', async () => {
    expect(await payments('trace', 'hello')).toMatchObject({
      status: 1,
      warned: expect.stringMatching(/no id/),
    });
    expect(await payments('trace', '00000000-0000-0000-0000-000000000000')).toMatchObject({
      status: 1,
      warned: 'There is no transaction 00000000-0000-0000-0000-000000000000 in local.',
    });
    expect((await payments('trace')).status).toBe(2);
    expect((await payments('trace', FOREIGN, '--env', 'localbatch')).warned).toContain('say --env local');
  });

  it('finds the transaction that was logged last', async () => {
    expect((await payments('trace', '--last')).printed).toMatch(/^Transaction [0-9a-f-]{36}/);
  });
});

describe('payments trace, where a local cloud runs', () => {
  let run: LocalRun;
  let connection: Connection;

  beforeAll(async () => {
    const environment = loadEnvironment('local');
    run = await openLocalRun(
      environment,
      { dataDir, fresh: false, stacksDirectory: stacks },
      () => undefined,
    );
    writeEndpoint(dataDir, { url: await run.cloud.listen(), pid: process.pid, environment: 'local' });
    connection = await openConnection({ dataDir });
  }, MINUTE_MS);
  afterAll(async () => {
    removeEndpoint(dataDir);
    await connection.close();
    await run.cloud.close();
  });

  it('tells the same of it', async () => {
    expect(connection.kind).toBe('running');
    const { events } = await transactionEvents(connection, FOREIGN);
    expect(events.map(({ name }) => name)).toContain('TransactionReconciled');
    const story = await transactionStory(connection, FOREIGN);
    expect(story.end).toBe('Posted, booked and reconciled.');
  });

  it('tells what the tables hold where an archive cannot be read', async () => {
    const story = await transactionStory({ ...connection, kind: 'aws' }, FOREIGN);
    expect(story.source).toBe('tables');
    expect(story.steps.map(({ event }) => event)).toEqual([
      'TransactionAuthorized',
      'TransactionPostingApproved',
      'PostingEntryCreated',
      'TransactionPosted',
      'TransactionReconciled',
    ]);
    expect(story.entries).toHaveLength(6);
    expect(JSON.stringify(story)).not.toContain('undefined');
  });
});
