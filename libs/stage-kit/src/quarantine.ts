import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { withoutPans } from '@payments/schemas';
import type { AwsContext } from './aws-context.ts';

/** A record or an event that can never be processed. */
export interface Quarantined {
  readonly stage: string;
  readonly event: string;
  readonly reason: string;
  readonly explanation: string;
  readonly content: unknown;
}

/** Keeps what was set aside, once however often it comes. */
export interface Quarantine {
  put(quarantined: Quarantined): Promise<void>;
}

/**
 * Keeps quarantined records as objects: `quarantine/<stage>/<key>.json`, where the key is the record's
 * idempotency key, or the hash of its content where it has none, so that the same one lies there once. What
 * looks like a card number is masked: a record may be here just because it holds one.
 */
export class S3Quarantine implements Quarantine {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(aws: AwsContext, bucket: string) {
    this.#client = new S3Client(aws.client);
    this.#bucket = bucket;
  }

  async put(quarantined: Quarantined): Promise<void> {
    const { stage, content } = quarantined;
    const { idempotencyKey } = (content ?? {}) as { idempotencyKey?: unknown };
    const key =
      typeof idempotencyKey === 'string' && /^[0-9a-f-]{36}$/.test(idempotencyKey)
        ? idempotencyKey
        : createHash('sha256').update(JSON.stringify(content)).digest('hex');
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `quarantine/${stage}/${key}.json`,
        Body: withoutPans(JSON.stringify(quarantined)),
        ContentType: 'application/json',
      }),
    );
  }
}
