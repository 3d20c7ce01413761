import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import type { Principal } from '../../core/service.ts';
import { StatesService } from './states-service.ts';
import { functionsOf, ROLE_ARN, testContext } from './testing/test-context.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const OWNER: Principal = { kind: 'owner' };
const ROLE: Principal = { kind: 'role', arn: ROLE_ARN };
const WAITING = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
const PASSING = { StartAt: 'P', States: { P: { Type: 'Pass', Result: { done: true }, End: true } } };
const FAILING = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Refused', Cause: 'secret' } } };

let runtime: VirtualTime;
let context: ReturnType<typeof testContext>;
let service: StatesService;

beforeEach(() => {
  runtime = new VirtualTime(1_000_000);
  context = testContext({ runtime });
  service = new StatesService(
    context,
    functionsOf(() => undefined),
  );
});

async function call(operation: string, input: JsonObject, caller = OWNER): Promise<JsonObject> {
  return service.call(operation, input, caller);
}

async function machine(definition: JsonObject, type = 'STANDARD', more: JsonObject = {}): Promise<string> {
  const created = await call('CreateStateMachine', {
    name: `m${type}`,
    type,
    roleArn: ROLE_ARN,
    definition: JSON.stringify(definition),
    ...more,
  });
  return String(created['stateMachineArn']);
}

describe('state machines', () => {
  it('are created, described, listed, changed and deleted', async () => {
    const stateMachineArn = await machine(PASSING);
    expect(stateMachineArn).toBe('arn:aws:states:us-east-1:111111111111:stateMachine:mSTANDARD');
    await call('UpdateStateMachine', { stateMachineArn, definition: JSON.stringify(WAITING) });
    expect(await call('DescribeStateMachine', { stateMachineArn })).toMatchObject({
      definition: JSON.stringify(WAITING),
      creationDate: 1000,
      type: 'STANDARD',
      status: 'ACTIVE',
      roleArn: ROLE_ARN,
    });
    expect((await call('ListStateMachines', {}))['stateMachines']).toHaveLength(1);
    await call('DeleteStateMachine', { stateMachineArn });
    await expect(call('DescribeStateMachine', { stateMachineArn })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
  });

  it('are the same when created again alike, and refused when not', async () => {
    expect(await machine(PASSING)).toBe(await machine(PASSING));
    await expect(machine(WAITING)).rejects.toMatchObject({ code: 'StateMachineAlreadyExists' });
    await expect(machine(PASSING, 'STANDARD', { name: 'a b' })).rejects.toMatchObject({
      code: 'InvalidName',
    });
  });

  it('are validated without being created', async () => {
    const definition = JSON.stringify({ ...PASSING, StartAt: 'Q' });
    const result = await call('ValidateStateMachineDefinition', { definition });
    expect(result).toMatchObject({ result: 'FAIL', diagnostics: [{ severity: 'ERROR' }] });
    expect(
      await call('ValidateStateMachineDefinition', { definition: JSON.stringify(PASSING) }),
    ).toMatchObject({
      result: 'OK',
    });
  });

  it('cannot wait for jobs when they are Express', async () => {
    const waiting = {
      StartAt: 'S',
      States: { S: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync', End: true } },
    };
    await expect(machine(waiting, 'EXPRESS')).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringMatching(/Express state machine cannot wait/),
    });
    expect(await machine(waiting)).toMatch(/mSTANDARD$/);
  });

  it('have operations that are not run here, which are named', async () => {
    await expect(call('SendTaskSuccess', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});

describe('Standard executions', () => {
  it('are one execution while they run, by name and input', async () => {
    const stateMachineArn = await machine(WAITING);
    const start = (input: string) => call('StartExecution', { stateMachineArn, name: 'one', input });
    const first = await start('{"a":1}');
    expect(first).toEqual({
      executionArn: 'arn:aws:states:us-east-1:111111111111:execution:mSTANDARD:one',
      startDate: 1000,
    });
    expect(await start('{"a":1}')).toEqual(first);
    expect(service.outstanding()).toBe(1);
    await expect(start('{"a":2}')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await runtime.run();
    expect(service.outstanding()).toBe(0);
    await expect(start('{"a":1}')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('are described while they run and after, in virtual time', async () => {
    const stateMachineArn = await machine(WAITING);
    const { executionArn } = await call('StartExecution', { stateMachineArn, input: '{"a":1}' });
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    await runtime.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"a":1}',
      output: '{"a":1}',
      startDate: 1000,
      stopDate: 1060,
    });
    expect(context.bills).toEqual(new Map([['states:standard-transitions', 1]]));
  });

  it('have a history, in pages and backwards', async () => {
    const stateMachineArn = await machine(PASSING);
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    await runtime.run();
    const first = await call('GetExecutionHistory', { executionArn, maxResults: 3 });
    expect(first['events']).toMatchObject([
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } },
      { id: 2, type: 'PassStateEntered', stateEnteredEventDetails: { name: 'P', input: '{}' } },
      {
        id: 3,
        previousEventId: 2,
        type: 'PassStateExited',
        stateExitedEventDetails: { output: '{"done":true}' },
      },
    ]);
    const nextToken = String(first['nextToken']);
    expect(await call('GetExecutionHistory', { executionArn, nextToken })).toMatchObject({
      events: [{ id: 4, type: 'ExecutionSucceeded' }],
    });
    expect(
      await call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 }),
    ).toMatchObject({
      events: [{ id: 4 }],
    });
  });

  it('are stopped, asleep or not yet begun', async () => {
    const stateMachineArn = await machine(WAITING);
    const asleep = await call('StartExecution', { stateMachineArn, name: 'asleep' });
    const running = runtime.run();
    await new Promise((resolve) => setImmediate(resolve));
    const queued = await call('StartExecution', { stateMachineArn, name: 'queued' });
    for (const { executionArn } of [asleep, queued]) {
      await call('StopExecution', { executionArn, error: 'E', cause: 'why' });
      expect(await call('DescribeExecution', { executionArn })).toMatchObject({
        status: 'ABORTED',
        error: 'E',
        cause: 'why',
      });
    }
    await running;
    expect(service.outstanding()).toBe(0);
    expect(runtime.now()).toBe(1_000_000);
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ ABORTED: 2, SUCCEEDED: 0 });
  });

  it('time out when their definition says so', async () => {
    const stateMachineArn = await machine({ ...WAITING, TimeoutSeconds: 10 });
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    await runtime.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'TIMED_OUT',
      error: 'States.Timeout',
    });
    expect(runtime.now()).toBe(1_010_001);
  });

  it('are listed by status', async () => {
    const stateMachineArn = await machine(PASSING);
    for (const name of ['a', 'b']) await call('StartExecution', { stateMachineArn, name });
    await runtime.run();
    const listed = await call('ListExecutions', { stateMachineArn, statusFilter: 'SUCCEEDED' });
    expect(listed['executions']).toMatchObject([{ name: 'b' }, { name: 'a' }]);
    expect(await call('ListExecutions', { stateMachineArn, statusFilter: 'FAILED' })).toEqual({
      executions: [],
    });
  });

  it.each(['{', 'x'.repeat(300_000)])('need an input that is JSON and not too large', async (input) => {
    const stateMachineArn = await machine(PASSING);
    await expect(call('StartExecution', { stateMachineArn, input })).rejects.toMatchObject({
      code: 'InvalidExecutionInput',
    });
  });

  it('fail when data grow over the limit, which no Catch takes', async () => {
    const doubled = { 'a.$': '$', 'b.$': '$' };
    const stateMachineArn = await machine({
      StartAt: 'P',
      States: { P: { Type: 'Pass', Parameters: doubled, End: true } },
    });
    const input = JSON.stringify('x'.repeat(200_000));
    const { executionArn } = await call('StartExecution', { stateMachineArn, input });
    await runtime.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });
});

