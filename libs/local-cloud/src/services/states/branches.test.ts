import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { DATA_BYTES_MAX } from './asl/data-limit.ts';
import { StatesService } from './states-service.ts';
import { ROLE_ARN, testContext } from './testing/test-context.ts';

const OWNER = { kind: 'owner' } as const;
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:work';
const WORK = { Type: 'Task', Resource: FUNCTION };

/**
 * Runs a machine in a simulation with a function that gives its payload, some turns of the event loop later
 * (as many as a number in the payload says), and refuses payloads that say `bad`.
 */
async function simulate(states: JsonObject, input: JsonValue) {
  const runtime = new SimulatedRuntime(1, 0);
  const invoked: string[] = [];
  const context = testContext({
    runtime,
    call: async () => ({ Large: 'x'.repeat(DATA_BYTES_MAX) }),
  });
  const service = new StatesService(context, {
    invoke: async (_, payload) => {
      invoked.push(payload);
      const turns = Number(/\d+/.exec(payload)?.[0] ?? 1);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (payload.includes('bad')) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.');
      return { payload, functionError: undefined };
    },
    invokeAsync: () => {},
  });
  const definition = JSON.stringify({ StartAt: 'Start', States: states });
  const machine = { name: 'm', type: 'STANDARD', roleArn: ROLE_ARN, definition };
  const { stateMachineArn } = await service.call('CreateStateMachine', machine, OWNER);
  const start = { stateMachineArn, input: JSON.stringify(input) };
  const { executionArn } = await service.call('StartExecution', start, OWNER);
  await runtime.run({ until: 3_600_000 });
  expect(service.outstanding()).toBe(0);
  const execution = await service.call('DescribeExecution', { executionArn }, OWNER);
  return { execution, invoked, now: runtime.now() };
}

function map(more: JsonObject, states: JsonObject): JsonObject {
  return { Type: 'Map', End: true, ItemProcessor: { StartAt: 'Item', States: states }, ...more };
}

describe('an execution in a simulation', () => {
  it('goes on after its sleep within one task, whatever it waits for', async () => {
    const { execution, now } = await simulate(
      {
        Start: { Type: 'Wait', Seconds: 5, Next: 'First' },
        First: { ...WORK, Next: 'Second' },
        Second: { ...WORK, End: true },
      },
      1,
    );
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '1' });
    expect(now).toBe(5000);
  });
});

describe('branches that begin after a sleep', () => {
  it('have all ended when the task that woke their execution ends', async () => {
    const { execution } = await simulate(
      {
        Start: { Type: 'Wait', Seconds: 5, Next: 'Each' },
        Each: map({}, { Item: { ...WORK, End: true } }),
      },
      [1, 5, 50],
    );
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '[1,5,50]' });
  });
});

describe('when a branch fails', () => {
  const caught = { Catch: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], Next: 'Caught' }] };
  const Caught = { Type: 'Pass', Parameters: { 'error.$': '$.Error' }, End: true };

  it('one that sleeps ends at once', async () => {
    const { execution, now } = await simulate(
      {
        Start: {
          Type: 'Parallel',
          End: true,
          ...caught,
          Branches: [
            { StartAt: 'Bad', States: { Bad: { ...WORK, End: true } } },
            {
              StartAt: 'Wait',
              States: { Wait: { Type: 'Wait', Seconds: 60, Next: 'Never' }, Never: { ...WORK, End: true } },
            },
            {
              StartAt: 'Inner',
              States: { Inner: map({}, { Item: { Type: 'Wait', Seconds: 90, End: true } }) },
            },
          ],
        },
        Caught,
      },
      ['bad'],
    );
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"error":"Lambda.TooManyRequestsException"}',
    });
    expect(now).toBe(0);
  });

  it('one that works begins no further state, and no further item is begun', async () => {
    const { execution, invoked } = await simulate(
      {
        Start: map(
          { MaxConcurrency: 2, ...caught },
          { Item: { ...WORK, Next: 'Then' }, Then: { ...WORK, End: true } },
        ),
        Caught,
      },
      ['bad', 'good', 'late'],
    );
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"error":"Lambda.TooManyRequestsException"}',
    });
    expect(invoked).toEqual(['"bad"', '"good"']);
  });

  it('the whole state is retried', async () => {
    const { execution, invoked, now } = await simulate(
      {
        Start: map(
          { Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 }] },
          { Item: { ...WORK, End: true } },
        ),
      },
      ['bad'],
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException' });
    expect(invoked).toHaveLength(3);
    expect(now).toBe(3000);
  });
});

describe('a Map state', () => {
  const tolerant = (more: JsonObject) => ({ Start: map(more, { Item: { ...WORK, End: true } }) });

  it.each<[JsonObject, JsonValue[], string]>([
    [{ ToleratedFailureCount: 1 }, ['bad', 'a', 'b'], 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, ['bad', 'a', 'bad'], 'FAILED'],
    [{ ToleratedFailurePercentage: 50 }, ['bad', 'a', 'bad', 'b'], 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 50, ToleratedFailureCount: 1 }, ['bad', 'a', 'bad', 'b'], 'FAILED'],
    [{ ToleratedFailureCount: 0 }, ['a', 'b'], 'SUCCEEDED'],
  ])('with %j and items %j %s', async (more, items, status) => {
    const { execution } = await simulate(tolerant(more), items);
    expect(execution).toMatchObject({ status });
    if (status === 'FAILED')
      expect(execution).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
  });

  it('gives its items their place and value, and the state around them', async () => {
    const { execution } = await simulate(
      {
        Start: map(
          {
            ItemsPath: '$.items',
            ItemSelector: {
              'value.$': '$$.Map.Item.Value',
              'index.$': '$$.Map.Item.Index',
              'state.$': '$$.State.Name',
              'all.$': '$.items[*]',
            },
            ResultPath: '$.results',
          },
          { Item: { Type: 'Pass', End: true } },
        ),
      },
      { items: ['a', 'b'] },
    );
    const result = { state: 'Start', all: ['a', 'b'] };
    expect(JSON.parse(String(execution['output']))).toEqual({
      items: ['a', 'b'],
      results: [
        { value: 'a', index: 0, ...result },
        { value: 'b', index: 1, ...result },
      ],
    });
  });

  it('needs a list', async () => {
    const { execution } = await simulate(tolerant({}), { not: 'a list' });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('a task whose answer is too large', () => {
  it.each(['States.ALL', 'States.DataLimitExceeded'])('is caught by %s', async (name) => {
    const { execution } = await simulate(
      {
        Start: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:dynamodb:scan',
          End: true,
          Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
        },
        Caught: { Type: 'Pass', OutputPath: '$.Cause', End: true },
      },
      {},
    );
    expect(execution['output']).toMatch(/^"The state\/task 'aws-sdk:dynamodb' returned a result with a size/);
  });
});
