import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { isObject, optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { scheduleTimes } from './schedule-expression.ts';

const CODE = 'ValidationException';
export const DEFAULT_GROUP = 'default';
/** API reference, RetryPolicy; the defaults are the greatest values. */
const EVENT_AGE_SECONDS = { min: 60, max: 86_400 };
const RETRY_ATTEMPTS = { min: 0, max: 185 };
const WINDOW_MINUTES = { min: 1, max: 1440 };
const TARGET_SERVICES: ReadonlySet<string> = new Set(['lambda', 'sqs', 'states', 'events', 'sns']);
const NOT_RUN = ['EcsParameters', 'KinesisParameters', 'SageMakerPipelineParameters', 'SqsParameters'];

/** A schedule, checked and with its defaults. Times are epoch milliseconds. */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly expression: string;
  readonly startsAt: number;
  readonly endsAt: number | undefined;
  readonly enabled: boolean;
  /** Each firing is put off by a random part of this. */
  readonly windowMinutes: number;
  readonly deletesAfterCompletion: boolean;
  readonly description: string;
  readonly target: Target;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What a schedule invokes. */
export interface Target {
  readonly arn: string;
  readonly roleArn: string;
  readonly input: string | undefined;
  readonly maximumEventAgeSeconds: number;
  readonly maximumRetryAttempts: number;
  readonly deadLetterArn: string | undefined;
  /** For an event bus. */
  readonly detailType: string | undefined;
  readonly source: string | undefined;
}

/**
 * Reads what CreateSchedule or UpdateSchedule asks for; an update replaces the whole schedule.
 *
 * @throws AwsError ValidationException
 */
export function readSchedule(
  input: JsonObject,
  identity: {
    readonly account: string;
    readonly region: string;
    readonly now: number;
    readonly createdAt: number;
  },
): Schedule {
  const name = requiredText(input, 'Name', CODE);
  const group = optionalText(input, 'GroupName', CODE) ?? DEFAULT_GROUP;
  const timezone = optionalText(input, 'ScheduleExpressionTimezone', CODE) ?? 'UTC';
  if (timezone !== 'UTC') throw new AwsError(CODE, `The time zone ${timezone} is not run here, only UTC.`);
  const expression = requiredText(input, 'ScheduleExpression', CODE);
  const startsAt = time(input, 'StartDate') ?? identity.createdAt;
  scheduleTimes(expression, startsAt);
  const window = isObject(input['FlexibleTimeWindow']) ? input['FlexibleTimeWindow'] : {};
  const flexible = requiredText(window, 'Mode', CODE) === 'FLEXIBLE';
  return {
    name,
    group,
    arn: `arn:aws:scheduler:${identity.region}:${identity.account}:schedule/${group}/${name}`,
    expression,
    startsAt,
    endsAt: time(input, 'EndDate'),
    enabled: (optionalText(input, 'State', CODE) ?? 'ENABLED') === 'ENABLED',
    windowMinutes: flexible
      ? (optionalInteger(window, 'MaximumWindowInMinutes', WINDOW_MINUTES, CODE) ?? WINDOW_MINUTES.min)
      : 0,
    deletesAfterCompletion: optionalText(input, 'ActionAfterCompletion', CODE) === 'DELETE',
    description: optionalText(input, 'Description', CODE) ?? '',
    target: readTarget(isObject(input['Target']) ? input['Target'] : {}),
    createdAt: identity.createdAt,
    modifiedAt: identity.now,
  };
}

function readTarget(input: JsonObject): Target {
  const arn = requiredText(input, 'Arn', CODE);
  const service = arn.split(':')[2] ?? '';
  if (!TARGET_SERVICES.has(service)) throw new AwsError(CODE, `The target ${arn} is not run here.`);
  const notRun = NOT_RUN.find((name) => input[name] !== undefined && input[name] !== null);
  if (notRun !== undefined) throw new AwsError(CODE, `${notRun} is not run here.`);
  const bus = isObject(input['EventBridgeParameters']) ? input['EventBridgeParameters'] : {};
  if (service === 'events') {
    requiredText(bus, 'DetailType', CODE);
    requiredText(bus, 'Source', CODE);
  }
  const retry = isObject(input['RetryPolicy']) ? input['RetryPolicy'] : {};
  const deadLetter = isObject(input['DeadLetterConfig']) ? input['DeadLetterConfig'] : {};
  return {
    arn,
    roleArn: requiredText(input, 'RoleArn', CODE),
    input: optionalText(input, 'Input', CODE),
    maximumEventAgeSeconds:
      optionalInteger(retry, 'MaximumEventAgeInSeconds', EVENT_AGE_SECONDS, CODE) ?? EVENT_AGE_SECONDS.max,
    maximumRetryAttempts:
      optionalInteger(retry, 'MaximumRetryAttempts', RETRY_ATTEMPTS, CODE) ?? RETRY_ATTEMPTS.max,
    deadLetterArn: optionalText(deadLetter, 'Arn', CODE),
    detailType: optionalText(bus, 'DetailType', CODE),
    source: optionalText(bus, 'Source', CODE),
  };
}

/** A schedule as GetSchedule answers it. */
export function describeSchedule(schedule: Schedule): JsonObject {
  const { target } = schedule;
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: 'UTC',
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    Description: schedule.description,
    FlexibleTimeWindow:
      schedule.windowMinutes === 0
        ? { Mode: 'OFF' }
        : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: schedule.windowMinutes },
    ActionAfterCompletion: schedule.deletesAfterCompletion ? 'DELETE' : 'NONE',
    CreationDate: schedule.createdAt / 1000,
    LastModificationDate: schedule.modifiedAt / 1000,
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      ...(target.input === undefined ? {} : { Input: target.input }),
      RetryPolicy: {
        MaximumEventAgeInSeconds: target.maximumEventAgeSeconds,
        MaximumRetryAttempts: target.maximumRetryAttempts,
      },
      ...(target.deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
      ...(target.detailType === undefined || target.source === undefined
        ? {}
        : { EventBridgeParameters: { DetailType: target.detailType, Source: target.source } }),
    },
  };
}

/** A time as the API (epoch seconds) or Terraform (ISO 8601) writes it. */
function time(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === '') return undefined;
  const at = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (Number.isNaN(at)) throw new AwsError(CODE, `${name} is no time: ${String(value)}.`);
  return at;
}
