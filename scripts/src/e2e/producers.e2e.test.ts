import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '@payments/ingest/iso8583';
import { syntheticLoad } from '@payments/ingest/synthetic-load';
import type { InputLine } from '@payments/schemas';
import { PipelineRun, runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';
import { ServingRun } from './serving-run.fixture.ts';

const SAMPLE = new URL('../../../sample/authorizations.jsonl', import.meta.url);
const MINUTE_MS = 60_000;
const folder = temporaryFolder();
const EMPTY = join(folder.path, 'empty.jsonl');
const LINES = join(folder.path, 'lines.jsonl');
let stacks = '';

beforeAll(() => {
  stacks = synthesize('local', folder.path);
  writeFileSync(EMPTY, '');
  writeLines(LINES, readFileSync(SAMPLE, 'utf8').trimEnd().split('\n'));
}, 2 * MINUTE_MS);
afterAll(() => folder.remove());

/**
 * Writes lines without those that repeat another one: which of two is the first one depends on how they come, and a
 * ledger names the transaction that it booked.
 */
function writeLines(path: string, lines: readonly string[]): void {
  const unique = new Map<string, string>();
  for (const text of lines) {
    const { scheme, wireProfile, request } = JSON.parse(text) as InputLine;
    const { mti, elements } = decodeMessage(request, wireProfile);
    const key = [scheme, mti.charAt(1), ...[7, 11, 32, 37].map((number) => elements.get(number))].join('|');
    if (!unique.has(key)) unique.set(key, text);
  }
  writeFileSync(path, `${[...unique.values()].join('\n')}\n`);
}

/** Up to a second, as it comes: where a run is cut off is not to be the same each time. */
function randomPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
}

/** What became of everything, the authorization log left out: the API writes none. */
async function outcomeOf(dataDir: string) {
  const summary = await runPipeline('local', stacks, dataDir, ['--file', EMPTY]);
  const { rules, posted, postingFailed, entries, ledger, ledgerDigest, reconciliation, quarantined } =
    summary;
  return { rules, posted, postingFailed, entries, ledger, ledgerDigest, reconciliation, quarantined };
}

/** Serves on an empty data directory while something is done, and gives what became of it. */
async function served(name: string, work: (run: ServingRun) => Promise<void>) {
  const dataDir = join(folder.path, name);
  const run = await ServingRun.start('local', stacks, dataDir, ['--fresh', '--file', EMPTY]);
  try {
    await work(run);
  } finally {
    await run.stop();
  }
  return outcomeOf(dataDir);
}

describe('the three producers', () => {
  it(
    'bring the same lines to the same ledger',
    async () => {
      const streamDir = join(folder.path, 'stream');
      await runPipeline('local', stacks, streamDir, ['--fresh', '--file', LINES]);
      const stream = await outcomeOf(streamDir);
      expect(stream.posted).toBeGreaterThan(5);

      const count = readFileSync(LINES, 'utf8').trimEnd().split('\n').length;
      const api = await served('api', async (run) => {
        const posted = await run.payments('ingest', 'post', LINES, '--key', 'till');
        expect(posted).toMatchObject({
          status: 0,
          output: expect.stringContaining(`${count} taken, 0 refused`),
        });
        // The same requests again are answered the same, and add nothing.
        expect((await run.payments('ingest', 'post', LINES, '--key', 'till')).output).toBe(posted.output);
      });
      expect(api).toEqual(stream);

      const batch = await served('batch', async (run) => {
        for (let time = 1; time <= 2; time += 1) {
          const sent = await run.payments('ingest', 'file', LINES);
          expect(sent).toMatchObject({
            status: 0,
            output: expect.stringMatching(new RegExp(`DONE +read ${count} `)),
          });
        }
      });
      expect(batch).toEqual(stream);
    },
    3 * MINUTE_MS,
  );

  it(
    'refuse what they may not take, and leave nothing of it',
    async () => {
      const other = join(folder.path, 'other.jsonl');
      const [first = '', second = ''] = readFileSync(LINES, 'utf8').split('\n');
      const outcome = await served('refused', async (run) => {
        const url = `${run.url}/_lambda-url/payments-local-ingest-api/authorizations`;
        const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' };
        const unsigned = await fetch(url, { method: 'POST', headers, body: first });
        expect(unsigned.status).toBe(403);
        writeFileSync(other, `{"scheme":"VISA"}`);
        const malformed = await run.payments('ingest', 'post', other, '--key', 'k');
        expect(malformed).toMatchObject({
          status: 1,
          output: expect.stringMatching(/^422 .*INVALID_INPUT_LINE/),
        });
        writeFileSync(other, first);
        expect((await run.payments('ingest', 'post', other, '--key', 'k')).output).toMatch(/^202 .*ACCEPTED/);
        writeFileSync(other, second);
        expect((await run.payments('ingest', 'post', other, '--key', 'k')).output).toMatch(/^409 /);
        const forMachines = await run.payments('ingest', 'post', other, '--key', 'k', '--json');
        expect(JSON.parse(forMachines.output)).toMatchObject({ status: 409, ok: false, idempotencyKey: 'k' });

        writeFileSync(other, 'neither JSON nor a pair\n');
        const file = await run.payments('ingest', 'file', other, '--json');
        expect(file.status).toBe(1);
        expect(JSON.parse(file.output)).toMatchObject({ state: 'FAILED', reason: 'NOT_AUTHORIZATION_LINES' });
      });
      expect(outcome.posted).toBe(1);
    },
    2 * MINUTE_MS,
  );

  it(
    'go on with a file where they were killed, to the ledger of an undisturbed run',
    async () => {
      const load = join(folder.path, 'load.jsonl');
      writeLines(load, [...syntheticLoad(1800, 5)]);
      const lines = readFileSync(load, 'utf8').trimEnd().split('\n').length;
      // The first line of the load is made up in both runs, which brings the cards and accounts of the load along.
      const seed = ['--fresh', '--generate', '1', '--seed', '5'];
      const undisturbed = join(folder.path, 'undisturbed');
      await runPipeline('local', stacks, undisturbed, seed);
      await runPipeline('local', stacks, undisturbed, ['--file', load]);

      const dataDir = join(folder.path, 'killed');
      await runPipeline('local', stacks, dataDir, seed);
      const run = await ServingRun.start('local', stacks, dataDir, ['--file', EMPTY]);
      expect((await run.payments('ingest', 'file', load, '--no-follow')).status).toBe(0);
      await randomPause();
      await run.kill();
      for (let kill = 0; kill < 2; kill += 1) {
        const again = new PipelineRun('local', stacks, dataDir, ['--file', EMPTY]);
        await again.until('Seeded');
        await randomPause();
        again.kill();
        await again.ended;
      }
      expect(await outcomeOf(dataDir)).toEqual(await outcomeOf(undisturbed));
      // More than one chunk, or there would be nothing to go on with.
      expect(lines).toBeGreaterThan(1500);
    },
    5 * MINUTE_MS,
  );
});
