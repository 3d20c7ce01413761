import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const RUN_SEEDS = fileURLToPath(new URL('../simulation/run-seeds.ts', import.meta.url));
const MINUTE_MS = 60_000;
/** Divided over the delivery modes; README, "Simulation", says how to run others. */
const SEEDS = { local: '1-25', localnrt: '51-75', localbatch: '101-125', localmixed: '151-175' };
const SEEDS_COUNT = 100;
const folder = temporaryFolder();
const stacks = new Map<string, string>();

beforeAll(() => {
  for (const name of Object.keys(SEEDS)) stacks.set(name, synthesize(name, folder.path));
}, 2 * MINUTE_MS);
afterAll(() => folder.remove());

/** Runs seeds in a process of its own; gives what it printed. */
async function runSeeds(environment: string, seeds: string) {
  const args = ['--disable-warning=ExperimentalWarning', RUN_SEEDS];
  args.push(
    '--environment',
    environment,
    '--stacks',
    stacks.get(environment) ?? '',
    '--seeds',
    seeds,
    '--generate',
    '1',
  );
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return JSON.parse(stdout) as { seeds: number; posted: number; failures: string[] };
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return JSON.parse(stdout) as { seeds: number; posted: number; failures: string[] };
  }
}

describe('every event delivered twice and in shuffled order, with calls refused and answers lost', () => {
  // Each failure names its seed; README, "Simulation", says how to run one again.
  it(
    'ends with the same ledger and no extra posting, for many seeds over all delivery modes',
    async () => {
      const results = [];
      for (const pair of [
        ['local', 'localbatch'],
        ['localnrt', 'localmixed'],
      ] as const) {
        results.push(
          ...(await Promise.all(pair.map((environment) => runSeeds(environment, SEEDS[environment])))),
        );
      }
      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(results.reduce((sum, { seeds }) => sum + seeds, 0)).toBe(SEEDS_COUNT);
      expect(results.every(({ posted }) => posted >= 9)).toBe(true);
    },
    30 * MINUTE_MS,
  );
});
