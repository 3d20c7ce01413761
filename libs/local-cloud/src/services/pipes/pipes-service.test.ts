import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { STARTED_AT } from '../events/fake-neighbours.ts';
import {
  BUS,
  DEDUP,
  DLQ,
  delivered,
  insert,
  LATER,
  numberIn,
  PIPE_ARN,
  pipe,
  QUEUE,
  ROLE,
  STREAM,
  setup,
} from './pipes-fixture.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const inserts = (from: number, to: number): JsonObject[] => range(from, to).map((n) => insert(n));

describe('a pipe from a stream to a bus', () => {
  it('delivers in order, ten at a time, as its role', async () => {
    const all = setup();
    all.stream.add(...inserts(0, 25));
    all.pipes.call('CreatePipe', pipe({ BatchSize: 100 }));
    expect(all.pipes.outstanding()).toBeGreaterThan(0);
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([range(0, 10), range(10, 20), range(20, 25)]);
    expect(all.puts[0]?.[0]).toMatchObject({
      EventBusName: BUS,
      Source: 'payments.dedup',
      DetailType: 'TransactionAuthorized',
    });
    expect(all.pipes.outstanding()).toBe(0);
    expect(all.stream.released.get(PIPE_ARN)).toBe(all.stream.latest());
    all.stream.add(insert(25));
    await all.runtime.run({ until: LATER });
    expect(delivered(all).at(-1)).toEqual([25]);
  });

  it('starts at the end of the stream when it is told to', async () => {
    const all = setup();
    all.stream.add(insert(1));
    all.pipes.call('CreatePipe', pipe({ StartingPosition: 'LATEST' }));
    all.stream.add(insert(2));
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[2]]);
  });

  it('passes over what the filter does not want, and is then done with it', async () => {
    const all = setup();
    const Filters = [{ Pattern: '{"dynamodb":{"NewImage":{"n":{"N":["7"]}}}}' }];
    const definition = pipe();
    const SourceParameters = {
      ...(definition['SourceParameters'] as JsonObject),
      FilterCriteria: { Filters },
    };
    all.pipes.call('CreatePipe', { ...definition, SourceParameters });
    all.stream.add(...inserts(0, 300));
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[7]]);
    expect(all.stream.released.get(PIPE_ARN)).toBe(all.stream.latest());
    expect(all.pipes.outstanding()).toBe(0);
  });

  it('waits for its window, and no longer than until the batch is full', async () => {
    const all = setup();
    all.pipes.call('CreatePipe', pipe({ BatchSize: 3, MaximumBatchingWindowInSeconds: 30 }));
    all.stream.add(insert(0));
    await all.runtime.run({ until: STARTED_AT + 10_000 });
    expect(delivered(all)).toEqual([]);
    all.stream.add(insert(1), insert(2), insert(3));
    await all.runtime.run({ until: STARTED_AT + 11_000 });
    expect(delivered(all)).toEqual([[0, 1, 2]]);
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[0, 1, 2], [3]]);
  });

  it('tries again only the entries that the bus refused', async () => {
    const all = setup();
    let refusals = 2;
    all.bus.refuses = (entry) => {
      const odd = numberIn(JSON.parse(String(entry['Detail'])) as JsonObject) % 2 === 1;
      if (odd && refusals > 0) refusals -= 1;
      else return false;
      return true;
    };
    all.pipes.call('CreatePipe', pipe());
    all.stream.add(...inserts(0, 5));
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([
      [0, 1, 2, 3, 4],
      [1, 3],
    ]);
    expect(all.pipes.outstanding()).toBe(0);
  });

  it('fills source, detail type, time, resources and the input template from each record', async () => {
    const all = setup();
    const TargetParameters = {
      InputTemplate: '{"n": <$.dynamodb.NewImage.n.N>, "pipe": "<aws.pipes.pipe-name>", "none": <$.nothing>}',
      EventBridgeEventBusParameters: {
        DetailType: '$.eventName',
        Time: '$.dynamodb.ApproximateCreationDateTime',
        Resources: ['$.eventID', 'fixed'],
      },
    };
    all.pipes.call('CreatePipe', pipe({}, { TargetParameters }));
    all.stream.add(insert(4));
    await all.runtime.run({ until: LATER });
    expect(all.puts[0]).toEqual([
      {
        EventBusName: BUS,
        Source: 'Pipe log-to-bus',
        DetailType: 'INSERT',
        Detail: '{"n": "4", "pipe": "log-to-bus", "none": ""}',
        Resources: ['e000000000000000000001', 'fixed'],
        Time: STARTED_AT / 1000,
      },
    ]);
  });

  it('goes on after a restart with the position and the batch that failed', async () => {
    const first = setup();
    first.pipes.call('CreatePipe', pipe({ MaximumRetryAttempts: 3 }));
    first.stream.add(...inserts(0, 10));
    await first.runtime.run({ until: LATER });
    first.bus.refuses = (entry) => String(entry['Detail']).includes('"N":"12"');
    first.stream.add(...inserts(10, 14));
    await first.runtime.run({ until: LATER, done: () => first.puts.length === 3 });
    expect(delivered(first).slice(1)).toEqual([range(10, 14), [12]]);

    first.stream.add(...inserts(14, 16));
    const second = setup({ store: first.context.store, stream: first.stream });
    second.bus.refuses = first.bus.refuses;
    await second.runtime.run({ until: LATER });
    // Two more attempts make the three that are allowed; then the rest of the stream follows.
    expect(delivered(second)).toEqual([[12], [12], [14, 15]]);
    expect(second.queues.bodies(DLQ)).toHaveLength(1);
  });
});

