import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import { blocks, optionalText, requiredText } from '../sqs/members.ts';
import type { BucketNotifications, QueueNotification } from './bucket-notifications.ts';
import type { BucketRegistry } from './bucket-registry.ts';

/** The events that happen here; others could be asked for and would never come. */
const EVENTS: ReadonlySet<string> = new Set([
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
]);

/** aws_s3_bucket_notification, to queues; topics, functions and EventBridge are refused by name. */
export function notificationResourceType(
  buckets: BucketRegistry,
  notifications: BucketNotifications,
): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const bucket = buckets.get(requiredText(args, 'bucket')).name;
    notifications.configure(bucket, blocks(args, 'queue').map(readQueue));
    return { id: bucket };
  };
  return {
    type: 'aws_s3_bucket_notification',
    runs: ['bucket', 'queue'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => notifications.remove(requiredText(state.arguments, 'bucket')),
  };
}

function readQueue(queue: JsonObject, index: number): QueueNotification {
  const events = textsOf(queue['events']);
  const unknown = events.find((event) => !EVENTS.has(event));
  if (events.length === 0 || unknown !== undefined) {
    throw new AwsError('InvalidArgument', `The event ${unknown ?? '(none)'} is not run here.`);
  }
  return {
    id: optionalText(queue, 'id') ?? `tf-s3-queue-${index}`,
    queueArn: requiredText(queue, 'queue_arn'),
    events,
    prefix: optionalText(queue, 'filter_prefix') ?? '',
    suffix: optionalText(queue, 'filter_suffix') ?? '',
  };
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
