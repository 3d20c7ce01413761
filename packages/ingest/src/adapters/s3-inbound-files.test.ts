import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  KMSServiceException,
} from '@aws-sdk/client-kms';
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encryptingStream } from './file-encryption.ts';
import { keyServiceOf } from './key-service.ts';
import { S3InboundFiles } from './s3-inbound-files.ts';

const KEY = 'arn:aws:kms:eu-west-2:000000000000:key/00000000-0000-4000-8000-000000000001';
const OTHER_KEY = KEY.replace(/1$/, '2');
const FILE = { bucket: 'inbound', key: 'a.encrypted', versionId: 'v1' };

/** A KMS that wraps a data key by turning its bits over; AWS is asked for nothing else here. */
class BitKms {
  refusal: Error | undefined;

  get client(): KMSClient {
    return { send: (command: object) => this.#send(command) } as unknown as KMSClient;
  }

  async #send(command: object): Promise<object> {
    if (this.refusal !== undefined) throw this.refusal;
    if (command instanceof GenerateDataKeyCommand) {
      const Plaintext = new Uint8Array(command.input.NumberOfBytes ?? 32).fill(7);
      return { KeyId: command.input.KeyId, Plaintext, CiphertextBlob: Plaintext.map((byte) => byte ^ 255) };
    }
    if (command instanceof DecryptCommand) {
      const Plaintext = command.input.CiphertextBlob?.map((byte) => byte ^ 255);
      if (Plaintext?.some((byte) => byte !== 7))
        throw new KMSServiceException({
          name: 'InvalidCiphertextException',
          $fault: 'client',
          $metadata: {},
        });
      return { KeyId: command.input.KeyId, Plaintext };
    }
    throw new Error(`no ${command.constructor.name} here`);
  }
}

/** A bucket with one file, which gives what it is asked for. */
class OneFile {
  readonly ranges: string[] = [];
  refusal: Error | undefined;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get client(): S3Client {
    return { send: (command: object) => this.#send(command) } as unknown as S3Client;
  }

  async #send(command: object): Promise<object> {
    if (!(command instanceof GetObjectCommand)) throw new Error(`no ${command.constructor.name} here`);
    if (this.refusal !== undefined) throw this.refusal;
    const { Range = '' } = command.input;
    this.ranges.push(Range);
    const [first = 0, last = 0] = Range.slice('bytes='.length).split('-').map(Number);
    if (first >= this.#bytes.length)
      throw new S3ServiceException({ name: 'InvalidRange', $fault: 'client', $metadata: {} });
    const part = this.#bytes.subarray(first, last + 1);
    const ContentRange = `bytes ${first}-${first + part.length - 1}/${this.#bytes.length}`;
    return { Body: { transformToByteArray: async () => part }, ContentRange };
  }
}

async function encrypted(text: string, keyArn = KEY): Promise<Buffer> {
  const stream = Readable.from([Buffer.from(text)]).pipe(
    encryptingStream(keyServiceOf(new BitKms().client), keyArn),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function read(bytes: Buffer, { kms = new BitKms(), s3 = new OneFile(bytes) } = {}): Promise<string> {
  return textOf(new S3InboundFiles(s3.client, kms.client, KEY).read(FILE));
}

const TEXT = 'line\n'.repeat(60_000);

describe('an encrypted file', () => {
  it('is read as it was written, and holds nothing of it in clear', async () => {
    const bytes = await encrypted(TEXT);
    expect(bytes.includes('line')).toBe(false);
    expect(await read(bytes)).toBe(TEXT);
  });

  it('is fetched in parts, never as a whole', async () => {
    const large = 'x'.repeat(9 * 1024 * 1024);
    const bytes = await encrypted(large);
    const s3 = new OneFile(bytes);
    expect((await read(bytes, { s3 })).length).toBe(large.length);
    expect(s3.ranges).toHaveLength(3);
  });

  it('that is empty in clear is empty', async () => {
    expect(await read(await encrypted(''))).toBe('');
  });

  it('that was changed or cut off anywhere fails, and gives nothing that was not in it', async () => {
    const bytes = await encrypted(TEXT);
    const change = fc.record({ at: fc.nat(bytes.length - 1), kind: fc.constantFrom('flip', 'cut') });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, kind }) => {
        const changed = kind === 'cut' ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (kind === 'flip') changed[at] = (changed[at] ?? 0) ^ 1;
        const files = new S3InboundFiles(new OneFile(changed).client, new BitKms().client, KEY);
        let clear = '';
        let failure: unknown;
        try {
          for await (const part of files.read(FILE)) clear += Buffer.from(part).toString();
        } catch (error) {
          failure = error;
        }
        expect(failure).toMatchObject({ code: 'NOT_DECRYPTABLE', retryable: false });
        expect(TEXT.startsWith(clear)).toBe(true);
      }),
      {
        numRuns: 60,
        examples: [
          [{ at: 0, kind: 'cut' }],
          [{ at: 0, kind: 'flip' }],
          [{ at: bytes.length - 1, kind: 'cut' }],
        ],
      },
    );
  });

  it.each([
    ['of another key', () => encrypted(TEXT, OTHER_KEY)],
    ['that is clear text', async () => Buffer.from(TEXT)],
    ['that is nothing', async () => Buffer.alloc(0)],
  ])('%s fails', async (_case, bytes) => {
    await expect(read(await bytes())).rejects.toMatchObject({ code: 'NOT_DECRYPTABLE' });
  });

  it.each(['NoSuchKey', 'NoSuchVersion'])('that is not there (%s) fails', async (name) => {
    const bytes = await encrypted('x');
    const s3 = new OneFile(bytes);
    s3.refusal = new S3ServiceException({ name, $fault: 'client', $metadata: {} });
    await expect(read(bytes, { s3 })).rejects.toMatchObject({ code: 'FILE_GONE', retryable: false });
  });

  it('is tried again when the bucket or KMS answers nothing for the moment', async () => {
    const bytes = await encrypted('x');
    const s3 = new OneFile(bytes);
    s3.refusal = new S3ServiceException({ name: 'SlowDown', $fault: 'server', $metadata: {} });
    await expect(read(bytes, { s3 })).rejects.toMatchObject({ code: 'FILE_OUTAGE', retryable: true });
    const kms = new BitKms();
    kms.refusal = new KMSServiceException({ name: 'ThrottlingException', $fault: 'client', $metadata: {} });
    await expect(read(bytes, { kms })).rejects.toMatchObject({ code: 'FILE_OUTAGE', retryable: true });
  });

  it('may be left before its end', async () => {
    const files = new S3InboundFiles(new OneFile(await encrypted(TEXT)).client, new BitKms().client, KEY);
    for await (const part of files.read(FILE)) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
  });
});
