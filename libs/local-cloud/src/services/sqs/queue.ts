import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import { isObject, optionalInteger } from './members.ts';

/** The largest message, body and attributes together (SQS Developer Guide, "Message quotas"). */
export const MESSAGE_BYTES_MAX = 1_048_576;
const DAY_SECONDS = 86_400;
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** The attributes of a queue that the local cloud runs, with AWS's defaults. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly receiveWaitSeconds: number;
  readonly messageBytesMax: number;
  readonly redrive: RedrivePolicy | undefined;
}

/** After how many receives a message goes to which dead-letter queue. */
export interface RedrivePolicy {
  readonly deadLetterArn: string;
  readonly maxReceiveCount: number;
}

/** One queue: what was asked for (`attributes`) and what follows from it (`settings`). */
export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** By the names of the API, all texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly settings: QueueSettings;
}

const NUMERIC = {
  VisibilityTimeout: { min: 0, max: 43_200, default: 30 },
  MessageRetentionPeriod: { min: 60, max: 14 * DAY_SECONDS, default: 4 * DAY_SECONDS },
  DelaySeconds: { min: 0, max: 900, default: 0 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, default: 0 },
  MaximumMessageSize: { min: 1024, max: MESSAGE_BYTES_MAX, default: MESSAGE_BYTES_MAX },
} as const;

/** Attributes that are kept and answered but change nothing on one machine. */
const TEXTUAL: ReadonlySet<string> = new Set([
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'Policy',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
]);

/** The ARN of a queue by its name. */
export function queueArn(account: Account, name: string): string {
  return `arn:aws:sqs:${account.region}:${account.id}:${name}`;
}

/** The URL of a queue by its name. */
export function queueUrl(account: Account, name: string): string {
  return `http://sqs.${account.region}.localhost/${account.id}/${name}`;
}

/** Throws AwsError unless the name is one that a standard queue may have. */
export function checkQueueName(name: string): void {
  if (name.endsWith('.fifo')) {
    throw new AwsError('InvalidAttributeValue', `FIFO queues are not run here: ${name}.`);
  }
  if (!QUEUE_NAME.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

/**
 * Checks attributes as SetQueueAttributes takes them and adds them to those already set; an empty text
 * takes a policy away.
 *
 * @throws AwsError InvalidAttributeName, InvalidAttributeValue
 */
export function mergeAttributes(
  current: Readonly<Record<string, string>>,
  given: JsonObject,
): Record<string, string> {
  const merged: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (name === 'FifoQueue' && String(value) !== 'false') {
      throw new AwsError('InvalidAttributeValue', 'FIFO queues are not run here: FifoQueue.');
    }
    if (name === 'FifoQueue') continue;
    if (!TEXTUAL.has(name) && !(name in NUMERIC)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (value === '') delete merged[name];
    else merged[name] = attributeText(value);
  }
  return merged;
}

/** The settings that attributes come to. Throws AwsError InvalidAttributeValue for a bad value. */
export function settingsOf(attributes: Readonly<Record<string, string>>): QueueSettings {
  const number = (name: keyof typeof NUMERIC): number => {
    try {
      return optionalInteger(attributes, name, NUMERIC[name]) ?? NUMERIC[name].default;
    } catch (cause) {
      throw new AwsError(
        'InvalidAttributeValue',
        `Invalid value for the parameter ${name}. ${String(cause)}`,
      );
    }
  };
  return {
    visibilityTimeoutSeconds: number('VisibilityTimeout'),
    retentionSeconds: number('MessageRetentionPeriod'),
    delaySeconds: number('DelaySeconds'),
    receiveWaitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    messageBytesMax: number('MaximumMessageSize'),
    redrive: redriveOf(attributes['RedrivePolicy']),
  };
}

function redriveOf(text: string | undefined): RedrivePolicy | undefined {
  if (text === undefined) return undefined;
  const policy = parsePolicy(text, 'RedrivePolicy');
  const deadLetterArn = policy['deadLetterTargetArn'];
  const maxReceiveCount = Number(policy['maxReceiveCount']);
  if (typeof deadLetterArn !== 'string' || !Number.isInteger(maxReceiveCount) || maxReceiveCount < 1) {
    throw new AwsError(
      'InvalidAttributeValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: it needs deadLetterTargetArn and a maxReceiveCount from 1.`,
    );
  }
  return { deadLetterArn, maxReceiveCount };
}

/** True when a dead-letter queue's RedriveAllowPolicy lets this source queue use it. */
export function allowsRedriveFrom(deadLetterQueue: Queue, sourceArn: string): boolean {
  const text = deadLetterQueue.attributes['RedriveAllowPolicy'];
  if (text === undefined) return true;
  const policy = parsePolicy(text, 'RedriveAllowPolicy');
  if (policy['redrivePermission'] === 'denyAll') return false;
  if (policy['redrivePermission'] !== 'byQueue') return true;
  const allowed = policy['sourceQueueArns'];
  return Array.isArray(allowed) && allowed.includes(sourceArn);
}

function parsePolicy(text: string, name: string): JsonObject {
  try {
    const parsed: JsonValue = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Falls through to the one answer for everything that is not a JSON object.
  }
  throw new AwsError(
    'InvalidAttributeValue',
    `Value ${text} for parameter ${name} is invalid. Reason: not JSON.`,
  );
}

function attributeText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
