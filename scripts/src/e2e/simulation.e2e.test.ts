import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const RUN_SEEDS = fileURLToPath(new URL('../simulation/run-seeds.ts', import.meta.url));
const MINUTE_MS = 60_000;
/** Divided over the delivery modes; README, "Simulation", says how to run others. */
const SEEDS = {
  local: ['1-25', '26-50'],
  localmixed: ['151-175', '176-200'],
  localnrt: ['51-75', '76-100'],
  localbatch: ['101-125', '126-150'],
};
const SEEDS_COUNT = 200;
/** Processes that run seeds at once. */
const PROCESSES = 2;
const folder = temporaryFolder();
const stacks = new Map<string, string>();

beforeAll(() => {
  for (const name of Object.keys(SEEDS)) stacks.set(name, synthesize(name, folder.path));
}, 2 * MINUTE_MS);
afterAll(() => folder.remove());

interface SeedsResult {
  readonly seeds: number;
  readonly posted: number;
  readonly failures: readonly string[];
}

/** Runs seeds in a process of its own; gives what it printed. */
async function runSeeds(environment: string, seeds: string): Promise<SeedsResult> {
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
    return JSON.parse(stdout) as SeedsResult;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return JSON.parse(stdout) as SeedsResult;
  }
}

describe('every event delivered twice and in shuffled order, with calls refused and answers lost', () => {
  // Each failure names its seed; README, "Simulation", says how to run one again.
  it(
    'ends with the same ledger and no extra posting, for many seeds over all delivery modes',
    async () => {
      // The long ones come first, so that no process has to wait for the other at the end.
      const jobs = Object.entries(SEEDS).flatMap(([environment, parts]) =>
        parts.map((seeds) => () => runSeeds(environment, seeds)),
      );
      const results: SeedsResult[] = [];
      const work = async (): Promise<void> => {
        for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) results.push(await job());
      };
      await Promise.all(Array.from({ length: PROCESSES }, work));
      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(results.reduce((sum, { seeds }) => sum + seeds, 0)).toBe(SEEDS_COUNT);
      expect(results.every(({ posted }) => posted >= 9)).toBe(true);
    },
    30 * MINUTE_MS,
  );
});
