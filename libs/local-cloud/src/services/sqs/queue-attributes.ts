import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { texts } from './members.ts';
import type { QueueCounts } from './message-store.ts';
import type { Queue } from './queue.ts';

/**
 * The answer of GetQueueAttributes.
 *
 * @param counts asked only when a count is wanted, since counting a long queue takes time
 * @throws AwsError InvalidAttributeName
 */
export function queueAttributes(queue: Queue, input: JsonObject, counts: () => QueueCounts): JsonObject {
  const names = texts(input['AttributeNames']);
  if (names.length === 0) return {};
  const all = names.includes('All');
  const answer: Record<string, string> = all ? everything(queue, counts()) : {};
  if (!all) {
    const known = everything(
      queue,
      names.some((name) => name.startsWith('Approximate')) ? counts() : undefined,
    );
    for (const name of names) {
      const value = known[name];
      if (value !== undefined) answer[name] = value;
      else if (!OPTIONAL.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
  return Object.keys(answer).length === 0 ? {} : { Attributes: answer };
}

/** Attributes that are answered only when they are set. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'Policy',
  'RedriveAllowPolicy',
  'RedrivePolicy',
]);

function everything(queue: Queue, counts: QueueCounts | undefined): Record<string, string> {
  const { settings } = queue;
  return {
    QueueArn: queue.arn,
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    MaximumMessageSize: String(settings.messageBytesMax),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds),
    SqsManagedSseEnabled: queue.attributes['KmsMasterKeyId'] === undefined ? 'true' : 'false',
    ...queue.attributes,
    ...(counts === undefined
      ? {}
      : {
          ApproximateNumberOfMessages: String(counts.visible),
          ApproximateNumberOfMessagesNotVisible: String(counts.hidden),
          ApproximateNumberOfMessagesDelayed: String(counts.delayed),
        }),
  };
}

function seconds(epochMs: number): string {
  return String(Math.floor(epochMs / 1000));
}
