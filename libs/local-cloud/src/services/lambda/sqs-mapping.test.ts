import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../core/aws-error.ts';
import { lambdaBench, ROLE } from './lambda-bench.ts';

type Event = { Records: Record<string, unknown>[] };
const bodiesOf = (event: Event): unknown[] => event.Records.map((record) => record['body']);

describe('an event source mapping of a queue', () => {
  it('invokes with batches in the shape of an SQS event, and deletes what is done', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders');
    const events: Event[] = [];
    await bench.function('worker', (event) => {
      events.push(event);
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
      batch_size: 2,
    });
    for (const body of ['a', 'b', 'c'])
      bench.sqs.queues.send(queue, body, { n: { DataType: 'Number', StringValue: '1' } });
    await bench.context.advance(1000);
    expect(events.map(bodiesOf)).toEqual([['a', 'b'], ['c']]);
    expect(events[0]?.Records[0]).toMatchObject({
      body: 'a',
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {
        n: { stringValue: '1', stringListValues: [], binaryListValues: [], dataType: 'Number' },
      },
      eventSource: 'aws:sqs',
      eventSourceARN: queue,
      awsRegion: 'eu-west-2',
    });
    expect(bench.sqs.outstanding() + bench.lambda.outstanding()).toBe(0);
    expect(bench.context.billed.get('lambda:requests')).toBe(2);
  });

  it('waits for the batch to fill or the window to end', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders');
    const calls: { at: number; bodies: unknown[] }[] = [];
    const start = bench.context.runtime.now();
    await bench.function('worker', (event) => {
      calls.push({ at: bench.context.runtime.now() - start, bodies: bodiesOf(event) });
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
      batch_size: 3,
      maximum_batching_window_in_seconds: 20,
    });
    await bench.context.advance(5000);
    bench.sqs.queues.send(queue, 'a');
    await bench.context.advance(4000);
    bench.sqs.queues.send(queue, 'b');
    await bench.context.advance(60_000);
    expect(calls).toEqual([{ at: expect.any(Number), bodies: ['a', 'b'] }]);
    expect(Math.round((calls[0]?.at ?? 0) / 1000)).toBe(25);
    for (const body of ['c', 'd', 'e']) bench.sqs.queues.send(queue, body);
    await bench.context.advance(1000);
    expect(calls[1]?.bodies).toEqual(['c', 'd', 'e']);
  });

  it('lets a failed batch reappear after the visibility timeout and ends it in the dead-letter queue', async () => {
    const bench = lambdaBench();
    const dead = await bench.queue('orders-dlq');
    const queue = await bench.queue('orders', {
      visibility_timeout_seconds: 30,
      redrive_policy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 3 }),
    });
    const attempts: number[] = [];
    await bench.function('worker', () => {
      attempts.push(bench.context.runtime.now());
      throw new Error('cannot');
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
    });
    bench.sqs.queues.send(queue, 'poison');
    await bench.context.advance(300_000);
    expect(attempts.map((at) => at - (attempts[0] ?? 0))).toEqual([0, 30_000, 60_000]);
    expect(bench.bodies(dead)).toEqual(['poison']);
    expect(bench.sqs.outstanding()).toBe(0);
  });

  it('keeps only the reported messages of a partly failed batch', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders', { visibility_timeout_seconds: 30 });
    const seen: unknown[][] = [];
    await bench.function('worker', (event) => {
      seen.push(bodiesOf(event));
      const failing = seen.length > 1 ? [] : event.Records.filter((record) => record['body'] === 'b');
      return { batchItemFailures: failing.map((record) => ({ itemIdentifier: record['messageId'] })) };
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
      function_response_types: ['ReportBatchItemFailures'],
    });
    for (const body of ['a', 'b', 'c']) bench.sqs.queues.send(queue, body);
    await bench.context.advance(60_000);
    expect(seen).toEqual([['a', 'b', 'c'], ['b']]);
    expect(bench.sqs.outstanding()).toBe(0);
  });

  it('deletes messages that the filter excludes, and takes up waiting ones when it is enabled', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders');
    const seen: unknown[][] = [];
    await bench.function('worker', (event) => {
      seen.push(bodiesOf(event));
    });
    const mapping = await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
      enabled: false,
      filter_criteria: { filter: [{ pattern: '{"body":{"kind":["wanted"]}}' }] },
    });
    bench.sqs.queues.send(queue, '{"kind":"other"}');
    bench.sqs.queues.send(queue, '{"kind":"wanted"}');
    await bench.context.advance(1000);
    expect(seen).toEqual([]);
    await bench.lambda.call(
      'UpdateEventSourceMapping',
      { UUID: String(mapping['uuid']), Enabled: true },
      { kind: 'owner' },
    );
    await bench.context.advance(1000);
    expect(seen).toEqual([['{"kind":"wanted"}']]);
    expect(bench.sqs.outstanding()).toBe(0);
  });

  it('tries a throttled batch again without losing it', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders', { visibility_timeout_seconds: 60 });
    let invocations = 0;
    await bench.function(
      'worker',
      () => {
        invocations += 1;
      },
      { reserved_concurrent_executions: 0 },
    );
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
    });
    bench.sqs.queues.send(queue, 'a');
    await bench.context.advance(10_000);
    expect(invocations).toBe(0);
    await bench.function('worker', () => {
      invocations += 1;
    });
    await bench.context.advance(60_000);
    expect(invocations).toBe(1);
    expect(bench.sqs.outstanding()).toBe(0);
  });

  it('hands a batch out again when the answer is lost', async () => {
    let losses = 1;
    const bench = lambdaBench({ faults: { losesAnswer: () => losses-- > 0 } });
    const queue = await bench.queue('orders', { visibility_timeout_seconds: 30 });
    let invocations = 0;
    await bench.function('worker', () => {
      invocations += 1;
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
    });
    bench.sqs.queues.send(queue, 'a');
    await bench.context.advance(60_000);
    expect(invocations).toBe(2);
    expect(bench.sqs.outstanding()).toBe(0);
  });

  it('polls with the role of the function, and waits while that may not', async () => {
    let allowed = false;
    const asked = new Set<string>();
    const bench = lambdaBench({
      authorize: (caller, action, resource) => {
        asked.add(`${caller.kind === 'role' ? caller.arn : caller.kind} ${action} ${resource}`);
        if (!allowed) throw new AwsError('AccessDeniedException', `may not ${action}`, { status: 403 });
      },
    });
    const queue = await bench.queue('orders');
    let invocations = 0;
    await bench.function('worker', () => {
      invocations += 1;
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
    });
    bench.sqs.queues.send(queue, 'a');
    await bench.context.advance(20_000);
    expect(invocations).toBe(0);
    expect(bench.context.warnings).toHaveLength(1);
    allowed = true;
    await bench.context.advance(20_000);
    expect(invocations).toBe(1);
    expect([...asked]).toEqual(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map(
        (action) => `${ROLE} ${action} ${queue}`,
      ),
    );
  });

  it('keeps a batch within the largest event', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders');
    const sizes: number[] = [];
    await bench.function('worker', (event) => {
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(6 * 1024 * 1024);
      sizes.push(event.Records.length);
    });
    await bench.resource('aws_lambda_event_source_mapping', {
      event_source_arn: queue,
      function_name: 'worker',
    });
    for (let n = 0; n < 10; n += 1) bench.sqs.queues.send(queue, 'x'.repeat(1_000_000));
    await bench.context.advance(1000);
    expect(sizes).toEqual([6, 4]);
  });

  it('refuses what AWS refuses', async () => {
    const bench = lambdaBench();
    const queue = await bench.queue('orders', { visibility_timeout_seconds: 5 });
    await bench.function('slow', () => null, { timeout: 60 });
    await bench.function('worker', () => null, { timeout: 5 });
    const create = (args: Record<string, unknown>) =>
      bench.resource('aws_lambda_event_source_mapping', {
        event_source_arn: queue,
        function_name: 'worker',
        ...args,
      });
    await expect(create({ function_name: 'slow' })).rejects.toThrow(
      'Queue visibility timeout: 5 seconds is less',
    );
    await expect(create({ batch_size: 11 })).rejects.toThrow('Maximum batch window');
    await expect(create({ filter_criteria: { filter: [{ pattern: '{"body":1}' }] } })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    await create({});
    await expect(create({})).rejects.toMatchObject({ code: 'ResourceConflictException' });
  });
});
