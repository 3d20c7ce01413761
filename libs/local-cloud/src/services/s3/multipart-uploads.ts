import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';
import { s3Error } from './s3-error.ts';

/** Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const PART_NUMBER_MAX = 10_000;
const PART_BYTES_MIN = 5 * 1024 * 1024;
/** One value of SQLite is no larger; S3 itself takes 50 TB. */
const OBJECT_BYTES_MAX = 1_000_000_000;

/** An upload that is not complete. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  /** The headers that the object is to have. */
  readonly headers: JsonObject;
}

/** A part as whoever completes an upload names it. */
export interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
}

interface PartRow {
  part_number: number;
  body: Uint8Array;
  etag: string;
}

/** Uploads in parts: they are kept until the upload is completed or aborted. */
export class MultipartUploads {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS s3_uploads (
        id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS s3_parts (
        upload_id TEXT NOT NULL, part_number INTEGER NOT NULL, body BLOB NOT NULL, etag TEXT NOT NULL,
        PRIMARY KEY (upload_id, part_number)) STRICT;`);
  }

  begin(id: string, { bucket, key, headers }: MultipartUpload): void {
    this.#store.run('INSERT INTO s3_uploads VALUES (?, ?, ?, ?)', id, bucket, key, JSON.stringify(headers));
  }

  /** @throws AwsError NoSuchUpload */
  get(id: string, bucket: string, key: string): MultipartUpload {
    const row = this.#store.get<{ headers: string }>(
      'SELECT headers FROM s3_uploads WHERE id = ? AND bucket = ? AND key = ?',
      id,
      bucket,
      key,
    );
    if (row === undefined) {
      const message = 'The specified upload does not exist. It may have been aborted or completed.';
      throw s3Error('NoSuchUpload', 404, message, { UploadId: id });
    }
    return { bucket, key, headers: JSON.parse(row.headers) };
  }

  /** Keeps a part; one with the same number gives way. @returns its ETag. @throws AwsError InvalidArgument */
  putPart(id: string, partNumber: number, body: Uint8Array): string {
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > PART_NUMBER_MAX) {
      throw s3Error('InvalidArgument', 400, `Part number must be an integer from 1 to ${PART_NUMBER_MAX}`);
    }
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.#store.run('INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?)', id, partNumber, body, etag);
    return etag;
  }

  /**
   * The object that the named parts make.
   *
   * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, EntityTooLarge
   */
  assemble(id: string, named: readonly NamedPart[]): { readonly body: Buffer; readonly etag: string } {
    if (named.some(({ partNumber }, index) => partNumber <= (named[index - 1]?.partNumber ?? 0)))
      throw s3Error('InvalidPartOrder', 400, 'The list of parts was not in ascending order.');
    const bodies: Uint8Array[] = [];
    const digests = createHash('md5');
    let size = 0;
    for (const [index, { partNumber, etag }] of named.entries()) {
      const part = this.#store.get<PartRow>(
        'SELECT * FROM s3_parts WHERE upload_id = ? AND part_number = ?',
        id,
        partNumber,
      );
      if (part === undefined || part.etag !== `"${etag.replaceAll('"', '')}"`) {
        const message = 'One or more of the specified parts could not be found.';
        throw s3Error('InvalidPart', 400, message, { PartNumber: partNumber });
      }
      if (part.body.length < PART_BYTES_MIN && index < named.length - 1)
        throw s3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
      size += part.body.length;
      bodies.push(part.body);
      digests.update(Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
    }
    if (named.length === 0) throw s3Error('MalformedXML', 400, 'The upload names no parts.');
    if (size > OBJECT_BYTES_MAX)
      throw s3Error(
        'EntityTooLarge',
        400,
        `The local cloud keeps objects of up to ${OBJECT_BYTES_MAX} bytes.`,
      );
    return { body: Buffer.concat(bodies), etag: `"${digests.digest('hex')}-${named.length}"` };
  }

  /** Forgets an upload with its parts. */
  end(id: string): void {
    this.#store.atomically(() => {
      this.#store.run('DELETE FROM s3_parts WHERE upload_id = ?', id);
      this.#store.run('DELETE FROM s3_uploads WHERE id = ?', id);
    });
  }
}
