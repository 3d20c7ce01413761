import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { DynamoDbSideStore } from '@payments/reconcile/side-store';
import { bankStatement, postedPurchase } from '../commands/bank-statement.fixture.ts';
import { amountFinding } from '../commands/reconcile-cloud.fixture.ts';
import { runCommand } from '../commands/run-command.ts';
import { removeEndpoint, writeEndpoint } from '../deployment/endpoint-file.ts';
import { type LocalRun, openLocalRun } from '../local-run.ts';
import { stackPath } from '../stack-files.ts';
import { makeBreak, withoutSchedules } from './made-break.fixture.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const MINUTE_MS = 60_000;
const CLOCK = { now: () => Date.now(), sleep: async () => undefined };
const environment = loadEnvironment('local');
const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
let breakId = '';
let run: LocalRun;

/** All stacks on a local cloud that runs, with one case that waits for a second person. */
beforeAll(async () => {
  const stacks = synthesize('local', folder.path);
  // Nothing is to happen to the case but what people decide.
  withoutSchedules(stackPath('reconcile', stacks));
  run = await openLocalRun(environment, { dataDir, fresh: true, stacksDirectory: stacks }, () => undefined);
  writeEndpoint(dataDir, { url: await run.cloud.listen(), pid: process.pid, environment: 'local' });
  breakId = await makeBreak(run, 'proposed', 'PROPOSED');
}, 3 * MINUTE_MS);
afterAll(async () => {
  removeEndpoint(dataDir);
  await run.cloud.close();
  await folder.remove();
});

async function payments(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { print: (line: string) => out.push(line), warn: (line: string) => err.push(line) };
  const status = await runCommand([...args, '--data-dir', dataDir], output);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const decide = (decision: string, by: string) =>
  payments('reconcile', decision, breakId, '--by', by, '--reason', 'agrees with the receipt');

async function evidenceKinds(): Promise<[string, string][]> {
  const { out } = await payments('reconcile', 'show', breakId, '--json');
  const { evidence } = JSON.parse(out) as { evidence: { kind: string; decidedBy: string }[] };
  return evidence.map(({ kind, decidedBy }) => [kind, decidedBy]);
}

describe('a decision of a person', () => {
  it('is taken by the stage: rejected, proposed anew, and approved by somebody else', async () => {
    expect((await decide('reject', 'a.jones')).out).toContain('rejected. It waits for posting-operations.');
    expect((await decide('approve', 'a.jones')).out).toContain(
      'proposed by a.jones. Somebody else approves it',
    );

    const same = await decide('approve', 'a.jones');
    expect(same.status).toBe(1);
    expect(same.err).toBe('Reconcile refuses: a.jones proposed it: somebody else has to approve it.');

    expect(await decide('approve', 'b.smith')).toMatchObject({
      status: 0,
      out: expect.stringContaining('approved by b.smith. It is patched at the next run.'),
    });
    expect(await evidenceKinds()).toEqual([
      ['PROPOSED', 'policy'],
      ['REJECTED', 'a.jones'],
      ['PROPOSED', 'a.jones'],
      ['APPROVED', 'b.smith'],
    ]);
    expect((await payments('reconcile', 'verify')).out).toContain('4 entries');
  });

  it('is refused in one sentence when nothing waits for it', async () => {
    const { status, err } = await decide('reject', 'b.smith');
    expect(status).toBe(1);
    expect(err).toBe('Reconcile refuses: the case is OPEN and waits for nobody.');
  });

  it('names a person without blanks', async () => {
    const { status, err } = await decide('approve', 'b smith');
    expect(status).toBe(1);
    expect(err).toBe('Reconcile refuses: who decides has a name without blanks.');
  });
});

describe('payments reconcile run', () => {
  it('makes a pass by the stage, which opens nothing where nothing differs', async () => {
    const { status, out } = await payments('reconcile', 'run', '--window', '2026-11-20..2026-11-22');
    expect(status).toBe(0);
    expect(out).toContain('Booked from 2026-11-20 to 2026-11-22');
    expect(out).toContain('There was nothing to compare.');
    expect((await payments('reconcile', 'status')).out).toMatch(
      /Last pass +once, under 1 min ago: 0 sequences/,
    );
  });

  it('says which windows there are', async () => {
    const { status, err } = await payments('reconcile', 'run', '--window', 'weekly');
    expect(status).toBe(1);
    expect(err).toContain('there is no window weekly; there is: hourly, end-of-day');
    expect((await payments('reconcile', 'run', '--window', '2026-11-22..2026-11-20')).status).toBe(2);
  });
});

describe('payments reconcile statement --open', () => {
  const DATE = '2026-11-20';
  const purchase = amountFinding('in a statement', '2599', '2599', `${DATE}T10:15:01Z`);
  const statement = async (amount: string) => {
    const path = join(folder.path, `statement-${amount}.xml`);
    writeFileSync(path, bankStatement(purchase.sequenceId ?? '', DATE, amount));
    return (await payments('reconcile', 'statement', path, '--open')).out;
  };

  it('has the stage make a case of what differs, once, and end it when a later statement agrees', async () => {
    const table = resourceName(environment, 'reconcile', 'reconciliation');
    const sides = new DynamoDbSideStore(run.documents, table, { overdueMs: 0, windowMs: 0 }, CLOCK);
    await sides.add([postedPurchase(purchase, DATE)]);
    await sides.settle([{ transactionId: purchase.transactionId, result: 'RECONCILED' }]);
    expect(await statement('26.99')).toContain('Breaks opened 1, ended 0');
    expect(await statement('26.99')).toContain('Breaks opened 0, ended 0');
    expect((await payments('reconcile', 'breaks', '--type', 'AMOUNT_MISMATCH')).out).toContain('1.00 GBP');
    expect(await statement('25.99')).toContain('Breaks opened 0, ended 1');
  });
});

describe('payments reconcile report', () => {
  it('is a page, CSV and JSON in a folder', async () => {
    const out = join(folder.path, 'reports');
    const written = await payments('reconcile', 'report', '2026-11-22', '--out', out);
    expect(written.out.split('\n')).toEqual(
      ['json', 'csv', 'html'].map((format) => join(out, `reconciliation-local-2026-11-22.${format}`)),
    );
    const printed = await payments('reconcile', 'report', '2026-11-22');
    expect(printed.out).toContain('Reconciliation of 2026-11-22, local');
    expect((await payments('reconcile', 'report', '2026-02-30')).status).toBe(2);
    expect((await payments('reconcile', 'report', '2026-11-22', '--format', 'pdf')).status).toBe(2);
  });
});

describe('payments reconcile rebuild', () => {
  it('wants to be told twice', async () => {
    const { status, err } = await payments('reconcile', 'rebuild');
    expect(status).toBe(2);
    expect(err).toContain('say --yes');
  });
});
