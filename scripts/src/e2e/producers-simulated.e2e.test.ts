import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encryptingStream, keyServiceOf } from '@payments/ingest/inbound-file';
import { syntheticLoad } from '@payments/ingest/synthetic-load';
import { type LocalCloud, openCloud, ROUGH, SeededFaults, SimulatedRuntime } from '@payments/local-cloud';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const STARTS_AT = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 60 * 60 * 1000;
const SAMPLE = readFileSync(new URL('../../../sample/authorizations.jsonl', import.meta.url), 'utf8');
const API = 'payments-local-ingest-api';
const BUCKET = 'payments-local-ingest-inbound-000000000000';
const INBOUND_KEY = 'arn:aws:kms:eu-west-2:000000000000:alias/payments-local-inbound';

const folder = temporaryFolder();
let stacks = '';
let runtime: SimulatedRuntime;
let faults: SeededFaults;
let cloud: LocalCloud;
let runs = 0;

beforeAll(() => {
  stacks = synthesize('local', folder.path);
}, 120_000);
afterAll(() => folder.remove());
beforeEach(async () => {
  runs += 1;
  runtime = new SimulatedRuntime(7, STARTS_AT);
  faults = new SeededFaults(
    () => runtime.random(),
    ROUGH,
    (text) => text,
  );
  faults.enabled = false;
  cloud = await openCloud({
    dataDirectory: join(folder.path, `run-${runs}`),
    bundlesDirectory: join(folder.path, 'bundles'),
    host: 'in-process',
    runtime,
    faults,
    // Faults meet the alarms too, which say so.
    onWarning: () => undefined,
  });
  for (const stack of ['platform', 'ingest']) await cloud.deploy(join(stacks, stack, 'cdk.tf.json'));
  await cloud.deploy(writeCallers());
});
afterEach(() => cloud.close());

/** Two roles of those outside, with the policies that the stack of ingest has for them, and one with none. */
function writeCallers(): string {
  const path = join(folder.path, 'callers', 'cdk.tf.json');
  const assumeRole = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  });
  const role = (name: string) => ({ name, assume_role_policy: assumeRole });
  const attached = (name: string, policy: string) => ({
    role: name,
    policy_arn: `arn:aws:iam::000000000000:policy/payments-local-ingest-${policy}`,
    depends_on: [`aws_iam_role.${name}`],
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    JSON.stringify({
      '//': { metadata: { stackName: 'callers' } },
      resource: {
        aws_iam_role: { till: role('till'), sender: role('sender'), stranger: role('stranger') },
        aws_iam_role_policy_attachment: {
          till: attached('till', 'api-url-callers'),
          sender: attached('sender', 'inbound-senders'),
        },
      },
    }),
  );
  return path;
}

function as(role: string) {
  const configuration = cloud.sdkConfiguration({
    kind: 'role',
    arn: `arn:aws:iam::000000000000:role/${role}`,
  });
  return { ...configuration, maxAttempts: 1 };
}

function post(role: string, body: string, key = 'k1') {
  const request = {
    method: 'POST',
    path: '/authorizations',
    query: {},
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body,
  };
  return cloud.callFunctionUrl(API, request, { kind: 'role', arn: `arn:aws:iam::000000000000:role/${role}` });
}

async function encrypted(role: string, text: string): Promise<Buffer> {
  const kms = keyServiceOf(new KMSClient(as(role)));
  return buffer(Readable.from([Buffer.from(text)]).pipe(encryptingStream(kms, INBOUND_KEY)));
}

async function rowsOf(table: string): Promise<Record<string, unknown>[]> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()));
  const { Items = [] } = await documents.send(
    new ScanCommand({ TableName: `payments-local-ingest-${table}` }),
  );
  return Items;
}

/** Runs until nothing is left to do but what waits for a stage that is not deployed here. */
async function settle(): Promise<void> {
  await runtime.run({
    done: () => {
      const { dynamodb: _, ...others } = cloud.outstanding();
      return Object.keys(others).length === 0;
    },
    until: runtime.now() + 12 * HOUR_MS,
  });
}

