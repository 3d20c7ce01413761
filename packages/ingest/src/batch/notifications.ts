import type { FileVersion } from './ports.ts';

/** What S3 sends to see whether a queue is there. */
const TEST_EVENT = 's3:TestEvent';
const CREATED = 'ObjectCreated:';

/** A message of the queue that the bucket tells of its files is not understood. */
export class NotificationError extends Error {
  override readonly name = 'NotificationError';
}

/** A message that a queue gave. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** The messages of an event that Lambda makes of a queue. @throws NotificationError for another event */
export function messagesOf(event: unknown): readonly QueueMessage[] {
  const records = memberOf(event, 'Records');
  if (!Array.isArray(records) || !records.every(isMessage))
    throw new NotificationError('the event is not one of a queue');
  return records;
}

/**
 * The files that a message tells of; none for S3's test.
 * Source: Amazon S3 User Guide, "Event message structure".
 *
 * @throws NotificationError for what is no notification of S3
 */
export function filesIn(body: string): readonly FileVersion[] {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw new NotificationError('the message is not JSON');
  }
  if (memberOf(content, 'Event') === TEST_EVENT) return [];
  const records = memberOf(content, 'Records');
  if (!Array.isArray(records)) throw new NotificationError('the message is no notification of S3');
  return records
    .filter((record) => String(memberOf(record, 'eventName')).startsWith(CREATED))
    .map((record) => {
      const s3 = memberOf(record, 's3');
      const bucket = memberOf(memberOf(s3, 'bucket'), 'name');
      const object = memberOf(s3, 'object');
      const key = memberOf(object, 'key');
      const versionId = memberOf(object, 'versionId');
      if (typeof bucket !== 'string' || typeof key !== 'string' || typeof versionId !== 'string')
        throw new NotificationError('the notification names no version of a file');
      // A key is encoded as a form is: a space is a plus.
      return { bucket, key: decodeURIComponent(key.replaceAll('+', ' ')), versionId };
    });
}

/** A message that tells of one file, as S3 would. */
export function notificationOf({ bucket, key, versionId }: FileVersion): string {
  const object = { key: encodeURIComponent(key), versionId };
  return JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object } }],
  });
}

function isMessage(value: unknown): value is QueueMessage {
  return ['messageId', 'receiptHandle', 'body'].every((name) => typeof memberOf(value, name) === 'string');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
