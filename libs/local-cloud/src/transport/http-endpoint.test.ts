import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessKeys, OWNER_ACCESS_KEY } from './access-keys.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { RecordedCalls } from './recorded-calls.ts';

const ROLE = 'arn:aws:iam::000000000000:role/enrich';

describe('the HTTP endpoint', () => {
  const accessKeys = new AccessKeys();
  let recorded: RecordedCalls;
  let flushes: number;
  let http: HttpEndpoint;
  let endpoint: string;

  beforeEach(async () => {
    recorded = new RecordedCalls();
    flushes = 0;
    const flushed = async (): Promise<void> => {
      flushes += 1;
    };
    http = new HttpEndpoint({ handleRequest: recorded.handleRequest, accessKeys, flushed });
    endpoint = await http.listen(0);
  });

  afterEach(() => http.close());

  it('serves SDK clients as the owner, after what was written is durable', async () => {
    recorded.answer = { Item: { id: { S: 'é' } } };
    const client = new DynamoDBClient({ endpoint, region: 'eu-west-2', credentials: OWNER_ACCESS_KEY });
    const output = await client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'é' } } }));
    client.destroy();
    expect(output.Item).toEqual({ id: { S: 'é' } });
    expect(recorded.last).toMatchObject({ input: { Key: { id: { S: 'é' } } }, caller: { kind: 'owner' } });
    expect(flushes).toBe(1);
  });

  it('knows a role by the key that was issued for it', async () => {
    recorded.answer = { MessageId: '1' };
    const client = new SNSClient({ endpoint, region: 'eu-west-2', credentials: accessKeys.issue(ROLE) });
    await client.send(new PublishCommand({ TopicArn: 't', Message: 'm' }));
    client.destroy();
    expect(recorded.last).toMatchObject({ operation: 'Publish', caller: { kind: 'role', arn: ROLE } });
  });

  it('refuses an unknown key with a clear message', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
    const client = new DynamoDBClient({ endpoint, region: 'eu-west-2', credentials, maxAttempts: 1 });
    await expect(client.send(new GetItemCommand({ TableName: 't', Key: {} }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: expect.stringContaining('"local"'),
    });
    client.destroy();
    expect(recorded.calls).toHaveLength(0);
  });

  it('carries S3 objects both ways', async () => {
    const client = new S3Client({ endpoint, region: 'eu-west-2', credentials: OWNER_ACCESS_KEY });
    recorded.answer = { ETag: '"e"' };
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'x/../k 1', Body: Buffer.from([0, 255]) }));
    expect(recorded.last.input).toMatchObject({ Bucket: 'b', Key: 'x/../k 1', Body: 'AP8=' });
    recorded.answer = { Body: 'AP8=', ContentLength: 2 };
    const got = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect([...((await got.Body?.transformToByteArray()) ?? [])]).toEqual([0, 255]);
    client.destroy();
  });

  it('answers what is no AWS request', async () => {
    const answer = await fetch(`${endpoint}/`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
  });
});
