import { describe, expect, it } from '@jest/globals';
import { type Bench, lambdaBench, STREAM_ARN, type TestHandler } from './lambda-bench.ts';

type Event = { Records: Record<string, unknown>[] };

function keysOf(event: Event): string[] {
  return event.Records.map((record) => {
    const change = record['dynamodb'] as { Keys: { id: { S: string } } };
    return change.Keys.id.S;
  });
}

async function map(bench: Bench, handler: TestHandler, args: Record<string, unknown> = {}): Promise<void> {
  await bench.function('worker', handler);
  await bench.resource('aws_lambda_event_source_mapping', {
    event_source_arn: STREAM_ARN,
    function_name: 'worker',
    starting_position: 'TRIM_HORIZON',
    ...args,
  });
}

describe('an event source mapping of a DynamoDB stream', () => {
  it('reads in order, in batches, and comes to rest', async () => {
    const bench = lambdaBench();
    for (const key of ['a', 'b', 'c', 'd', 'e']) bench.stream.put(key);
    const seen: string[][] = [];
    await map(bench, (event) => void seen.push(keysOf(event)), { batch_size: 2 });
    expect(bench.lambda.outstanding()).toBeGreaterThan(0);
    await bench.context.advance(1000);
    expect(seen.flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(Math.max(...seen.map((keys) => keys.length))).toBe(2);
    expect(bench.lambda.outstanding()).toBe(0);
    expect(bench.stream.released.at(-1)).toBe(bench.stream.latest());
  });

  it('begins with LATEST after what is there', async () => {
    const bench = lambdaBench();
    bench.stream.put('old');
    const seen: string[][] = [];
    await map(bench, (event) => void seen.push(keysOf(event)), { starting_position: 'LATEST' });
    bench.stream.put('new');
    await bench.context.advance(1000);
    expect(seen).toEqual([['new']]);
  });

  it('waits for the window', async () => {
    const bench = lambdaBench();
    const seen: string[][] = [];
    await map(bench, (event) => void seen.push(keysOf(event)), { maximum_batching_window_in_seconds: 10 });
    bench.stream.put('a');
    await bench.context.advance(5000);
    bench.stream.put('b');
    await bench.context.advance(4000);
    expect(seen).toEqual([]);
    await bench.context.advance(1000);
    expect(seen).toEqual([['a', 'b']]);
    // The age of the last change, when the function is given it.
    expect(bench.counted).toEqual(['worker IteratorAge 5000']);
  });

  it('blocks the shard behind a failing batch, and gives it up with a failure record', async () => {
    const bench = lambdaBench();
    const dead = await bench.queue('stream-dlq');
    const seen: string[][] = [];
    await map(
      bench,
      (event) => {
        seen.push(keysOf(event));
        if (keysOf(event).includes('bad')) throw new Error('cannot');
      },
      {
        batch_size: 1,
        maximum_retry_attempts: 2,
        destination_config: { on_failure: { destination_arn: dead } },
      },
    );
    const bad = bench.stream.put('bad');
    bench.stream.put('good');
    await bench.context.advance(60_000);
    expect(seen).toEqual([['bad'], ['bad'], ['bad'], ['good']]);
    expect(JSON.parse(bench.bodies(dead)[0] ?? '{}')).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-west-2:000000000000:function:worker',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        shardId: 'shardId-0001',
        startSequenceNumber: bad,
        endSequenceNumber: bad,
        approximateArrivalOfFirstRecord: '2026-11-22T00:00:00Z',
        batchSize: 1,
        streamArn: STREAM_ARN,
      },
    });
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it('splits a failing batch in halves, which uses up no retry', async () => {
    const bench = lambdaBench();
    const seen: string[] = [];
    for (const key of ['a', 'b', 'bad', 'd']) bench.stream.put(key);
    await map(
      bench,
      (event) => {
        seen.push(keysOf(event).join('+'));
        if (keysOf(event).includes('bad')) throw new Error('cannot');
      },
      { batch_size: 4, bisect_batch_on_function_error: true, maximum_retry_attempts: 1 },
    );
    await bench.context.advance(60_000);
    expect(seen).toEqual(['a+b+bad+d', 'a+b', 'bad+d', 'bad', 'bad', 'd']);
    expect(bench.context.warnings).toHaveLength(1);
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it('goes on from the lowest reported sequence number', async () => {
    const bench = lambdaBench();
    const numbers = ['a', 'b', 'c', 'd'].map((key) => bench.stream.put(key));
    const seen: string[] = [];
    await map(
      bench,
      (event) => {
        seen.push(keysOf(event).join('+'));
        const failures = seen.length === 1 ? [numbers[3], numbers[2]] : [];
        return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
      },
      { function_response_types: ['ReportBatchItemFailures'] },
    );
    await bench.context.advance(60_000);
    expect(seen).toEqual(['a+b+c+d', 'c+d']);
  });

  it('gives up records that are older than the mapping allows', async () => {
    const bench = lambdaBench();
    const dead = await bench.queue('stream-dlq');
    bench.stream.put('old');
    await bench.context.advance(120_000);
    bench.stream.put('new');
    const seen: string[][] = [];
    await map(bench, (event) => void seen.push(keysOf(event)), {
      maximum_record_age_in_seconds: 60,
      destination_config: { on_failure: { destination_arn: dead } },
    });
    await bench.context.advance(1000);
    expect(seen).toEqual([['new']]);
    expect(JSON.parse(bench.bodies(dead)[0] ?? '{}')).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });

  it('keeps changes of one item in order with several lanes', async () => {
    const bench = lambdaBench({ seed: 7 });
    for (let n = 0; n < 200; n += 1) bench.stream.put(`item-${n % 10}`, { n: { N: String(n) } });
    const last = new Map<string, number>();
    let count = 0;
    await map(
      bench,
      (event) => {
        for (const record of event.Records) {
          const change = record['dynamodb'] as {
            Keys: { id: { S: string } };
            NewImage: { n: { N: string } };
          };
          const key = change.Keys.id.S;
          expect(Number(change.NewImage.n.N)).toBeGreaterThan(last.get(key) ?? -1);
          last.set(key, Number(change.NewImage.n.N));
          count += 1;
        }
      },
      { batch_size: 3, parallelization_factor: 4 },
    );
    await bench.context.advance(10_000);
    expect(count).toBe(200);
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it('passes over what the filter excludes', async () => {
    const bench = lambdaBench();
    const seen: string[][] = [];
    await map(bench, (event) => void seen.push(keysOf(event)), {
      filter_criteria: { filter: [{ pattern: '{"dynamodb":{"Keys":{"id":{"S":["wanted"]}}}}' }] },
    });
    bench.stream.put('other');
    bench.stream.put('wanted');
    bench.stream.put('other');
    await bench.context.advance(1000);
    expect(seen).toEqual([['wanted']]);
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it('goes on at its checkpoint after a restart', async () => {
    const before = lambdaBench();
    const keys = ['a', 'b', 'c'];
    for (const key of keys) before.stream.put(key);
    await map(
      before,
      (event) => {
        if (keysOf(event).includes('c')) throw new Error('cannot');
      },
      { batch_size: 1 },
    );
    await before.context.advance(1000);
    const after = lambdaBench({ store: before.context.store, stream: before.stream });
    const seen: string[][] = [];
    after.host.handlers.set('worker', (event) => void seen.push(keysOf(event)));
    after.lambda.resume();
    await after.context.advance(1000);
    expect(seen).toEqual([['c']]);
  });

  it('refuses a tumbling window by name', async () => {
    const bench = lambdaBench();
    await bench.function('worker', () => null);
    await expect(
      bench.lambda.call(
        'CreateEventSourceMapping',
        {
          EventSourceArn: STREAM_ARN,
          FunctionName: 'worker',
          StartingPosition: 'LATEST',
          TumblingWindowInSeconds: 5,
        },
        { kind: 'owner' },
      ),
    ).rejects.toThrow('TumblingWindowInSeconds');
  });
});
