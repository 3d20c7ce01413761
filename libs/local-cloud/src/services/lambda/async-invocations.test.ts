import { describe, expect, it } from '@jest/globals';
import { type Bench, lambdaBench, OWNER } from './lambda-bench.ts';

async function failing(
  bench: Bench,
  attempts: number[],
  args: Record<string, unknown> = {},
): Promise<string> {
  const start = bench.context.runtime.now();
  return bench.function(
    'worker',
    () => {
      attempts.push(bench.context.runtime.now() - start);
      throw new Error('intentional failure');
    },
    args,
  );
}

describe('asynchronous invocation', () => {
  it('retries after one and two minutes, then sends the event to the destination', async () => {
    const bench = lambdaBench();
    const failed = await bench.queue('failed-dlq');
    const attempts: number[] = [];
    const arn = await failing(bench, attempts);
    await bench.resource('aws_lambda_function_event_invoke_config', {
      function_name: 'worker',
      destination_config: [{ on_failure: [{ destination: failed }] }],
    });
    bench.lambda.functions.invokeAsync(arn, '{"message":"m"}', OWNER);
    expect(bench.lambda.outstanding()).toBe(1);
    await bench.context.advance(600_000);
    expect(attempts).toEqual([0, 60_000, 180_000]);
    expect(JSON.parse(bench.bodies(failed)[0] ?? '{}')).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { message: 'm' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'intentional failure', errorType: 'Error' },
    });
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it.each([
    { age: 60, count: 1 },
    { age: 90, count: 2 },
  ])('does not wait for a retry beyond the maximum age of $age s', async ({ age, count }) => {
    const bench = lambdaBench();
    const failed = await bench.queue('failed-dlq');
    const attempts: number[] = [];
    const arn = await failing(bench, attempts);
    await bench.resource('aws_lambda_function_event_invoke_config', {
      function_name: 'worker',
      maximum_event_age_in_seconds: age,
      destination_config: [{ on_failure: [{ destination: failed }] }],
    });
    bench.lambda.functions.invokeAsync(arn, '{}', OWNER);
    await bench.context.advance(600_000);
    expect(attempts).toHaveLength(count);
    expect(JSON.parse(bench.bodies(failed)[0] ?? '{}')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: count },
    });
  });

  it('sends the payload to the dead-letter queue with what went wrong', async () => {
    const bench = lambdaBench();
    const dead = await bench.queue('dead-dlq');
    const arn = await failing(bench, [], { dead_letter_config: { target_arn: dead } });
    await bench.resource('aws_lambda_function_event_invoke_config', {
      function_name: 'worker',
      maximum_retry_attempts: 0,
    });
    bench.lambda.functions.invokeAsync(arn, '{"raise_error":1}', OWNER);
    await bench.context.advance(1000);
    expect(bench.sqs.queues.receive(dead, 1)).toMatchObject([
      {
        body: '{"raise_error":1}',
        messageAttributes: {
          ErrorCode: { dataType: 'Number', stringValue: '200' },
          ErrorMessage: { stringValue: 'intentional failure' },
          RequestID: { dataType: 'String' },
        },
      },
    ]);
  });

  it('waits for a throttled function with growing pauses', async () => {
    const bench = lambdaBench();
    let invocations = 0;
    const arn = await bench.function(
      'worker',
      () => {
        invocations += 1;
      },
      {
        reserved_concurrent_executions: 0,
      },
    );
    bench.lambda.functions.invokeAsync(arn, '{}', OWNER);
    await bench.context.advance(60_000);
    expect(bench.lambda.outstanding()).toBe(1);
    await bench.function('worker', () => {
      invocations += 1;
    });
    await bench.context.advance(600_000);
    expect(invocations).toBe(1);
    expect(bench.lambda.outstanding()).toBe(0);
  });

  it('keeps events over a restart, with their attempts', async () => {
    const before = lambdaBench();
    const attempts: number[] = [];
    const arn = await failing(before, attempts);
    before.lambda.functions.invokeAsync(arn, '{}', OWNER);
    await before.context.advance(30_000);
    const after = lambdaBench({ store: before.context.store, startsAt: before.context.runtime.now() });
    const later: number[] = [];
    after.host.handlers.set('worker', () => {
      later.push(after.context.runtime.now() - before.context.runtime.now());
      throw new Error('still failing');
    });
    after.lambda.resume();
    await after.context.advance(600_000);
    expect(attempts).toEqual([0]);
    expect(later).toEqual([30_000, 150_000]);
    expect(after.lambda.outstanding()).toBe(0);
  });
});

describe('synchronous invocation', () => {
  it('answers results, errors and timeouts as Invoke does', async () => {
    const bench = lambdaBench();
    await bench.function('adds', (event) => ({ sum: Number(event['a']) + Number(event['b']) }));
    await bench.function('hangs', () => new Promise(() => undefined), { timeout: 2 });
    const invoke = (FunctionName: string, Payload: string, more = {}) =>
      bench.lambda.call('Invoke', { FunctionName, Payload, ...more }, OWNER);
    expect(await invoke('adds', '{"a":1,"b":2}')).toMatchObject({ StatusCode: 200, Payload: '{"sum":3}' });
    expect(await invoke('adds', '', { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    const hanging = invoke('hangs', '{}');
    await bench.context.advance(2000);
    const answer = await hanging;
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(String(answer['Payload']))).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 2\.00 seconds$/),
    });
    await expect(invoke('absent', '{}')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
    await expect(invoke('adds', '{')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  });

  it('throttles beyond the reserved concurrency', async () => {
    const bench = lambdaBench();
    await bench.function('hangs', () => new Promise(() => undefined), { reserved_concurrent_executions: 1 });
    const first = bench.lambda.call('Invoke', { FunctionName: 'hangs', Payload: '{}' }, OWNER);
    await expect(
      bench.lambda.call('Invoke', { FunctionName: 'hangs', Payload: '{}' }, OWNER),
    ).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    expect(bench.counted).toEqual(['hangs Throttles 1']);
    await bench.context.advance(10_000);
    expect(await first).toMatchObject({ FunctionError: 'Unhandled' });
  });

  it('writes permissions into the resource policy', async () => {
    const bench = lambdaBench();
    const arn = await bench.function('worker', () => null);
    await bench.resource('aws_lambda_permission', {
      statement_id: 'bus',
      action: 'lambda:InvokeFunction',
      function_name: 'worker',
      principal: 'events.amazonaws.com',
      source_arn: 'arn:aws:events:eu-west-2:000000000000:rule/payments/r',
    });
    expect(JSON.parse(bench.lambda.policyOf(arn) ?? '{}')).toMatchObject({
      Statement: [
        {
          Sid: 'bus',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: arn,
          Condition: {
            ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-2:000000000000:rule/payments/r' },
          },
        },
      ],
    });
  });
});
