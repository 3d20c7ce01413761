import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject, type JsonValue } from '../../../core/aws-error.ts';
import type { InvocationResult } from '../../../core/seams.ts';
import type { Principal, ServiceName } from '../../../core/service.ts';
import { StatesService } from '../states-service.ts';
import { ROLE_ARN, testContext } from '../testing/test-context.ts';
import { VirtualTime } from '../testing/virtual-time.ts';

const OWNER = { kind: 'owner' } as const;

interface Called {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: JsonObject;
  readonly caller: Principal;
}

/** Runs one Task state and gives how the execution ended beside what was called. */
async function runTask(
  task: JsonObject,
  answers: {
    api?: (call: Called) => JsonObject;
    invoke?: (functionArn: string, payload: string, caller: Principal) => InvocationResult;
  },
): Promise<{ execution: JsonObject; output: JsonValue; calls: readonly Called[] }> {
  const calls: Called[] = [];
  const runtime = new VirtualTime(0);
  const context = testContext({
    runtime,
    call: async (service, operation, input, caller) => {
      calls.push({ service, operation, input, caller });
      return answers.api?.({ service, operation, input, caller }) ?? {};
    },
  });
  const service = new StatesService(context, {
    invoke: async (...call) => answers.invoke?.(...call) ?? { payload: 'null', functionError: undefined },
    invokeAsync: (...call) => void answers.invoke?.(...call),
  });
  const definition = JSON.stringify({ StartAt: 'T', States: { T: { Type: 'Task', End: true, ...task } } });
  const machine = { name: 'm', type: 'STANDARD', roleArn: ROLE_ARN, definition };
  const { stateMachineArn } = await service.call('CreateStateMachine', machine, OWNER);
  const { executionArn } = await service.call('StartExecution', { stateMachineArn, name: 'run' }, OWNER);
  await runtime.run();
  const execution = await service.call('DescribeExecution', { executionArn }, OWNER);
  const { output } = execution;
  return { execution, output: typeof output === 'string' ? JSON.parse(output) : null, calls };
}

const ROLE = { kind: 'role', arn: ROLE_ARN };

