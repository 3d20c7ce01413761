import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { FileOutageError, FileUnreadableError, type FileVersion, type InboundFiles } from '../batch/ports.ts';
import { keyServiceOf } from './key-service.ts';

/**
 * A file is fetched in parts of this size, one after the other: each call is short, however long what is done with
 * the lines takes, and no more of the file than this is in memory.
 */
const PART_BYTES = 4 * 1024 * 1024;

/** What S3 answers when a version is not there (any more), and when a part begins beyond its end. */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed', 'NoSuchBucket']);
const BEYOND_END = 'InvalidRange';
/** What KMS answers to a data key that this key did not wrap, or that was changed. */
const FOREIGN_KEY = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

const NOT_DECRYPTABLE =
  'it is not encrypted for us with the AWS Encryption SDK and the key of inbound files, or was changed, or ends too early';

/** Encrypted files in a bucket. */
export class S3InboundFiles implements InboundFiles {
  readonly #s3: S3Client;
  readonly #kms: KMSClient;
  readonly #keyArn: string;

  constructor(s3: S3Client, kms: KMSClient, keyArn: string) {
    this.#s3 = s3;
    this.#kms = kms;
    this.#keyArn = keyArn;
  }

  async *read(file: FileVersion): AsyncGenerator<Uint8Array> {
    // Loaded when there is a file: the other functions of this stage start without it.
    const { decryptingStream } = await import('./file-encryption.ts');
    let sourceError: unknown;
    let keyError: unknown;
    const source = Readable.from(
      this.#parts(file, (error) => {
        sourceError = error;
      }),
    );
    const kms = keyServiceOf(this.#kms, (error) => {
      keyError = error;
    });
    const clear = decryptingStream(kms, this.#keyArn);
    const flow = pipeline(source, clear);
    // Whoever reads hears of a failure by the stream; without this it would be heard of twice.
    flow.catch(() => undefined);
    try {
      for await (const bytes of clear) yield bytes as Uint8Array;
      await flow;
    } catch (error) {
      throw reasonOf(error, sourceError, keyError);
    } finally {
      source.destroy();
      clear.destroy();
    }
  }

  async *#parts(file: FileVersion, onError: (error: unknown) => void): AsyncGenerator<Uint8Array> {
    const { bucket: Bucket, key: Key, versionId: VersionId } = file;
    try {
      for (let start = 0; ; start += PART_BYTES) {
        const Range = `bytes=${start}-${start + PART_BYTES - 1}`;
        const { Body, ContentRange } = await this.#s3.send(
          new GetObjectCommand({ Bucket, Key, VersionId, Range }),
        );
        yield (await Body?.transformToByteArray()) ?? new Uint8Array();
        const size = Number(ContentRange?.split('/').at(-1));
        if (!(start + PART_BYTES < size)) return;
      }
    } catch (error) {
      // An empty file has no part at all.
      if (nameOf(error) === BEYOND_END) return;
      onError(error);
      throw error;
    }
  }
}

function reasonOf(error: unknown, sourceError: unknown, keyError: unknown): Error {
  if (sourceError !== undefined) {
    if (GONE.has(nameOf(sourceError)))
      return new FileUnreadableError('FILE_GONE', 'it is not in the bucket any more', sourceError);
    return new FileOutageError('the bucket did not give the file', sourceError);
  }
  if (keyError !== undefined && !FOREIGN_KEY.has(nameOf(keyError)))
    return new FileOutageError('KMS did not open the data key of the file', keyError);
  return new FileUnreadableError('NOT_DECRYPTABLE', NOT_DECRYPTABLE, error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
