import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ParkedObject, ParkedTransactions } from '../ports.ts';

/** Parks transactions as objects, one for each, under `parked/`. */
export class S3ParkedTransactions implements ParkedTransactions {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async park(name: string, content: object): Promise<ParkedObject> {
    const key = `parked/${name}.json`;
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: JSON.stringify(content),
        ContentType: 'application/json',
      }),
    );
    return { bucket: this.#bucket, key };
  }
}
