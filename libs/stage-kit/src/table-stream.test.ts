import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { InvocationContext } from './aws-context.ts';
import { makeLog } from './log.ts';
import { type StreamProcessing, tableStreamFunction } from './table-stream.ts';

interface Row {
  readonly id: string;
  readonly amount?: number;
}

const context: InvocationContext = { awsRequestId: 'request', getRemainingTimeInMillis: () => 1000 };

/** A change of which the place in the stream is `at-<id>`. */
const change = (row: Row) => ({ dynamodb: { SequenceNumber: `at-${row.id}`, NewImage: marshall(row) } });

async function run(records: readonly unknown[], processing: StreamProcessing<Row>) {
  const lines: string[] = [];
  const log = makeLog('posting', 'info', {
    clock: { now: () => 0, sleep: async () => undefined },
    random: { uuid: () => '', bytes: () => new Uint8Array() },
    client: {},
    output: (line) => lines.push(line),
  });
  const answer = await tableStreamFunction(log, processing)({ Records: records }, context);
  return { answer, lines };
}

describe('a function that is fed with a stream', () => {
  it('is given the rows as they are now, in their order, without those that were removed', async () => {
    const seen: Row[] = [];
    const removed = { dynamodb: { SequenceNumber: 'at-b' } };
    const { answer } = await run(
      [change({ id: 'a', amount: 1 }), removed, change({ id: 'c' })],
      async (rows) => {
        seen.push(...rows);
      },
    );
    expect(seen).toEqual([{ id: 'a', amount: 1 }, { id: 'c' }]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it('is not run for removals alone', async () => {
    const { answer } = await run([{ dynamodb: { SequenceNumber: 'at-a' } }], () =>
      Promise.reject(new Error('run')),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it('is given again what it did not handle, and what is behind it', async () => {
    const { answer, lines } = await run(
      [change({ id: 'a' }), change({ id: 'b' }), change({ id: 'c' })],
      async (rows) => {
        const [, row] = rows;
        return row === undefined ? undefined : { row, cause: new Error('no room') };
      },
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at-b' }] });
    expect(lines.join()).toContain('no room');
  });

  it('is given all again when it throws, from the first that it was given', async () => {
    const removed = { dynamodb: { SequenceNumber: 'at-removed' } };
    const { answer } = await run([removed, change({ id: 'a' }), change({ id: 'b' })], () =>
      Promise.reject(new Error('down')),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at-a' }] });
  });

  it('tells rows apart that look the same', async () => {
    const twin = { dynamodb: { SequenceNumber: 'at-second', NewImage: marshall({ id: 'a' }) } };
    const { answer } = await run([change({ id: 'a' }), twin], async (rows) => {
      const row = rows[1];
      return row === undefined ? undefined : { row, cause: 'x' };
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at-second' }] });
  });
});
