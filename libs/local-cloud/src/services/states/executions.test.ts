import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { Store } from '../../core/store.ts';
import { EXPRESS_KEPT_MAX } from './execution-store.ts';
import { EXPRESS_RUNNING_MAX } from './express-queue.ts';
import { StatesService } from './states-service.ts';
import { functionsOf, ROLE_ARN, testContext } from './testing/test-context.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const OWNER = { kind: 'owner' } as const;
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:work';
const TASK = { StartAt: 'T', States: { T: { Type: 'Task', Resource: FUNCTION, End: true } } };

async function create(service: StatesService, definition: JsonObject, type: string): Promise<string> {
  const made = await service.call(
    'CreateStateMachine',
    { name: 'm', type, roleArn: ROLE_ARN, definition: JSON.stringify(definition) },
    OWNER,
  );
  return String(made['stateMachineArn']);
}

describe('after a restart', () => {
  it.each(['STANDARD', 'EXPRESS'])(
    '%s executions that had not ended begin again, in their order',
    async (type) => {
      const store = new Store(':memory:');
      const before = new VirtualTime(0);
      const stuck = new StatesService(
        testContext({ runtime: before, store }),
        functionsOf(() => new Promise(() => {})),
      );
      const stateMachineArn = await create(stuck, TASK, type);
      const count = EXPRESS_RUNNING_MAX + 3;
      for (let index = 0; index < count; index += 1) {
        await stuck.call('StartExecution', { stateMachineArn, input: String(index) }, OWNER);
      }
      await before.run();
      expect(stuck.outstanding()).toBe(count);

      const runtime = new VirtualTime(1000);
      const inputs: number[] = [];
      const service = new StatesService(
        testContext({ runtime, store }),
        functionsOf((_, payload) => {
          inputs.push(Number(payload));
          return payload;
        }),
      );
      service.resume();
      expect(service.outstanding()).toBe(count);
      await runtime.run();
      expect(inputs).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(service.outstanding()).toBe(0);
      expect(service.executionCounts(stateMachineArn)).toMatchObject({ SUCCEEDED: count });
    },
  );
});

describe('the names of Standard executions', () => {
  const DAY_MS = 24 * 3600 * 1000;

  it.each([
    [89, false],
    [91, true],
  ])('are free again after 90 days: after %i days %s', async (days, isFree) => {
    const store = new Store(':memory:');
    const before = new VirtualTime(0);
    const service = new StatesService(
      testContext({ runtime: before, store }),
      functionsOf(() => '1'),
    );
    const execution = { stateMachineArn: await create(service, TASK, 'STANDARD'), name: 'once' };
    const { executionArn } = await service.call('StartExecution', execution, OWNER);
    await before.run();
    const later = testContext({ runtime: new VirtualTime(days * DAY_MS), store });
    const resumed = new StatesService(
      later,
      functionsOf(() => '1'),
    );
    resumed.resume();
    const starting = async () => resumed.call('StartExecution', { ...execution, input: '1' }, OWNER);
    if (isFree) expect(await starting()).toMatchObject({ executionArn });
    else await expect(starting()).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });
});

