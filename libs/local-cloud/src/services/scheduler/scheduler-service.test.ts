import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { LocalService } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import { simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { SchedulerService } from './scheduler-service.ts';

const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const FUNCTION = 'arn:aws:lambda:eu-west-2:000000000000:function:worker';
const QUEUE = 'arn:aws:sqs:eu-west-2:000000000000:in';
const DEAD = 'arn:aws:sqs:eu-west-2:000000000000:missed-dlq';

/** Stands for Lambda: says what it was asked, or refuses with what a test wants. */
class AskedLambda implements LocalService {
  readonly name = 'lambda';
  readonly resourceTypes = [];
  readonly asked: { at: number; input: JsonObject; caller: Principal }[] = [];
  refusal: AwsError | undefined;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  call(_operation: string, input: JsonObject, caller: Principal): JsonObject {
    this.asked.push({ at: this.#now(), input, caller });
    if (this.refusal !== undefined) throw this.refusal;
    return { StatusCode: 202 };
  }

  resume(): void {}

  outstanding(): number {
    return 0;
  }
}

async function setUp(options: Parameters<typeof simulatedContext>[0] = {}) {
  const context = simulatedContext(options);
  const lambda = new AskedLambda(() => context.runtime.now());
  const sqs = new SqsService(context);
  const scheduler = new SchedulerService(context);
  context.add(lambda);
  context.add(sqs);
  for (const name of ['in', 'missed-dlq'])
    await sqs.call('CreateQueue', { QueueName: name }, { kind: 'owner' });
  const create = (args: JsonObject = {}, target: JsonObject = {}) => {
    const type = scheduler.resourceTypes.find((candidate) => candidate.type === 'aws_scheduler_schedule');
    if (type === undefined) throw new Error('no aws_scheduler_schedule');
    return type.create({
      name: 'drain',
      schedule_expression: 'rate(1 hour)',
      flexible_time_window: { mode: 'OFF' },
      target: { arn: FUNCTION, role_arn: ROLE, input: '{"drain":true}', ...target },
      ...args,
    });
  };
  return { context, lambda, sqs, scheduler, create };
}

const HOUR = 3_600_000;

describe('SchedulerService', () => {
  it('invokes a function at its times with the role of the schedule', async () => {
    const { context, lambda, scheduler, create } = await setUp();
    const start = context.runtime.now();
    expect(await create()).toMatchObject({
      id: 'default/drain',
      arn: 'arn:aws:scheduler:eu-west-2:000000000000:schedule/default/drain',
    });
    await context.advance(2 * HOUR + 1);
    expect(lambda.asked.map(({ at }) => at - start)).toEqual([0, HOUR, 2 * HOUR]);
    expect(lambda.asked[0]).toMatchObject({
      input: { FunctionName: FUNCTION, InvocationType: 'Event', Payload: '{"drain":true}' },
      caller: { kind: 'role', arn: ROLE },
    });
    expect(scheduler.outstanding()).toBe(0);
  });

  it('sends to a queue, with the context attributes of the invocation', async () => {
    const { context, sqs, create } = await setUp();
    await create(
      { schedule_expression: 'at(2026-11-23T00:00:00)' },
      { arn: QUEUE, input: '{"at":"<aws.scheduler.scheduled-time>","n":<aws.scheduler.attempt-number>}' },
    );
    await context.advance(48 * HOUR);
    expect(sqs.queues.receive(QUEUE, 10).map((message) => message.body)).toEqual([
      '{"at":"2026-11-23T00:00:00Z","n":1}',
    ]);
  });

  it('retries what may pass, and puts what does not into the dead-letter queue', async () => {
    const { context, lambda, sqs, scheduler, create } = await setUp();
    lambda.refusal = new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 });
    await create(
      { schedule_expression: 'at(2026-11-22T01:00:00)' },
      { dead_letter_config: { arn: DEAD }, retry_policy: { maximum_retry_attempts: 3 } },
    );
    await context.advance(HOUR + 2000);
    expect(scheduler.outstanding()).toBe(1);
    await context.advance(HOUR);
    expect(lambda.asked).toHaveLength(4);
    expect(sqs.queues.receive(DEAD, 10)).toMatchObject([
      {
        body: '{"drain":true}',
        messageAttributes: {
          ERROR_CODE: { stringValue: 'TooManyRequestsException' },
          EXHAUSTED_RETRY_CONDITION: { stringValue: 'MaximumRetryAttempts' },
          RETRY_ATTEMPTS: { stringValue: '3' },
          SCHEDULED_TIME: { stringValue: '2026-11-22T01:00:00Z' },
          SCHEDULE_ARN: { stringValue: 'arn:aws:scheduler:eu-west-2:000000000000:schedule/default/drain' },
          TARGET_ARN: { stringValue: FUNCTION },
        },
      },
    ]);
    expect(scheduler.outstanding()).toBe(0);
  });

  it('does not retry a target that is missing or refuses', async () => {
    const { context, lambda, sqs, create } = await setUp();
    lambda.refusal = new AwsError('AccessDeniedException', 'no', { status: 403 });
    await create({ schedule_expression: 'at(2026-11-22T01:00:00)' }, { dead_letter_config: { arn: DEAD } });
    await context.advance(2 * HOUR);
    expect(lambda.asked).toHaveLength(1);
    expect(sqs.queues.receive(DEAD, 10)).toHaveLength(1);
  });

  it('makes up once for the times it missed while it was down', async () => {
    const before = await setUp();
    await before.create();
    await before.context.advance(1000);
    const { store, runtime } = before.context;
    const after = await setUp({ store, startsAt: runtime.now() + 5.5 * HOUR });
    after.scheduler.resume();
    await after.context.advance(1000);
    expect(after.lambda.asked).toHaveLength(1);
    await after.context.advance(HOUR);
    expect(after.lambda.asked).toHaveLength(2);
  });

  it('is changed, disabled, listed and deleted', async () => {
    const { context, lambda, scheduler, create } = await setUp();
    const attributes = await create({ schedule_expression: 'cron(0 2 * * ? *)' });
    const type = scheduler.resourceTypes.find((candidate) => candidate.type === 'aws_scheduler_schedule');
    const args = { ...attributes, state: 'DISABLED', target: { arn: FUNCTION, role_arn: ROLE } };
    const changed = await type?.update(args, { arguments: {}, attributes });
    await context.advance(48 * HOUR);
    expect(lambda.asked).toHaveLength(0);
    expect((await scheduler.call('ListSchedules', {}))['Schedules']).toMatchObject([
      { Name: 'drain', State: 'DISABLED' },
    ]);
    await type?.destroy({ arguments: args, attributes: changed ?? {} });
    await expect(scheduler.call('GetSchedule', { Name: 'drain' })).rejects.toMatchObject({ status: 404 });
  });

  it('refuses what it does not run by name', async () => {
    const { create } = await setUp();
    const refused = async (args: JsonObject, target: JsonObject = {}): Promise<string> => {
      try {
        await create(args, target);
      } catch (error) {
        return String(error);
      }
      return 'accepted';
    };
    expect(await refused({ schedule_expression_timezone: 'Europe/London' })).toContain('Europe/London');
    expect(await refused({}, { ecs_parameters: { task_count: 1 } })).toContain('EcsParameters');
    expect(await refused({ group_name: 'absent' })).toContain('absent');
  });
});