describe('other targets and sources', () => {
  it('sends to a queue, and goes on with the record that it could not send', async () => {
    const all = setup();
    all.pipes.call('CreatePipe', pipe({}, { Target: QUEUE, TargetParameters: {} }));
    const failures = [new AwsError('ThrottlingException', 'slow down')];
    all.queues.failures.set(QUEUE, failures);
    all.stream.add(...inserts(0, 3));
    await all.runtime.run({ until: LATER });
    expect(all.queues.bodies(QUEUE).map((body) => numberIn(JSON.parse(body) as JsonObject))).toEqual([
      0, 1, 2,
    ]);
  });

  it('tries again the items that a function names', async () => {
    let calls = 0;
    const failed = { batchItemFailures: [{ itemIdentifier: 'e000000000000000000002' }] };
    const all = setup({ answer: () => JSON.stringify(calls++ === 0 ? failed : {}) });
    all.pipes.call('CreatePipe', pipe({}, { Target: DEDUP, TargetParameters: {} }));
    all.stream.add(...inserts(0, 3));
    await all.runtime.run({ until: LATER });
    const batches = all.functions.invocations.map(({ payload }) =>
      (JSON.parse(payload) as JsonObject[]).map(numberIn),
    );
    expect(batches).toEqual([[0, 1, 2], [1]]);
  });

  it('reads a queue, deletes what went through or is not wanted, and leaves what failed', async () => {
    const all = setup();
    all.bus.refuses = (entry) => String(entry['Detail']).includes('bad');
    const SourceParameters = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"want":[true]}}' }] } };
    const definition = pipe({}, { Source: QUEUE, SourceParameters });
    const TargetParameters = { InputTemplate: '{"name": <$.body.name>}' };
    all.pipes.call('CreatePipe', { ...definition, TargetParameters });
    for (const [name, want] of [
      ['good', true],
      ['bad', true],
      ['other', false],
    ] as const) {
      all.queues.send(QUEUE, JSON.stringify({ name, want }));
    }
    await all.runtime.run({ until: LATER });
    expect(all.puts.flat().map((entry) => entry['Detail'])).toEqual(['{"name": "good"}', '{"name": "bad"}']);
    expect(all.queues.bodies(QUEUE)).toEqual(['{"name":"bad","want":true}']);
    expect(all.warnings.join()).toContain('1 of 2 events were refused');
  });
});