describe('many Express executions', () => {
  it('run so many at a time, and all of them', async () => {
    const runtime = new VirtualTime(0);
    const waiting: (() => void)[] = [];
    const service = new StatesService(
      testContext({ runtime }),
      functionsOf(() => new Promise((resolve) => waiting.push(() => resolve('1')))),
    );
    const stateMachineArn = await create(service, TASK, 'EXPRESS');
    const count = 3 * EXPRESS_RUNNING_MAX;
    for (let index = 0; index < count; index += 1)
      await service.call('StartExecution', { stateMachineArn }, OWNER);
    for (const left of [count, count - EXPRESS_RUNNING_MAX, count - 2 * EXPRESS_RUNNING_MAX]) {
      await runtime.run();
      expect(waiting).toHaveLength(EXPRESS_RUNNING_MAX);
      expect(service.outstanding()).toBe(left);
      for (const answer of waiting.splice(0)) answer();
    }
    await runtime.run();
    expect(service.outstanding()).toBe(0);
  });

  it('keep only the last that failed', async () => {
    const runtime = new VirtualTime(0);
    const service = new StatesService(
      testContext({ runtime }),
      functionsOf(() => undefined),
    );
    const stateMachineArn = await create(service, TASK, 'EXPRESS');
    const count = 2 * EXPRESS_KEPT_MAX + 5;
    let last: unknown;
    for (let index = 0; index < count; index += 1) {
      last = (await service.call('StartExecution', { stateMachineArn }, OWNER))['executionArn'];
    }
    await runtime.run();
    const listed = await service.call('ListExecutions', { stateMachineArn, maxResults: 1 }, OWNER);
    expect(listed['executions']).toMatchObject([{ executionArn: last, status: 'FAILED' }]);
    const page = await service.call(
      'ListExecutions',
      { stateMachineArn, nextToken: '0', maxResults: 1000 },
      OWNER,
    );
    expect(page['nextToken']).toBe('1000');
    const rest = await service.call(
      'ListExecutions',
      { stateMachineArn, nextToken: '1000', maxResults: 1000 },
      OWNER,
    );
    expect(rest['nextToken']).toBeUndefined();
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ FAILED: count });
  });

  it('run again where their answer was lost', async () => {
    const runtime = new VirtualTime(0);
    let lost = 2;
    const faults = {
      losesAnswer: () => {
        lost -= 1;
        return lost >= 0;
      },
    };
    let calls = 0;
    const context = testContext({ runtime, faults });
    const service = new StatesService(
      context,
      functionsOf(() => {
        calls += 1;
        return '1';
      }),
    );
    const stateMachineArn = await create(service, TASK, 'EXPRESS');
    await service.call('StartExecution', { stateMachineArn }, OWNER);
    await runtime.run();
    expect(calls).toBe(3);
    expect(service.executionCounts(stateMachineArn)).toMatchObject({ SUCCEEDED: 1 });
    expect(context.bills.get('states:express-requests')).toBe(3);
    expect(service.outstanding()).toBe(0);
  });

  it('do not run again when they failed', async () => {
    const runtime = new VirtualTime(0);
    let calls = 0;
    const service = new StatesService(
      testContext({ runtime, faults: { losesAnswer: () => true } }),
      functionsOf(() => {
        calls += 1;
        return undefined;
      }),
    );
    const stateMachineArn = await create(service, TASK, 'EXPRESS');
    await service.call('StartExecution', { stateMachineArn }, OWNER);
    await runtime.run();
    expect(calls).toBe(1);
  });

  it('go with their machine when it is removed', async () => {
    const runtime = new VirtualTime(0);
    const service = new StatesService(
      testContext({ runtime }),
      functionsOf(async () => '1'),
    );
    const stateMachineArn = await create(
      service,
      { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 9, End: true } } },
      'EXPRESS',
    );
    for (let index = 0; index < EXPRESS_RUNNING_MAX + 5; index += 1) {
      await service.call('StartExecution', { stateMachineArn }, OWNER);
    }
    const running = runtime.run();
    await new Promise((resolve) => setImmediate(resolve));
    await service.call('DeleteStateMachine', { stateMachineArn }, OWNER);
    await running;
    expect(service.outstanding()).toBe(0);
    expect(runtime.now()).toBe(0);
    expect(await create(service, TASK, 'EXPRESS')).toBe(stateMachineArn);
  });
});

describe('in a simulation', () => {
  const FORKING = {
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        End: true,
        Branches: [
          {
            StartAt: 'W',
            States: { W: { Type: 'Wait', Seconds: 5, Next: 'A' }, A: { Type: 'Pass', End: true } },
          },
          {
            StartAt: 'M',
            States: {
              M: {
                Type: 'Map',
                End: true,
                ItemProcessor: {
                  StartAt: 'T',
                  States: {
                    T: {
                      Type: 'Task',
                      Resource: FUNCTION,
                      End: true,
                      Retry: [{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL', MaxAttempts: 9 }],
                    },
                  },
                },
              },
            },
          },
        ],
      },
    },
  };

  async function simulate(seed: number): Promise<string> {
    const runtime = new SimulatedRuntime(seed, 0);
    const context = testContext({ runtime });
    const service = new StatesService(context, {
      invoke: async (_, payload) => {
        await new Promise((resolve) => setImmediate(resolve));
        const failed = runtime.random() < 0.5;
        return {
          payload: failed ? '{"errorType":"Flaky"}' : payload,
          functionError: failed ? 'Unhandled' : undefined,
        };
      },
      invokeAsync: () => {},
    });
    const stateMachineArn = await create(service, FORKING, 'STANDARD');
    const runs = ['one', 'two'].map((name) =>
      service.call('StartExecution', { stateMachineArn, name, input: '[1,2,3]' }, OWNER),
    );
    const started = await Promise.all(runs);
    await runtime.run({ until: 3_600_000 });
    expect(service.outstanding()).toBe(0);
    const histories = started.map(({ executionArn }) =>
      service.call('GetExecutionHistory', { executionArn, maxResults: 1000 }, OWNER),
    );
    for (const { executionArn } of started) {
      expect(await service.call('DescribeExecution', { executionArn }, OWNER)).toMatchObject({
        output: '[[1,2,3],[1,2,3]]',
      });
    }
    return JSON.stringify(await Promise.all(histories));
  }

  it('one seed is one history, and another seed another', async () => {
    const first = await simulate(7);
    expect(await simulate(7)).toBe(first);
    expect(await simulate(8)).not.toBe(first);
  });
});
