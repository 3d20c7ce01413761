import { describe, expect, it } from '@jest/globals';
import type { AuthorizationRow } from '../ports.ts';
import { lineWith, readingPorts, sampleLines, visaCard } from '../reading.fixture.ts';
import { ProgressInMemory } from './batch-ports.fixture.ts';
import { LINE_BYTES_MAX } from './file-lines.ts';
import { notificationOf } from './notifications.ts';
import { FileOutageError, FileUnreadableError } from './ports.ts';
import type { FileOutcome } from './process-file.ts';
import { serveBatch, TIME_FOR_A_CHUNK_MS } from './serve-batch.ts';

const FILE = { bucket: 'inbound', key: 'red flower é.encrypted', versionId: 'v1' };
const TEST_EVENT = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'inbound' });

function lineAt(second: number): string {
  return lineWith({ line: { loggedAt: new Date(Date.UTC(2026, 10, 15) + second * 1000).toISOString() } });
}

function setUp(text: string | Error, remainingMs: () => number = () => 1_000_000) {
  const rows: AuthorizationRow[] = [];
  const progress = new ProgressInMemory();
  const sent: string[] = [];
  const soon: string[] = [];
  const outcomes: FileOutcome[] = [];
  const errors: unknown[] = [];
  async function* read(): AsyncGenerator<Uint8Array> {
    if (typeof text !== 'string') throw text;
    yield Buffer.from(text);
  }
  const ports = {
    ...readingPorts(),
    log: { write: async (written: readonly AuthorizationRow[]) => void rows.push(...written) },
    files: { read },
    progress,
    queue: {
      send: async (body: string) => void sent.push(body),
      comeAgainSoon: async (handle: string) => void soon.push(handle),
    },
  };
  const serve = (body: string = notificationOf(FILE)) =>
    serveBatch({ Records: [{ messageId: 'm1', receiptHandle: 'r1', body }] }, ports, remainingMs, {
      ended: (_file, outcome) => outcomes.push(outcome),
      failed: (error) => errors.push(error),
    });
  return { rows, progress, sent, soon, outcomes, errors, serve };
}