describe('Express executions', () => {
  it('answer their caller when it waits', async () => {
    const stateMachineArn = await machine(PASSING, 'EXPRESS');
    const finished = await call('StartSyncExecution', { stateMachineArn, name: 'n' }, ROLE);
    expect(finished).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}', name: 'n' });
    expect(finished['executionArn']).toMatch(/:express:mEXPRESS:n:[0-9a-f-]{36}$/);
    expect(context.bills).toEqual(new Map([['states:express-requests', 1]]));
    const standard = await machine(PASSING);
    await expect(call('StartSyncExecution', { stateMachineArn: standard })).rejects.toMatchObject({
      code: 'StateMachineTypeNotSupported',
    });
  });

  it('are another execution for every start of the same name', async () => {
    const stateMachineArn = await machine(PASSING, 'EXPRESS');
    const first = await call('StartExecution', { stateMachineArn, name: 'same' });
    const second = await call('StartExecution', { stateMachineArn, name: 'same' });
    expect(second['executionArn']).not.toBe(first['executionArn']);
    await runtime.run();
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ SUCCEEDED: 2 });
  });

  it('leave nothing but a count when they succeed', async () => {
    const stateMachineArn = await machine(PASSING, 'EXPRESS');
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    await runtime.run();
    await expect(call('DescribeExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
  });

  it('are kept with their history where everything is logged', async () => {
    const stateMachineArn = await machine(PASSING, 'EXPRESS', { loggingConfiguration: { level: 'ALL' } });
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    await runtime.run();
    expect((await call('GetExecutionHistory', { executionArn }))['events']).toHaveLength(4);
    await expect(call('DescribeExecution', { executionArn }, ROLE)).rejects.toMatchObject({
      code: 'InvalidArn',
    });
  });

  it('that fail are counted, kept, and said without their data', async () => {
    const stateMachineArn = await machine(FAILING, 'EXPRESS');
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    await runtime.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      error: 'Refused',
      cause: 'secret',
    });
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ FAILED: 1 });
    expect(context.warnings).toEqual([
      `states: ${executionArn} ended as FAILED (Refused), and what started it is lost`,
    ]);
  });

  it('end after five minutes', async () => {
    const long = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } };
    const stateMachineArn = await machine(long, 'EXPRESS');
    await call('StartExecution', { stateMachineArn });
    await runtime.run();
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ TIMED_OUT: 1 });
    expect(runtime.now()).toBe(1_300_001);
  });
});
