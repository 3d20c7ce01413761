import { createHash } from 'node:crypto';
import type { Account } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';

/** Something that happened to an object. */
export interface ObjectEvent {
  /** `ObjectCreated:Put`, `ObjectCreated:CompleteMultipartUpload`, `ObjectRemoved:Delete`, … */
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly size?: number;
  /** With its quotes, as objects have it. */
  readonly etag?: string;
  /** Absent in a bucket without versions. */
  readonly versionId?: string;
  /** A number that grows with each event. */
  readonly sequence: number;
}

/** S3 uses it for all events but replication, lifecycle, tagging and access control lists. */
const EVENT_VERSION = '2.1';
const SEQUENCER_DIGITS = 16;
const LOOPBACK = '127.0.0.1';

/**
 * The message that tells of an event.
 * Source: Amazon S3 User Guide, "Event message structure".
 */
export function notificationText(
  event: ObjectEvent,
  configurationId: string,
  account: Account,
  runtime: Runtime,
): string {
  const { bucket, key, size, etag, versionId } = event;
  const record = {
    eventVersion: EVENT_VERSION,
    eventSource: 'aws:s3',
    awsRegion: account.region,
    eventTime: new Date(runtime.now()).toISOString(),
    eventName: event.name,
    userIdentity: { principalId: `AWS:${account.id}` },
    requestParameters: { sourceIPAddress: LOOPBACK },
    responseElements: requestIds(runtime),
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, ownerIdentity: { principalId: account.id }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        // Encoded as a form is: a space is a plus.
        key: new URLSearchParams({ k: key }).toString().slice('k='.length).replaceAll('%2F', '/'),
        ...(size === undefined ? {} : { size }),
        ...(etag === undefined ? {} : { eTag: etag.replaceAll('"', '') }),
        ...(versionId === undefined ? {} : { versionId }),
        sequencer: event.sequence.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, '0'),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** The message that S3 sends when notifications are configured. */
export function testEventText(bucket: string, runtime: Runtime): string {
  const { 'x-amz-request-id': RequestId, 'x-amz-id-2': HostId } = requestIds(runtime);
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(runtime.now()).toISOString(),
    Bucket: bucket,
    RequestId,
    HostId,
  });
}

function requestIds(runtime: Runtime): { 'x-amz-request-id': string; 'x-amz-id-2': string } {
  const id = runtime.uuid();
  return {
    'x-amz-request-id': id.replaceAll('-', '').slice(0, 16).toUpperCase(),
    'x-amz-id-2': createHash('sha256').update(id).digest('base64'),
  };
}