describe('the API and Terraform', () => {
  it('stops and starts where it stood', async () => {
    const all = setup();
    all.pipes.call('CreatePipe', pipe());
    all.stream.add(insert(0));
    await all.runtime.run({ until: LATER });
    all.pipes.call('StopPipe', { Name: 'log-to-bus' });
    all.stream.add(insert(1));
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[0]]);
    expect(all.pipes.outstanding()).toBe(0);
    all.pipes.call('StartPipe', { Name: 'log-to-bus' });
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[0], [1]]);
    expect(all.pipes.call('DescribePipe', { Name: 'log-to-bus' })).toMatchObject({
      Arn: PIPE_ARN,
      CurrentState: 'RUNNING',
    });
  });

  it('waits while its role may not read the source', async () => {
    const all = setup();
    all.denied.add(STREAM);
    all.pipes.call('CreatePipe', pipe());
    all.stream.add(insert(0));
    await all.runtime.run({ until: STARTED_AT + 90_000 });
    expect(delivered(all)).toEqual([]);
    expect(all.warnings.join()).toContain('may not read its source');
    all.denied.clear();
    await all.runtime.run({ until: LATER });
    expect(delivered(all)).toEqual([[0]]);
  });

  it('refuses what it does not run, by name', () => {
    const { pipes } = setup();
    expect(() => pipes.call('CreatePipe', pipe({}, { Source: 'arn:aws:kinesis:x:1:stream/s' }))).toThrow(
      /does not read/,
    );
    expect(() => pipes.call('CreatePipe', pipe({}, { Target: 'arn:aws:sns:x:1:t' }))).toThrow(
      /does not deliver to/,
    );
    expect(() => pipes.call('CreatePipe', pipe({ BatchSize: 10_001 }))).toThrow(/between 1 and 10000/);
    expect(() => pipes.call('CreatePipe', pipe({ StartingPosition: 'AT_TIMESTAMP' }))).toThrow(/not valid/);
    expect(() => pipes.call('TagResource', {})).toThrow(/does not run pipes:TagResource/);
  });

  it('makes a pipe from Terraform’s blocks, changes it and takes it away', async () => {
    const all = setup();
    const [type] = all.pipes.resourceTypes;
    const args = {
      name: 'log-to-bus',
      role_arn: ROLE,
      source: STREAM,
      target: BUS,
      enrichment: DEDUP,
      source_parameters: {
        filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT"]}' }] },
        dynamodb_stream_parameters: [
          {
            starting_position: 'TRIM_HORIZON',
            batch_size: 2,
            maximum_retry_attempts: 0,
            on_partial_batch_item_failure: 'AUTOMATIC_BISECT',
            dead_letter_config: [{ arn: DLQ }],
          },
        ],
      },
      target_parameters: [{ eventbridge_event_bus_parameters: { detail_type: 'T', source: 's' } }],
    };
    const attributes = (await type?.create(args)) ?? {};
    expect(attributes).toMatchObject({ arn: PIPE_ARN, id: 'log-to-bus' });
    all.stream.add(insert(0), insert(1, { eventName: 'MODIFY' }), insert(2));
    await all.runtime.run({ until: LATER });
    expect(delivered(all).flat()).toEqual([0, 2]);
    expect(all.puts[0]?.[0]).toMatchObject({ DetailType: 'T', Source: 's' });
    expect(all.pipes.call('DescribePipe', { Name: 'log-to-bus' })['SourceParameters']).toMatchObject({
      DynamoDBStreamParameters: { BatchSize: 2, MaximumRetryAttempts: 0, DeadLetterConfig: { Arn: DLQ } },
    });

    const state = { arguments: args, attributes };
    const changed = { ...args, enrichment: null, desired_state: 'RUNNING' };
    await type?.update(changed, state);
    all.stream.add(insert(3));
    await all.runtime.run({ until: LATER });
    expect(delivered(all).flat()).toEqual([0, 2, 3]);
    expect(all.functions.invocations).toHaveLength(1);
    await type?.destroy(state);
    expect(all.pipes.call('ListPipes', {})).toEqual({ Pipes: [] });
  });
});
