import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud, SimulatedRuntime } from '@payments/local-cloud';
import { uploadStream } from './upload-stream.ts';

const PART_BYTES = 16 * 1024 * 1024;
const directory = mkdtempSync(join(tmpdir(), 'payments-upload-'));
let cloud: LocalCloud;
let s3: S3Client;

beforeAll(async () => {
  const path = join(directory, 'cdk.tf.json');
  writeFileSync(
    path,
    JSON.stringify({
      '//': { metadata: { stackName: 'files' } },
      resource: { aws_s3_bucket: { files: { bucket: 'files', force_destroy: true } } },
    }),
  );
  cloud = await openCloud({
    dataDirectory: ':memory:',
    runtime: new SimulatedRuntime(1, 0),
    host: 'in-process',
  });
  await cloud.deploy(path);
  s3 = new S3Client(cloud.sdkConfiguration());
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true });
});

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('uploading a stream', () => {
  it.each([
    ['nothing', 0, 0],
    ['one byte', 1, 0],
    ['one part', PART_BYTES, 1],
    ['a part and a byte', PART_BYTES + 1, 2],
    ['two parts and a half', PART_BYTES * 2.5, 3],
  ])('keeps %s as it was', async (name, length, parts) => {
    const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 251));
    const content = Buffer.alloc(length, bytes);
    const place = { Bucket: 'files', Key: name };
    expect(await uploadStream(s3, place, pieces(content, 1_000_003))).toBe('null');
    const { Body, ETag } = await s3.send(new GetObjectCommand(place));
    expect(digestOf((await Body?.transformToByteArray()) ?? Buffer.from('x'))).toBe(digestOf(content));
    expect(ETag?.includes(`-${parts}"`)).toBe(parts > 1);
  });

  it('leaves nothing of a stream that fails', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(PART_BYTES * 2);
      throw new Error('the disk is gone');
    }
    const place = { Bucket: 'files', Key: 'failing' };
    await expect(uploadStream(s3, place, failing())).rejects.toThrow('the disk is gone');
    await expect(s3.send(new GetObjectCommand(place))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
