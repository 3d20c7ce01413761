import type { JsonObject } from '../../core/aws-error.ts';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  requiredText,
  validationError,
} from './request-member.ts';
import { compileTargetInput, type TargetInput } from './target-input.ts';

/** EventBridge, "Retrying event delivery": 24 hours and 185 attempts unless the target says otherwise. */
const RETRY_ATTEMPTS_MAX = 185;
const EVENT_AGE_SECONDS_MIN = 60;
const EVENT_AGE_SECONDS_MAX = 86_400;

/** The kinds of targets that the local cloud delivers to, by what their ARN looks like. */
const KINDS = [
  ['fifo-queue', /^arn:[^:]+:sqs:[^:]*:[^:]*:[^:]+\.fifo$/],
  ['queue', /^arn:[^:]+:sqs:/],
  ['function', /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/],
  ['bus', /^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//],
  ['state-machine', /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/],
  ['topic', /^arn:[^:]+:sns:/],
  ['log-group', /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/],
] as const;

export type TargetKind = (typeof KINDS)[number][0];

/** A target of a rule, made ready for delivery. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly kind: TargetKind;
  readonly roleArn: string | undefined;
  /** The target in the API's shape. */
  readonly definition: JsonObject;
  readonly input: TargetInput;
  readonly retryAttemptsMax: number;
  readonly eventAgeSecondsMax: number;
  readonly deadLetterArn: string | undefined;
}

/**
 * Reads a target in the API's shape.
 *
 * @throws AwsError ValidationException, also for a kind of target that the local cloud does not run
 */
export function compileTarget(definition: JsonObject): Target {
  const id = requiredText(definition, 'Id');
  const arn = requiredText(definition, 'Arn');
  const kind = KINDS.find(([, arns]) => arns.test(arn))?.[0];
  if (kind === undefined) throw validationError(`Target ${id}: the local cloud does not deliver to ${arn}.`);
  const roleArn = optionalText(definition, 'RoleArn');
  if (roleArn === undefined && (kind === 'state-machine' || kind === 'bus')) {
    throw validationError(`RoleArn is required for target ${arn}.`);
  }
  if (kind === 'fifo-queue' && optionalText(groupOf(definition), 'MessageGroupId') === undefined) {
    throw validationError(`Parameter(s) SqsParameters must be specified for target: ${id}.`);
  }
  const retry = optionalObject(definition, 'RetryPolicy') ?? {};
  const deadLetterArn = optionalText(optionalObject(definition, 'DeadLetterConfig') ?? {}, 'Arn');
  if (deadLetterArn?.endsWith('.fifo') === true) {
    throw validationError(`The dead-letter queue of target ${id} must be a standard queue.`);
  }
  return {
    id,
    arn,
    kind,
    roleArn,
    definition,
    input: compileTargetInput(definition),
    retryAttemptsMax: within(retry, 'MaximumRetryAttempts', 0, RETRY_ATTEMPTS_MAX),
    eventAgeSecondsMax: within(
      retry,
      'MaximumEventAgeInSeconds',
      EVENT_AGE_SECONDS_MIN,
      EVENT_AGE_SECONDS_MAX,
    ),
    deadLetterArn,
  };
}

/** The message group of a target that is a FIFO queue. */
export function messageGroupId(target: Target): string {
  return requiredText(groupOf(target.definition), 'MessageGroupId');
}

function groupOf(definition: JsonObject): JsonObject {
  return optionalObject(definition, 'SqsParameters') ?? {};
}

/** A number between two limits; the upper one when it is not given. */
function within(object: JsonObject, member: string, min: number, max: number): number {
  const value = optionalNumber(object, member) ?? max;
  if (value < min || value > max)
    throw validationError(`${member} must be between ${min} and ${max}, got ${value}.`);
  return value;
}