describe('a caller of the API', () => {
  const [line = ''] = SAMPLE.split('\n');

  it('may post with the policy for callers, and may not call the function past its URL', async () => {
    expect(await post('till', line)).toMatchObject({ status: 202 });
    const lambda = new LambdaClient(as('till'));
    await expect(lambda.send(new InvokeCommand({ FunctionName: API, Payload: '{}' }))).rejects.toThrow(
      /not authorized to perform: lambda:InvokeFunction/,
    );
  });

  it('may not post without it', async () => {
    for (const role of ['stranger', 'sender']) expect(await post(role, line)).toMatchObject({ status: 403 });
    expect(await rowsOf('api-requests')).toEqual([]);
  });

  it('is answered the same however often it asks, when calls fail and answers are lost', async () => {
    faults.enabled = true;
    const answers = new Set<string>();
    for (let time = 0; time < 30; time += 1) {
      const { status, body } = await post('till', line);
      if (status < 500 && status !== 429) answers.add(`${status} ${body}`);
    }
    faults.enabled = false;
    expect([...answers]).toEqual([expect.stringMatching(/^202 .*ACCEPTED/)]);
    expect(await rowsOf('api-requests')).toMatchObject([{ answer: { status: 'ACCEPTED' } }]);
  });
});

describe('a sender of files', () => {
  it('may encrypt and put, and neither read nor decrypt; the file is read in spite of faults', async () => {
    const bytes = await encrypted('sender', SAMPLE);
    const s3 = new S3Client(as('sender'));
    const file = { Bucket: BUCKET, Key: 'sample.encrypted' };
    faults.enabled = true;
    for (let put = false; !put; )
      put = await s3.send(new PutObjectCommand({ ...file, Body: bytes })).then(
        () => true,
        () => false,
      );
    await settle();
    faults.enabled = false;
    const [row] = (await rowsOf('batches')).filter(({ part }) => part === 'FILE');
    expect(row).toMatchObject({
      state: 'DONE',
      read: 13,
      approved: 12,
      declined: 1,
      unreadable: 0,
      chunks: 1,
    });
    expect(await rowsOf('authorizations')).toHaveLength(13);

    await expect(s3.send(new GetObjectCommand(file))).rejects.toMatchObject({ name: 'AccessDenied' });
    const kms = new KMSClient(as('sender'));
    const { CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: INBOUND_KEY, KeySpec: 'AES_256' }),
    );
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toThrow(
      /not authorized to perform: kms:Decrypt/,
    );
  });

  it('is not held to one invocation: a long file goes on in as many as it needs', async () => {
    // With no more time than the last chunk is to have, an invocation stops after each chunk.
    const stack = JSON.parse(readFileSync(join(stacks, 'ingest', 'cdk.tf.json'), 'utf8'));
    stack.resource.aws_lambda_function.batch.timeout = 30;
    const short = join(stacks, 'ingest-in-haste', 'cdk.tf.json');
    mkdirSync(dirname(short), { recursive: true });
    writeFileSync(short, JSON.stringify(stack));
    await cloud.deploy(short);

    const lines = [...syntheticLoad(1_800, 5)];
    const bytes = await encrypted('sender', lines.join('\n'));
    const before = cloud.billed()['lambda:requests'] ?? 0;
    await new S3Client(as('sender')).send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'long.encrypted', Body: bytes }),
    );
    faults.enabled = true;
    await settle();
    faults.enabled = false;
    const rows = await rowsOf('batches');
    expect(rows.find(({ part }) => part === 'FILE')).toMatchObject({ state: 'DONE', read: 1_800, chunks: 4 });
    expect(rows.filter(({ part }) => part !== 'FILE').map(({ part, read }) => [part, read])).toEqual([
      ['CHUNK#00000000', 500],
      ['CHUNK#00000001', 500],
      ['CHUNK#00000002', 500],
      ['CHUNK#00000003', 300],
    ]);
    expect((cloud.billed()['lambda:requests'] ?? 0) - before).toBeGreaterThanOrEqual(4);
  }, 60_000);

  it('may do none of it without the policy', async () => {
    await expect(encrypted('stranger', SAMPLE)).rejects.toThrow(
      /not authorized to perform: kms:GenerateDataKey/,
    );
    const s3 = new S3Client(as('till'));
    await expect(
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x.encrypted', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('who puts a file in clear is told so by an alarm', async () => {
    const s3 = new S3Client(as('sender'));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'clear.encrypted', Body: 'a file in clear' }));
    await settle();
    await runtime.run({ until: runtime.now() + 10 * 60_000 });
    expect(await rowsOf('batches')).toMatchObject([{ state: 'FAILED', reason: 'NOT_DECRYPTABLE', read: 0 }]);
    expect(await rowsOf('authorizations')).toEqual([]);
    const subjects = cloud.services.sns.published().map(({ subject }) => subject);
    expect(subjects).toContain('ALARM: "payments-local-ingest-files-failed" in eu-west-2');
  });
});
