import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { STARTED_AT } from '../events/fake-neighbours.ts';
import {
  DEDUP,
  DLQ,
  delivered,
  insert,
  LATER,
  PIPE_ARN,
  pipe,
  ROLE,
  STREAM,
  setup,
} from './pipes-fixture.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const inserts = (from: number, to: number): JsonObject[] => range(from, to).map((n) => insert(n));

describe('a batch that fails', () => {
  const failing = (settings: JsonObject): ReturnType<typeof setup> => {
    const all = setup({
      answer: (payload) =>
        payload.includes('"N":"3"')
          ? { payload: '{"errorMessage":"bad"}', functionError: 'Unhandled' }
          : payload,
    });
    all.pipes.call('CreatePipe', pipe(settings, { Enrichment: DEDUP }));
    return all;
  };

  it('is halved until the bad record is alone, which alone goes to the dead-letter queue', async () => {
    const all = failing({ OnPartialBatchItemFailure: 'AUTOMATIC_BISECT', MaximumRetryAttempts: 1 });
    all.stream.add(...inserts(0, 8));
    await all.runtime.run({ until: LATER });
    expect(delivered(all).flat()).toEqual([0, 1, 2, 4, 5, 6, 7]);
    const dead = all.queues.bodies(DLQ).map((body) => JSON.parse(body) as JsonObject);
    const sequence = '000000000000000000004';
    expect(dead).toEqual([
      {
        context: { partnerResourceArn: PIPE_ARN, condition: 'RetryAttemptsExhausted' },
        version: '1.0',
        timestamp: expect.any(String),
        DDBStreamBatchInfo: {
          shardId: all.stream.shardId(),
          startSequenceNumber: sequence,
          endSequenceNumber: sequence,
          approximateArrivalOfFirstRecord: '2026-11-22T10:00:00.000Z',
          approximateArrivalOfLastRecord: '2026-11-22T10:00:00.000Z',
          batchSize: 1,
          streamArn: STREAM,
        },
      },
    ]);
    expect(all.pipes.outstanding()).toBe(0);
  });

  it('goes to the dead-letter queue as a whole without halving, after its attempts', async () => {
    const all = failing({ MaximumRetryAttempts: 2 });
    all.stream.add(...inserts(0, 5), ...inserts(10, 20));
    await all.runtime.run({ until: LATER });
    expect(all.functions.invocations.filter(({ payload }) => payload.includes('"N":"3"'))).toHaveLength(3);
    expect(delivered(all).flat()).toEqual(range(15, 20));
    expect(all.queues.bodies(DLQ)).toHaveLength(1);
    expect(all.counted).toEqual(Array(3).fill('log-to-bus ExecutionFailed 1'));
  });

  it('blocks the stream while it may be tried again', async () => {
    const all = failing({});
    all.stream.add(...inserts(0, 12));
    await all.runtime.run({ until: STARTED_AT + 3_600_000 });
    expect(delivered(all)).toEqual([]);
    expect(all.pipes.outstanding()).toBe(1);
    all.functions.answer = (payload) => payload;
    await all.runtime.run({ until: LATER });
    expect(delivered(all).flat()).toEqual(range(0, 12));
  });

  it('goes to the dead-letter queue when its records are too old', async () => {
    const all = failing({ MaximumRecordAgeInSeconds: 120 });
    all.stream.add(...inserts(0, 5));
    await all.runtime.run({ until: LATER });
    const [dead] = all.queues.bodies(DLQ);
    expect(JSON.parse(dead ?? '')).toMatchObject({ context: { condition: 'MaximumRecordAgeExceeded' } });
    expect(all.pipes.outstanding()).toBe(0);
  });

  it('is kept when the dead-letter queue refuses it', async () => {
    const all = failing({ MaximumRetryAttempts: 0 });
    all.denied.add(DLQ);
    all.stream.add(insert(3));
    await all.runtime.run({ until: STARTED_AT + 600_000 });
    expect(all.pipes.outstanding()).toBe(1);
    all.denied.delete(DLQ);
    await all.runtime.run({ until: LATER });
    expect(all.queues.bodies(DLQ)).toHaveLength(1);
    expect(all.pipes.outstanding()).toBe(0);
  });
});

describe('an enrichment', () => {
  const enriched = (answer: (payload: string) => string, faults = {}): ReturnType<typeof setup> => {
    const all = setup({ answer, faults });
    all.pipes.call('CreatePipe', pipe({ BatchSize: 400, MaximumRetryAttempts: 1 }, { Enrichment: DEDUP }));
    return all;
  };

  it('gets the list of records as the pipe’s role, and its answer is the new batch', async () => {
    const all = enriched((payload) =>
      JSON.stringify([{ records: (JSON.parse(payload) as object[]).length }]),
    );
    all.stream.add(...inserts(0, 400), insert(400));
    await all.runtime.run({ until: LATER });
    expect(all.puts.map((entries) => entries.map((entry) => entry['Detail']))).toEqual([
      ['{"records":400}'],
      ['{"records":1}'],
    ]);
    expect(all.functions.invocations[1]).toMatchObject({
      functionArn: DEDUP,
      payload: JSON.stringify([all.stream.records[400]?.record]),
      caller: { kind: 'role', arn: ROLE },
    });
  });

  it.each(['""', '{}', '[]'])('that answers %s leaves nothing for the target', async (answer) => {
    const all = enriched(() => answer);
    all.stream.add(insert(0));
    await all.runtime.run({ until: LATER });
    expect(all.puts).toEqual([]);
    expect(all.pipes.outstanding()).toBe(0);
    expect(all.queues.bodies(DLQ)).toEqual([]);
  });

  it('that answers [{}] has the target called with it', async () => {
    const all = enriched(() => '[{}]');
    all.stream.add(insert(0));
    await all.runtime.run({ until: LATER });
    expect(all.puts.map((entries) => entries.map((entry) => entry['Detail']))).toEqual([['{}']]);
  });

  it('that answers more than the target takes fails the batch', async () => {
    const all = enriched(() => JSON.stringify(range(0, 11).map((n) => ({ n }))));
    all.stream.add(insert(0));
    await all.runtime.run({ until: LATER });
    expect(all.puts).toEqual([]);
    expect(all.queues.bodies(DLQ)).toHaveLength(1);
  });

  it('is run again for what the bus refused: the named records, or all where there are no names', async () => {
    const all = enriched((payload) => payload);
    let refusals = 1;
    all.bus.refuses = (entry) => {
      const refused = String(entry['Detail']).includes('"N":"1"') && refusals > 0;
      if (refused) refusals -= 1;
      return refused;
    };
    all.stream.add(...inserts(0, 3));
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[0, 1, 2], [1]]);

    all.functions.answer = (payload) =>
      JSON.stringify((JSON.parse(payload) as JsonObject[]).map(({ eventID: _, ...rest }) => rest));
    refusals = 1;
    all.stream.add(...inserts(0, 3));
    await all.runtime.run({ until: LATER });
    expect(delivered(all).slice(2)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(all.functions.invocations).toHaveLength(4);
  });

  it('whose answer is lost is run again', async () => {
    let lost = 0;
    const all = enriched((payload) => payload, { losesAnswer: () => lost++ < 1 });
    all.stream.add(insert(0));
    await all.runtime.run({ until: LATER });
    expect(all.functions.invocations).toHaveLength(2);
    expect(delivered(all)).toEqual([[0]]);
  });
});
