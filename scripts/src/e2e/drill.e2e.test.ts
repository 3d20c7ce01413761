import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAMAGES } from '../drill/damages.ts';
import type { DrillReport } from '../drill/drill.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const PAYMENTS = fileURLToPath(new URL('../payments.ts', import.meta.url));
const RUN_DRILL_SEEDS = fileURLToPath(new URL('../drill/run-drill-seeds.ts', import.meta.url));
const MINUTE_MS = 60_000;
/** The load of the drill that stands for all. */
const TRANSACTIONS = 5_000;
/** Divided over packing of one record an event and of many; a run is cheaper where events carry many. */
const SEEDS = { local: '1-20', localbatch: '21-50' };
const SEEDS_COUNT = 50;
/** A report of a drill is longer than what a child process may print by default. */
const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

const folder = temporaryFolder();
const stacks = new Map<string, string>();

/** Runs a script in a process of its own; gives what it printed as JSON, whatever its status. */
async function run<Printed>(script: string, environment: string, args: readonly string[]): Promise<Printed> {
  const all = [
    '--disable-warning=ExperimentalWarning',
    script,
    ...args,
    '--stacks',
    stacks.get(environment) ?? '',
  ];
  const printed = await promisify(execFile)(process.execPath, all, {
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: OUTPUT_MAX_BYTES,
  }).catch((error: { readonly stdout?: string }) => {
    if (error.stdout === undefined || error.stdout === '') throw error;
    return { stdout: error.stdout };
  });
  return JSON.parse(printed.stdout) as Printed;
}

describe('a drill', () => {
  beforeAll(() => {
    for (const name of Object.keys(SEEDS)) stacks.set(name, synthesize(name, folder.path));
  }, 2 * MINUTE_MS);
  afterAll(() => folder.remove());

  it(
    `finds all damage to ${TRANSACTIONS} transactions, patches what policy lets it, and raises no false alarm`,
    async () => {
      const args = ['drill', 'reconcile', '--transactions', String(TRANSACTIONS), '--json'];
      args.push('--data-dir', join(folder.path, 'whole'));
      const report = await run<DrillReport>(PAYMENTS, 'local', args);
      expect(report.problems).toEqual([]);
      expect(report.falseAlarms).toBe(0);
      expect(report.damages.map(({ damage }) => damage)).toEqual(DAMAGES.map(({ name }) => name));
      for (const { damage, planted, patched, approved, parked, ledgerEqual } of report.damages) {
        expect({
          damage,
          isPlanted: planted > 0,
          isFound: patched + approved + parked >= planted,
          ledgerEqual,
        }).toEqual({
          damage,
          isPlanted: true,
          isFound: true,
          ledgerEqual: true,
        });
      }
    },
    15 * MINUTE_MS,
  );

  // Each failure names its seed; run-drill-seeds.ts says how to run one again.
  it(
    'holds for seeds of random damage, with every event twice and in shuffled order, calls refused, answers lost',
    async () => {
      const results = await Promise.all(
        Object.entries(SEEDS).map(([environment, seeds]) =>
          run<{ seeds: number; planted: number; cases: number; failures: string[] }>(
            RUN_DRILL_SEEDS,
            environment,
            ['--environment', environment, '--seeds', seeds],
          ),
        ),
      );
      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(results.reduce((sum, { seeds }) => sum + seeds, 0)).toBe(SEEDS_COUNT);
      expect(results.every(({ planted }) => planted >= 100)).toBe(true);
    },
    30 * MINUTE_MS,
  );
});
