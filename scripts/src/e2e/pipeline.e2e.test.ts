import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PipelineRun, runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const BAD_LINES = fileURLToPath(new URL('../../../sample/bad-lines.jsonl', import.meta.url));
const MINUTE_MS = 60_000;
const folder = temporaryFolder();
const stacks = new Map<string, string>();

beforeAll(() => {
  for (const name of ['local', 'localnrt', 'localbatch']) stacks.set(name, synthesize(name, folder.path));
}, 2 * MINUTE_MS);
afterAll(() => folder.remove());

const stacksOf = (environment: string): string => stacks.get(environment) ?? '';

/** Every authorization comes to one end, and the ledger balances. */
function expectConsistent(summary: Awaited<ReturnType<typeof runPipeline>>): void {
  const { authorizations, duplicatesParked, quarantined, rules, unposted, posted, postingFailed } = summary;
  expect(authorizations.read).toBe(
    authorizations.unreadable +
      authorizations.declined +
      duplicatesParked +
      quarantined +
      rules.rejected +
      unposted.held +
      unposted.ended +
      unposted.waiting +
      posted +
      postingFailed,
  );
  for (const { debits, credits } of summary.ledger) expect(debits).toBe(credits);
  expect(summary.reconciliation).toEqual({ matched: posted, mismatches: 0, patched: 0 });
}

describe('the pipeline on the local cloud', () => {
  it.each(['local', 'localnrt', 'localbatch'])(
    'posts the sample authorizations in environment %s',
    async (environment) => {
      const summary = await runPipeline(
        environment,
        stacksOf(environment),
        join(folder.path, `sample-${environment}`),
        ['--fresh'],
      );
      expect(summary).toMatchObject({
        authorizations: { read: 13, unreadable: 0, declined: 1, logged: 12 },
        duplicatesParked: 1,
        quarantined: 0,
        rules: { approved: 11, rejected: 0 },
        entries: 41,
        posted: 11,
        postingFailed: 0,
        ledger: [{ currency: 'GBP', debits: '58252', credits: '58252' }],
      });
      expectConsistent(summary);
    },
    MINUTE_MS,
  );

  it(
    'comes to the same ledger in every mode',
    async () => {
      const options = ['--fresh', '--generate', '300', '--seed', '3'];
      const digests = new Set<string>();
      for (const environment of ['local', 'localnrt', 'localbatch']) {
        const summary = await runPipeline(
          environment,
          stacksOf(environment),
          join(folder.path, `same-${environment}`),
          options,
        );
        expectConsistent(summary);
        digests.add(summary.ledgerDigest);
      }
      expect(digests.size).toBe(1);
    },
    3 * MINUTE_MS,
  );

  it(
    'reports lines that cannot be read by number and reason, and posts the rest',
    async () => {
      const summary = await runPipeline('local', stacksOf('local'), join(folder.path, 'bad'), [
        '--fresh',
        '--file',
        BAD_LINES,
      ]);
      expect(summary.authorizations).toEqual({ read: 6, unreadable: 4, declined: 0, logged: 2 });
      expect(summary.posted).toBe(2);
      expectConsistent(summary);
      for (const reason of ['NOT_JSON', 'CUT_SHORT', 'INVALID_INPUT_LINE', 'PAN_IN_FREE_TEXT']) {
        expect(summary.output).toMatch(new RegExp(`line \\d: ${reason}: `));
      }
    },
    MINUTE_MS,
  );

  it(
    'adds nothing when the same input is ingested again',
    async () => {
      const dataDir = join(folder.path, 'again');
      const first = await runPipeline('local', stacksOf('local'), dataDir, ['--fresh']);
      const second = await runPipeline('local', stacksOf('local'), dataDir, []);
      const { timing: _first, output: _output, ...state } = first;
      expect(second).toMatchObject(state);
    },
    2 * MINUTE_MS,
  );

  it(
    'ends with the same ledger when it is killed at random moments and started again',
    async () => {
      const options = ['--generate', '600', '--seed', '5'];
      const undisturbed = await runPipeline('local', stacksOf('local'), join(folder.path, 'undisturbed'), [
        '--fresh',
        ...options,
      ]);
      const dataDir = join(folder.path, 'killed');
      for (let kill = 0; kill < 3; kill += 1) {
        const run = new PipelineRun('local', stacksOf('local'), dataDir, options);
        await run.until('Seeded');
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2500));
        run.kill();
        await run.ended;
      }
      const {
        output: _output,
        timing: _timing,
        ...ended
      } = await runPipeline('local', stacksOf('local'), dataDir, options);
      const { output: _other, timing: _otherTiming, ...expected } = undisturbed;
      expect(ended).toEqual(expected);
    },
    4 * MINUTE_MS,
  );

  it('says what is wrong with the command line', async () => {
    const { status, output } = await new PipelineRun('local', stacksOf('local'), join(folder.path, 'usage'), [
      '--generate',
      'many',
    ]).ended;
    expect(status).toBe(2);
    expect(output).toContain('--generate takes a whole number from 1 to 100000000, not "many"');
  });

  it('says which input file is not there', async () => {
    const { status, output } = await new PipelineRun('local', stacksOf('local'), join(folder.path, 'usage'), [
      '--file',
      'none.jsonl',
    ]).ended;
    expect(status).toBe(1);
    expect(output).toContain('there is no input file none.jsonl');
  });
});