describe('a file', () => {
  it('is read, and its unreadable lines are reported by their numbers in the file', async () => {
    const { rows, progress, outcomes, serve } = setUp(`\n${sampleLines('bad-lines.jsonl').join('\r\n')}`);
    expect(await serve()).toEqual({ batchItemFailures: [] });
    expect(progress).toMatchObject({
      state: 'DONE',
      totals: { lines: 7, read: 6, approved: 2, unreadable: 4 },
    });
    expect(progress.reports[0]?.unreadable.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'NOT_JSON'],
      [4, 'CUT_SHORT'],
      [5, 'INVALID_INPUT_LINE'],
      [6, 'PAN_IN_FREE_TEXT'],
    ]);
    expect(rows).toHaveLength(6);
    expect(outcomes).toMatchObject([{ kind: 'done' }]);
    expect(JSON.stringify([rows, progress])).not.toContain(visaCard);
  });

  it('may hold ISO 8583 pairs as fields, which are the same transactions as in JSON', async () => {
    const { scheme, wireProfile, loggedAt, request, response } = JSON.parse(lineAt(1));
    const fields = [scheme, wireProfile, loggedAt, request, response];
    const raw = setUp(`${fields.join(' ')}\n${fields.join('\t')}\n${fields.join(';')}`);
    await raw.serve();
    const json = setUp(lineAt(1));
    await json.serve();
    expect(raw.rows).toEqual([...json.rows, ...json.rows, ...json.rows]);
    expect(json.rows).toMatchObject([{ outcome: 'APPROVED' }]);
  });

  it('that is empty, or has blank lines only, is done', async () => {
    const { progress, serve } = setUp('\n\n');
    await serve();
    expect(progress).toMatchObject({ state: 'DONE', totals: { lines: 2, read: 0 } });
    const empty = setUp('');
    await empty.serve();
    expect(empty.progress).toMatchObject({ state: 'DONE', totals: { lines: 0 } });
  });

  it('with an endless line goes on after it, and keeps no more of it than a line may have', async () => {
    const long = `{}${' '.repeat(LINE_BYTES_MAX)}{"x":1}`;
    const { progress, serve } = setUp(`${lineAt(1)}\n${long}\n${lineAt(2)}`);
    await serve();
    expect(progress.totals).toMatchObject({ read: 3, approved: 2 });
    expect(progress.reports[0]?.unreadable).toMatchObject([{ line: 2, reason: 'NOT_JSON' }]);
  });

  it('that is no lines at all has failed, and nothing of it is written', async () => {
    const { rows, progress, outcomes, serve } = setUp(`PK\u0003\u0004 ${visaCard}\nmore`);
    expect(await serve()).toEqual({ batchItemFailures: [] });
    expect(progress).toMatchObject({ state: 'FAILED', reason: 'NOT_AUTHORIZATION_LINES' });
    expect(rows).toEqual([]);
    expect(outcomes).toMatchObject([{ kind: 'failed', explanation: expect.not.stringContaining(visaCard) }]);
  });

  it('that cannot be decrypted has failed, once and for all', async () => {
    const { progress, outcomes, soon, serve } = setUp(new FileUnreadableError('NOT_DECRYPTABLE', 'no'));
    expect(await serve()).toEqual({ batchItemFailures: [] });
    expect(await serve()).toEqual({ batchItemFailures: [] });
    expect(progress).toMatchObject({ state: 'FAILED', reason: 'NOT_DECRYPTABLE' });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'over']);
    expect(soon).toEqual([]);
  });

  it('comes again soon after an outage', async () => {
    const outage = new FileOutageError('KMS', new Error('throttled'));
    const { progress, errors, soon, serve } = setUp(outage);
    expect(await serve()).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect({ state: progress.state, errors, soon }).toEqual({
      state: 'RUNNING',
      errors: [outage],
      soon: ['r1'],
    });
  });

  it('goes on in another invocation when time runs short, each getting on by a chunk at least', async () => {
    const text = Array.from({ length: 1_001 }, (_, second) => lineAt(second)).join('\n');
    const { progress, sent, outcomes, serve } = setUp(text, () => TIME_FOR_A_CHUNK_MS);
    let body = notificationOf(FILE);
    for (let invocation = 1; invocation <= 3; invocation += 1) {
      expect(await serve(body)).toEqual({ batchItemFailures: [] });
      body = sent.at(-1) ?? body;
    }
    expect(outcomes.map(({ kind }) => kind)).toEqual(['paused', 'paused', 'done']);
    expect(sent).toEqual([notificationOf(FILE), notificationOf(FILE)]);
    expect(progress).toMatchObject({ state: 'DONE', totals: { chunks: 3, read: 1_001 } });
  });
});

describe('a message', () => {
  it("that is S3's test is done", async () => {
    const { outcomes, serve } = setUp('');
    expect(await serve(TEST_EVENT)).toEqual({ batchItemFailures: [] });
    expect(outcomes).toEqual([]);
  });

  it('that tells of a removal is done', async () => {
    const { outcomes, serve } = setUp('');
    const removed = notificationOf(FILE).replace('ObjectCreated:Put', 'ObjectRemoved:Delete');
    expect(await serve(removed)).toEqual({ batchItemFailures: [] });
    expect(outcomes).toEqual([]);
  });

  it.each([
    ['no JSON', 'x'],
    ['something else', '{"lines":[]}'],
    ['a file without its version', notificationOf(FILE).replace('versionId', 'version')],
  ])('that is %s becomes a dead letter', async (_case, body) => {
    const { errors, serve } = setUp('');
    expect(await serve(body)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(errors).toMatchObject([{ name: 'NotificationError' }]);
  });

  it('names its file as it was put', async () => {
    const { serve, outcomes } = setUp(lineAt(1));
    await serve(
      JSON.stringify({ Records: [JSON.parse(notificationOf(FILE)).Records[0]] }).replace('%20', '+'),
    );
    expect(outcomes).toMatchObject([{ kind: 'done' }]);
  });
});