describe('events:putEvents', () => {
  const entries = [
    { Source: 's', DetailType: 't', Detail: { a: 1 }, Resources: ['r'] },
    { Detail: '{"b":2}' },
  ];
  const task = { Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries: entries } };

  it('puts texts of details, with the ARNs of machine and execution, as the role', async () => {
    const { calls, output } = await runTask(task, { api: () => ({ FailedEntryCount: 0, Entries: [] }) });
    const arns = [
      'arn:aws:states:us-east-1:111111111111:stateMachine:m',
      'arn:aws:states:us-east-1:111111111111:execution:m:run',
    ];
    expect(calls).toEqual([
      {
        service: 'events',
        operation: 'PutEvents',
        caller: ROLE,
        input: {
          Entries: [
            { Source: 's', DetailType: 't', Detail: '{"a":1}', Resources: ['r', ...arns] },
            { Detail: '{"b":2}', Resources: arns },
          ],
        },
      },
    ]);
    expect(output).toEqual({ FailedEntryCount: 0, Entries: [] });
  });

  it('fails when one entry fails, and a retry puts all of them again', async () => {
    let failures = 1;
    const retried = { ...task, Retry: [{ ErrorEquals: ['EventBridge.FailedEntry'] }] };
    const { calls, execution } = await runTask(retried, {
      api: () => {
        failures -= 1;
        return {
          FailedEntryCount: failures >= 0 ? 1 : 0,
          Entries: [{ EventId: 'e' }, { ErrorCode: 'InternalFailure' }],
        };
      },
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toHaveLength(2);
    expect(calls[1]).toEqual(calls[0]);
  });
});

describe('lambda:invoke', () => {
  const task = (parameters: JsonObject) => ({
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: parameters,
  });

  it.each<[JsonObject, string, string]>([
    [{ FunctionName: 'f' }, 'arn:aws:lambda:us-east-1:111111111111:function:f', '{}'],
    [
      { FunctionName: 'f:live', Payload: [1] },
      'arn:aws:lambda:us-east-1:111111111111:function:f:live',
      '[1]',
    ],
    [
      { FunctionName: '111111111111:function:f', Qualifier: '2', Payload: 'text' },
      'arn:aws:lambda:us-east-1:111111111111:function:f:2',
      '"text"',
    ],
    [
      { FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:f', Payload: '{"a":1}' },
      'arn:aws:lambda:us-east-1:111111111111:function:f',
      '{"a":1}',
    ],
  ])('invokes %j', async (parameters, functionArn, payload) => {
    const invoked: unknown[] = [];
    const { output } = await runTask(task(parameters), {
      invoke: (...call) => {
        invoked.push(call);
        return { payload: '{"ok":true}', functionError: undefined };
      },
    });
    expect(invoked).toEqual([[functionArn, payload, ROLE]]);
    expect(output).toMatchObject({ Payload: { ok: true }, StatusCode: 200 });
  });

  it('does not wait for a function that is invoked as an event', async () => {
    const { output } = await runTask(task({ FunctionName: 'f', InvocationType: 'Event' }), {});
    expect(output).toMatchObject({ StatusCode: 202 });
  });

  it.each<[string, string]>([
    ['{"errorType":"ValidationError","errorMessage":"m"}', 'ValidationError'],
    ['{"errorMessage":"gone"}', 'Lambda.Unknown'],
  ])('fails as the function says: %s', async (payload, error) => {
    const { execution } = await runTask(task({ FunctionName: 'f' }), {
      invoke: () => ({ payload, functionError: 'Unhandled' }),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error, cause: payload });
  });

  it('fails as Lambda refuses it', async () => {
    const { execution } = await runTask(task({ FunctionName: 'f' }), {
      invoke: () => {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
      },
    });
    expect(execution).toMatchObject({
      error: 'Lambda.TooManyRequestsException',
      cause: expect.stringMatching(
        /^Rate Exceeded\. \(Service: AWSLambda; Status Code: 429; Error Code: TooMany/,
      ),
    });
  });
});

describe('other services', () => {
  it.each<[string, JsonObject, ServiceName, string, JsonObject]>([
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: { a: 1 } },
      'sqs',
      'SendMessage',
      { QueueUrl: 'q', MessageBody: '{"a":1}' },
    ],
    ['sns:publish', { TopicArn: 't', Message: 'm' }, 'sns', 'Publish', { TopicArn: 't', Message: 'm' }],
    [
      'states:startExecution',
      { StateMachineArn: 'a', Input: { b: 1 } },
      'states',
      'StartExecution',
      { stateMachineArn: 'a', input: '{"b":1}' },
    ],
    ['aws-sdk:sqs:purgeQueue', { QueueUrl: 'q' }, 'sqs', 'PurgeQueue', { QueueUrl: 'q' }],
    [
      'aws-sdk:cloudwatchlogs:putLogEvents',
      { LogEvents: [{ Message: 'm' }] },
      'logs',
      'PutLogEvents',
      { logEvents: [{ message: 'm' }] },
    ],
  ])('%s is called as the role', async (resource, parameters, service, operation, input) => {
    const task = { Resource: `arn:aws:states:::${resource}`, Parameters: parameters };
    const { calls } = await runTask(task, {});
    expect(calls).toEqual([{ service, operation, input, caller: ROLE }]);
  });

  it('refuse with the names that AWS has', async () => {
    const refuse = (): JsonObject => {
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    };
    const parameters = { TableName: 't' };
    const optimized = { Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: parameters };
    const sdk = { Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem', Parameters: parameters };
    expect((await runTask(optimized, { api: refuse })).execution).toMatchObject({
      error: 'DynamoDB.ConditionalCheckFailedException',
    });
    expect((await runTask(sdk, { api: refuse })).execution).toMatchObject({
      error: 'DynamoDb.ConditionalCheckFailedException',
    });
  });

  it('waits for an execution that takes a while', async () => {
    let asked = 0;
    const task = {
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: 'a' },
    };
    const { output } = await runTask(task, {
      api: ({ operation }) => {
        if (operation === 'StartExecution') return { executionArn: 'e', startDate: 1 };
        asked += 1;
        return asked < 4 ? { status: 'RUNNING' } : { status: 'SUCCEEDED', output: '{"c":1}', startDate: 1.5 };
      },
    });
    expect(asked).toBe(4);
    expect(output).toEqual({ Status: 'SUCCEEDED', Output: { c: 1 }, StartDate: 1500 });
  });

  it.each([
    'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    'arn:aws:states:::batch:submitJob',
    'arn:aws:states:::aws-sdk:ec2:runInstances',
    'arn:aws:states:us-east-1:111111111111:activity:a',
  ])('%s is refused when the machine is created', async (resource) => {
    await expect(runTask({ Resource: resource }, {})).rejects.toMatchObject({ code: 'InvalidDefinition' });
  });
});
