import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeHandleRequest } from '../../transport/handle-request.ts';
import { sdkConfiguration } from '../../transport/sdk-request-handler.ts';
import { type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import { S3Service } from './s3-service.ts';

const Bucket = 'parked';

describe('S3', () => {
  let context: SimulatedContext;
  let sqs: SqsService;
  let s3: S3Service;
  let client: S3Client;

  beforeEach(() => {
    context = simulatedContext();
    sqs = new SqsService(context);
    s3 = new S3Service(context, { queues: sqs.queues, authorize: () => undefined });
    context.add(s3);
    const handle = makeHandleRequest(context.call, {
      requestId: () => 'r',
      onDefect: (error) => {
        throw error;
      },
    });
    client = new S3Client({ ...sdkConfiguration(handle, { kind: 'owner' }, 'eu-west-2'), maxAttempts: 1 });
    resource('aws_s3_bucket').create({ bucket: Bucket });
  });

  function resource(type: string): S3Service['resourceTypes'][number] {
    const found = s3.resourceTypes.find((candidate) => candidate.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found;
  }

  async function text(Key: string, more: object = {}): Promise<string | undefined> {
    const output = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return output.Body?.transformToString();
  }

  it('keeps objects with their type and metadata', async () => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a/é 1',
        Body: 'hello',
        ContentType: 'text/plain',
        Metadata: { by: 'me' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a/é 1' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { by: 'me' }, ContentLength: 5 });
    expect(got.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/é 1' }));
    expect(head).toMatchObject({ ContentLength: 5, ServerSideEncryption: 'AES256' });
    expect(await text('a/é 1', { Range: 'bytes=1-2' })).toBe('el');
    expect(await text('a/é 1', { Range: 'bytes=-2' })).toBe('lo');
  });

  it('names what is missing', async () => {
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'x' }))).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'x' }))).rejects.toBeInstanceOf(NotFound);
    const elsewhere = client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'x' }));
    await expect(elsewhere).rejects.toBeInstanceOf(NoSuchBucket);
  });

  it('puts on condition', async () => {
    const put = (more: object): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'v', ...more }));
    await put({ IfNoneMatch: '*' });
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await put({ IfMatch: '"9e3669d19b675bd57058fd4664205d2a"' });
  });

  it('refuses what was changed on the way', async () => {
    const put = client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'v', ChecksumCRC32: 'AAAAAA==' }));
    await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
  });

  it('keeps versions where they are enabled', async () => {
    resource('aws_s3_bucket_versioning').create({
      bucket: Bucket,
      versioning_configuration: { status: 'Enabled' },
    });
    const first = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '1' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '2' }));
    expect(await text('k')).toBe('2');
    expect(await text('k', { VersionId: first.VersionId })).toBe('1');
    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted.DeleteMarker).toBe(true);
    await expect(text('k')).rejects.toBeInstanceOf(NoSuchKey);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: deleted.VersionId }));
    expect(await text('k')).toBe('2');
  });

  it('takes an object in parts', async () => {
    const Key = 'large é';
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/x-parts' }),
    );
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.alloc(5 * 1024 * 1024, 'b'), Buffer.from('c')];
    const upload = { Bucket, Key, UploadId };
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const part = { ...upload, PartNumber: index + 1, Body };
        const { ETag } = await client.send(new UploadPartCommand(part));
        return { PartNumber: index + 1, ETag };
      }),
    );
    await expect(text(Key)).rejects.toBeInstanceOf(NoSuchKey);
    const complete = (parts: typeof Parts) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
    await expect(complete([...Parts].reverse())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 9, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const [first, , last] = Parts;
    if (first === undefined || last === undefined) throw new Error('there are three parts');
    await client.send(new UploadPartCommand({ ...upload, PartNumber: 4, Body: 'd' }));
    await expect(
      complete([last, { PartNumber: 4, ETag: '"8277e0910d750195b448797616e091ad"' }]),
    ).rejects.toMatchObject({ name: 'EntityTooSmall' });
    expect((await complete(Parts)).ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(await text(Key)).toBe(Buffer.concat(bodies).toString());
    const part = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=5242879-5242880' }));
    expect(part).toMatchObject({
      ContentRange: 'bytes 5242879-5242880/10485761',
      ContentType: 'text/x-parts',
    });
    expect(await part.Body?.transformToString()).toBe('ab');
    await expect(complete(Parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('forgets an upload that is aborted', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const upload = { Bucket, Key: 'k', UploadId };
    await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'a' }));
    await client.send(new AbortMultipartUploadCommand(upload));
    await expect(
      client.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: 'b' })),
    ).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('lists by prefix, delimiter and page', async () => {
    for (const Key of ['a', 'b/1', 'b/2', 'c/3', 'd', 'é']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
    const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more }));
    expect((await list({ Prefix: 'b/' })).Contents?.map((object) => object.Key)).toEqual(['b/1', 'b/2']);
    const folded = await list({ Delimiter: '/' });
    expect(folded.Contents?.map((object) => object.Key)).toEqual(['a', 'd', 'é']);
    expect(folded.CommonPrefixes).toEqual([{ Prefix: 'b/' }, { Prefix: 'c/' }]);

    const seen: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await list({ Delimiter: '/', MaxKeys: 2, ContinuationToken: token });
      seen.push(...(page.Contents ?? []).map((object) => object.Key));
      seen.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toEqual(['a', 'b/', 'd', 'c/', 'é']);
  });

  it('gives the policy of a bucket for all that is in it', () => {
    resource('aws_s3_bucket_policy').create({ bucket: Bucket, policy: '{"Statement":[]}' });
    expect(s3.policyOf('arn:aws:s3:::parked/a/b')).toBe('{"Statement":[]}');
    expect(s3.policyOf('arn:aws:s3:::other')).toBeUndefined();
  });

  it('does not destroy a bucket with objects unless it is told to', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'v' }));
    const attributes = { bucket: Bucket };
    expect(() => resource('aws_s3_bucket').destroy({ arguments: {}, attributes })).toThrow('not empty');
    resource('aws_s3_bucket').destroy({ arguments: { force_destroy: true }, attributes });
    await expect(text('k')).rejects.toBeInstanceOf(NoSuchBucket);
  });
});
