import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import type { SdkConfiguration } from '@payments/local-cloud';
import { archivedEvents } from '../commands/archived-events.ts';
import { type Connection, openConnection } from '../commands/connection.ts';
import { runningEndpoint } from '../deployment/endpoint-file.ts';
import { runPackageScript } from '../deployment/package-script.fixture.ts';
import { readLedger } from '../ledger-content.ts';
import { type PipelineState, readState } from '../summary.ts';
import { runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';
import { ServingRun } from './serving-run.fixture.ts';

const ENVIRONMENT = 'local';
const LOAD = ['--generate', '600', '--seed', '5'];
const LOOK_MS = 50;
const MINUTE_MS = 60_000;
/** What the stages before posting say: none of it may be missing, whoever is offboarded behind them. */
const SAID_BEFORE_POSTING = [
  'TransactionAuthorized',
  'TransactionStandardized',
  'TransactionEnriched',
  'TransactionPostingApproved',
  'TransactionPostingRejected',
  'PostingEntryCreated',
] as const;

const environment = loadEnvironment(ENVIRONMENT);
const folder = temporaryFolder();
const undisturbedData = join(folder.path, 'undisturbed');
const data = join(folder.path, 'offboarded');

/** The keys of the records that were said, by event. */
type Said = Readonly<Record<string, readonly string[]>>;

describe('offboarding reconcile and posting while load runs, and onboarding them again', () => {
  let stacks: string;
  let undisturbed: PipelineState;
  let starting: Promise<ServingRun> | undefined;

  beforeAll(async () => {
    stacks = synthesize(ENVIRONMENT, join(folder.path, 'stacks'));
    const {
      timing: _,
      output: _output,
      ...state
    } = await runPipeline(ENVIRONMENT, stacks, undisturbedData, ['--fresh', ...LOAD]);
    undisturbed = state;
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    await (await starting?.catch(() => undefined))?.stop();
    await folder.remove();
  });

  /** Runs what `turbo deploy` or `turbo destroy` runs for a stage, on the local cloud that runs. */
  async function change(script: 'deploy' | 'destroy', stage: 'posting' | 'reconcile'): Promise<string> {
    const { status, out, said } = await runPackageScript(script, stage, [], {
      PATH: process.env['PATH'] ?? '',
      PAYMENTS_ENV: ENVIRONMENT,
      PAYMENTS_DATA_DIR: data,
      PAYMENTS_STACKS: stacks,
    });
    expect(said).toBe('');
    expect(status).toBe(0);
    return out;
  }

  async function connected<T>(dataDir: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await openConnection({ dataDir, environment: ENVIRONMENT });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }

  const sequences = (): Promise<number> =>
    connected(data, async ({ documents }) => (await readLedger(environment, documents)).sequences);

  /** Looks until something is so. */
  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await setTimeout(LOOK_MS);
  }

  const saidOf = (dataDir: string): Promise<Said> =>
    connected(dataDir, async (connection) => {
      const keys: Record<string, readonly string[]> = {};
      for (const event of SAID_BEFORE_POSTING) {
        const found = new Set<string>();
        for await (const { detail } of archivedEvents(connection, `"detail-type":"${event}"`)) {
          for (const record of detail.records ?? []) found.add(String(record['idempotencyKey']));
        }
        keys[event] = [...found].sort();
      }
      return keys;
    });

  it(
    'loses nothing, pauses nobody, and comes to the same ledger',
    async () => {
      starting = ServingRun.start(ENVIRONMENT, stacks, data, ['--fresh', ...LOAD]);
      await Promise.race([starting, until(() => runningEndpoint(data) !== undefined)]);
      await until(async () => (await sequences()) > 0);

      const withoutReconcile = await change('destroy', 'reconcile');
      const withoutPosting = await change('destroy', 'posting');
      for (const out of [withoutReconcile, withoutPosting]) {
        expect(out).toContain('Offboarded');
        expect(out).not.toMatch(/destroy {2}aws_dynamodb_table/);
      }
      const bookedWhenGone = await sequences();
      expect(bookedWhenGone).toBeGreaterThan(0);

      // All that was sent is processed, as far as there is somebody who takes it.
      const serving = await starting;
      expect(await sequences()).toBe(bookedWhenGone);
      // How much of the load was left for later depends on the machine.
      expect(bookedWhenGone).toBeLessThanOrEqual(undisturbed.posted);
      expect(await saidOf(data)).toEqual(await saidOf(undisturbedData));

      for (const [stage, printed] of [
        ['posting', withoutPosting],
        ['reconcile', withoutReconcile],
      ] as const) {
        expect(await change('deploy', stage)).not.toContain('aws_dynamodb_table');
        // The command that offboarding has printed.
        const [, from = ''] = /"payments replay --to \S+ --from (\S+) --until now"/.exec(printed) ?? [];
        const args = ['--to', stage, '--from', from, '--until', 'now'];
        const preview = await serving.payments('replay', ...args, '--dry-run', '--json');
        expect(JSON.parse(preview.output)).toMatchObject({ stage, preview: { exact: true } });
        const replayed = await serving.payments('replay', ...args, '--rate', '2000', '--wait');
        expect(replayed).toMatchObject({ status: 0 });
        expect(replayed.output).toContain(`the queue of ${stage} is empty`);
      }

      const state = (): Promise<PipelineState> =>
        connected(data, ({ configuration }) => readState(environment, configuration as SdkConfiguration));
      await until(async () => {
        const { posted, reconciliation } = await state();
        return posted >= undisturbed.posted && reconciliation.matched >= undisturbed.reconciliation.matched;
      });
      expect(await state()).toEqual(undisturbed);
      expect(await saidOf(data)).toEqual(await saidOf(undisturbedData));
    },
    8 * MINUTE_MS,
  );
});
