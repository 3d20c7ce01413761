import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AuthorizationRow } from '../ports.ts';
import { lineWith, readingPorts } from '../reading.fixture.ts';
import { ProgressInMemory } from './batch-ports.fixture.ts';
import { processFile } from './process-file.ts';

const CHUNK_LINES = 20;
const FILE = { bucket: 'inbound', key: 'a.encrypted', versionId: 'v1' };

/** Lines that are told apart; one in five is unreadable, one in seven blank. */
const LINES = Array.from({ length: 2 * CHUNK_LINES + 37 }, (_, index) => {
  if (index % 7 === 6) return '';
  if (index % 5 === 4) return '{"scheme":"VISA"}';
  return lineWith({ line: { loggedAt: new Date(Date.UTC(2026, 10, 15) + index * 1000).toISOString() } });
});
const BYTES = Buffer.from(`${LINES.join('\n')}\n`);

/** An effect that does not come off, or of which nobody hears that it did. */
type Cut = 'log-before' | 'log-after' | 'progress-before' | 'progress-after' | 'source';
class Crash extends Error {}

interface Attempt {
  readonly cut: Cut | 'none';
  /** At which chunk of this attempt. */
  readonly at: number;
  readonly chunksInTime: number;
  readonly pieceBytes: number;
}

/** Runs an attempt; rows and progress are what stays of it. */
async function attempt(
  { cut, at, chunksInTime, pieceBytes }: Attempt,
  rows: Map<string, AuthorizationRow>,
  progress: ProgressInMemory,
): Promise<string> {
  let chunks = 0;
  const crash = (where: Cut): void => {
    if (cut === where && chunks === at) throw new Crash(where);
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < BYTES.length; start += pieceBytes) {
      if (cut === 'source' && start > at * 8_000) throw new Crash('source');
      yield BYTES.subarray(start, start + pieceBytes);
    }
  }
  try {
    const outcome = await processFile(
      FILE,
      {
        ...readingPorts(),
        files: { read },
        log: {
          write: async (written) => {
            crash('log-before');
            for (const row of written) rows.set(row.transactionId, row);
            crash('log-after');
          },
        },
        progress: {
          begin: (file) => progress.begin(file),
          finishChunk: async (file, report) => {
            crash('progress-before');
            const isMine = await progress.finishChunk(file, report);
            crash('progress-after');
            chunks += 1;
            return isMine;
          },
          complete: (file) => progress.complete(file),
          fail: (file, reason) => progress.fail(file, reason),
        },
      },
      () => chunks < chunksInTime,
      CHUNK_LINES,
    );
    return outcome.kind;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return 'crashed';
  }
}

const WHOLE: Attempt = { cut: 'none', at: 0, chunksInTime: 99, pieceBytes: 64 * 1024 };

describe('a file that is cut off anywhere and gone on with', () => {
  it('gives the rows and the totals of a file that is read in one go', async () => {
    const rowsAtOnce = new Map<string, AuthorizationRow>();
    const atOnce = new ProgressInMemory();
    expect(await attempt(WHOLE, rowsAtOnce, atOnce)).toBe('done');
    expect(atOnce.totals).toMatchObject({
      lines: LINES.length,
      read: LINES.filter((line) => line !== '').length,
    });

    const cutAttempt = fc.record({
      cut: fc.constantFrom<Attempt['cut']>(
        'none',
        'log-before',
        'log-after',
        'progress-before',
        'progress-after',
        'source',
      ),
      at: fc.nat(2),
      chunksInTime: fc.integer({ min: 1, max: 3 }),
      pieceBytes: fc.constantFrom(97, 1_024, 65_536),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cutAttempt, { maxLength: 4 }), async (attempts) => {
        const rows = new Map<string, AuthorizationRow>();
        const progress = new ProgressInMemory();
        for (const each of attempts) await attempt(each, rows, progress);
        const last = await attempt(WHOLE, rows, progress);
        expect(['done', 'over']).toContain(last);
        expect(progress.state).toBe('DONE');
        expect(progress.totals).toEqual(atOnce.totals);
        expect(progress.reports).toEqual(atOnce.reports);
        expect(rows).toEqual(rowsAtOnce);
      }),
      { numRuns: 50 },
    );
  });

  it('is done once by two that read it at the same time', async () => {
    const rows = new Map<string, AuthorizationRow>();
    const progress = new ProgressInMemory();
    const pieces = { ...WHOLE, pieceBytes: 256 };
    const kinds = await Promise.all([attempt(pieces, rows, progress), attempt(WHOLE, rows, progress)]);
    expect(kinds.every((kind) => kind === 'done' || kind === 'over')).toBe(true);
    expect(progress.totals.lines).toBe(LINES.length);
    expect(progress.reports.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3]);
  });
});
