import { Readable } from 'node:stream';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EncryptCommand, KMSClient, NotFoundException } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import {
  AuthorizationErrorException,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { QueueDoesNotExist, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { cbor } from '@smithy/core/cbor';
import { AwsError, type JsonObject } from '../core/aws-error.ts';
import { RecordedCalls } from './recorded-calls.ts';
import { type SdkConfiguration, sdkConfiguration } from './sdk-request-handler.ts';

const CALLER = { kind: 'role', arn: 'arn:aws:iam::000000000000:role/r' } as const;

function setUp(answer: JsonObject | Error): { recorded: RecordedCalls; configuration: SdkConfiguration } {
  const recorded = new RecordedCalls();
  recorded.answer = answer;
  const configuration = { ...sdkConfiguration(recorded.handleRequest, CALLER, 'eu-west-2'), maxAttempts: 1 };
  return { recorded, configuration };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

describe('AWS JSON', () => {
  it('carries inputs, outputs and the caller', async () => {
    const { recorded, configuration } = setUp({ Item: { id: { S: 'é1' }, data: { B: 'AQI=' } } });
    const client = new DynamoDBClient(configuration);
    const output = await client.send(
      new GetItemCommand({ TableName: 't', Key: { id: { B: Buffer.from('k') } } }),
    );
    expect(recorded.last).toEqual({
      service: 'dynamodb',
      operation: 'GetItem',
      input: { TableName: 't', Key: { id: { B: 'aw==' } } },
      caller: CALLER,
    });
    expect(output.Item?.['id']).toEqual({ S: 'é1' });
    expect([...(output.Item?.['data']?.B ?? [])]).toEqual([1, 2]);
    expect(output.$metadata.requestId).toBe('00000000-0000-4000-8000-000000000000');
  });

  it('gives DynamoDB errors with their members', async () => {
    const conditional = setUp(
      new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
        members: { Item: { id: { S: '1' } } },
      }),
    );
    const first = await failureOf(
      new DynamoDBClient(conditional.configuration).send(new GetItemCommand({ TableName: 't', Key: {} })),
    );
    expect(first).toBeInstanceOf(ConditionalCheckFailedException);
    expect(first).toMatchObject({ message: 'The conditional request failed', Item: { id: { S: '1' } } });

    const cancelled = setUp(
      new AwsError('TransactionCanceledException', 'Transaction cancelled', {
        members: {
          CancellationReasons: [
            { Code: 'None' },
            { Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } },
          ],
        },
      }),
    );
    const second = await failureOf(
      new DynamoDBClient(cancelled.configuration).send(new TransactWriteItemsCommand({ TransactItems: [] })),
    );
    expect(second).toBeInstanceOf(TransactionCanceledException);
    expect(second).toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } }],
    });
  });

  it('serves EventBridge, Step Functions and KMS', async () => {
    const events = setUp({ FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] });
    const put = await new EventBridgeClient(events.configuration).send(
      new PutEventsCommand({
        Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', Time: new Date(1000) }],
      }),
    );
    expect(put.Entries).toEqual([{ EventId: 'e1' }]);
    expect(events.recorded.last.input).toMatchObject({ Entries: [{ Source: 's', Time: 1 }] });

    const states = setUp({ executionArn: 'arn', startDate: 12.5 });
    const started = await new SFNClient(states.configuration).send(
      new StartExecutionCommand({ stateMachineArn: 'm' }),
    );
    expect(started.startDate).toEqual(new Date(12500));
    await new SFNClient(states.configuration).send(new StartSyncExecutionCommand({ stateMachineArn: 'm' }));
    expect(states.recorded.last).toMatchObject({ service: 'states', operation: 'StartSyncExecution' });

    const kms = setUp({ CiphertextBlob: 'AQID', KeyId: 'k' });
    const encrypted = await new KMSClient(kms.configuration).send(
      new EncryptCommand({ KeyId: 'k', Plaintext: Buffer.from('abc') }),
    );
    expect(kms.recorded.last.input).toEqual({ KeyId: 'k', Plaintext: 'YWJj' });
    expect([...(encrypted.CiphertextBlob ?? [])]).toEqual([1, 2, 3]);
    const refused = setUp(new AwsError('NotFoundException', 'no key'));
    const error = await failureOf(
      new KMSClient(refused.configuration).send(
        new EncryptCommand({ KeyId: 'k', Plaintext: Buffer.from('a') }),
      ),
    );
    expect(error).toBeInstanceOf(NotFoundException);
  });

  it('gives SQS errors as its query-compatible clients read them', async () => {
    const { configuration } = setUp(new AwsError('QueueDoesNotExist', 'no queue'));
    const error = await failureOf(
      new SQSClient(configuration).send(new SendMessageCommand({ QueueUrl: 'https://q', MessageBody: 'b' })),
    );
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', message: 'no queue' });
  });

  it('answers a defect as an internal failure and reports it', async () => {
    const { recorded, configuration } = setUp(new TypeError('x is undefined'));
    const error = await failureOf(
      new DynamoDBClient(configuration).send(new GetItemCommand({ TableName: 't', Key: {} })),
    );
    expect(error).toMatchObject({ name: 'InternalFailure', $fault: 'server' });
    expect(recorded.defects).toHaveLength(1);
  });
});

describe('AWS query', () => {
  it('carries maps, lists and results', async () => {
    const { recorded, configuration } = setUp({ MessageId: 'm<1>' });
    const client = new SNSClient(configuration);
    const output = await client.send(
      new PublishCommand({
        TopicArn: 't',
        Message: 'a&b é',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
      }),
    );
    expect(output.MessageId).toBe('m<1>');
    expect(recorded.last).toMatchObject({
      service: 'sns',
      operation: 'Publish',
      input: {
        TopicArn: 't',
        Message: 'a&b é',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
      },
    });

    recorded.answer = { Successful: [{ Id: '1', MessageId: 'm1' }], Failed: [] };
    const batch = await client.send(
      new PublishBatchCommand({ TopicArn: 't', PublishBatchRequestEntries: [{ Id: '1', Message: 'one' }] }),
    );
    expect(recorded.last.input).toEqual({
      TopicArn: 't',
      PublishBatchRequestEntries: [{ Id: '1', Message: 'one' }],
    });
    expect(batch.Successful).toEqual([{ Id: '1', MessageId: 'm1' }]);
  });

  it("gives a missing permission under SNS's own name", async () => {
    const { configuration } = setUp(new AwsError('AccessDeniedException', 'not authorized'));
    const error = await failureOf(
      new SNSClient(configuration).send(new PublishCommand({ TopicArn: 't', Message: 'm' })),
    );
    expect(error).toBeInstanceOf(AuthorizationErrorException);
    expect(error).toMatchObject({ message: 'not authorized', $metadata: { httpStatusCode: 403 } });
  });
});

describe('AWS query for CloudWatch', () => {
  it('reads numbers, lists and times from the form, and writes times as text', async () => {
    const recorded = new RecordedCalls();
    const send = (form: string) =>
      recorded.handleRequest(
        {
          method: 'POST',
          path: '/',
          query: {},
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
          body: `${form}&Version=2010-08-01`,
        },
        CALLER,
      );
    await send(
      'Action=PutMetricData&Namespace=N&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1.5' +
        '&MetricData.member.1.Timestamp=1970-01-01T00%3A01%3A00Z' +
        '&MetricData.member.1.Dimensions.member.1.Name=d&MetricData.member.1.Dimensions.member.1.Value=7',
    );
    expect(recorded.last).toMatchObject({
      service: 'monitoring',
      operation: 'PutMetricData',
      input: {
        Namespace: 'N',
        MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: 60, Dimensions: [{ Name: 'd', Value: '7' }] }],
      },
    });
    recorded.answer = { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: 60, ActionsEnabled: true }] };
    const { body } = await send('Action=DescribeAlarms&MaxRecords=5');
    expect(recorded.last.input).toEqual({ MaxRecords: 5 });
    expect(body).toContain('<member><AlarmName>a</AlarmName>');
    expect(body).toContain('<StateUpdatedTimestamp>1970-01-01T00:01:00.000Z</StateUpdatedTimestamp>');
  });
});

describe('RPC v2 CBOR', () => {
  it('reads and answers CloudWatch calls, timestamps included', async () => {
    const recorded = new RecordedCalls();
    recorded.answer = { MetricDataResults: [{ Id: 'a', Timestamps: [60], Values: [1.5] }] };
    const answer = await recorded.handleRequest(
      {
        method: 'POST',
        path: '/service/GraniteServiceVersion20100801/operation/GetMetricData',
        query: {},
        headers: { 'smithy-protocol': 'rpc-v2-cbor' },
        body: Buffer.from(cbor.serialize({ MaxDatapoints: 5, MetricDataQueries: [] })).toString('base64'),
        bodyEncoding: 'base64',
      },
      CALLER,
    );
    expect(recorded.last).toMatchObject({
      service: 'monitoring',
      operation: 'GetMetricData',
      input: { MaxDatapoints: 5, MetricDataQueries: [] },
    });
    expect(cbor.deserialize(Buffer.from(answer.body, 'base64'))).toMatchObject({
      MetricDataResults: [{ Id: 'a', Timestamps: [{ tag: 1, value: 60 }], Values: [1.5] }],
    });
  });
});

describe('REST-JSON', () => {
  it('invokes a function and tells its error', async () => {
    const payload = '{"errorMessage":"x"}';
    const { recorded, configuration } = setUp({
      StatusCode: 200,
      Payload: payload,
      FunctionError: 'Unhandled',
    });
    const output = await new LambdaClient(configuration).send(
      new InvokeCommand({ FunctionName: 'arn:aws:lambda:eu-west-2:0:function:f', Payload: '{"a":1}' }),
    );
    expect(recorded.last.operation).toBe('Invoke');
    expect(recorded.last.input).toEqual({
      FunctionName: 'arn:aws:lambda:eu-west-2:0:function:f',
      Payload: '{"a":1}',
    });
    expect(output.FunctionError).toBe('Unhandled');
    expect(output.Payload?.transformToString()).toBe('{"errorMessage":"x"}');
  });

  it('gives errors by class', async () => {
    const { configuration } = setUp(
      new AwsError('ResourceNotFoundException', 'no function', { status: 404 }),
    );
    const error = await failureOf(
      new LambdaClient(configuration).send(new InvokeCommand({ FunctionName: 'f' })),
    );
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({ message: 'no function' });
  });
});

describe('REST-XML', () => {
  it.each([false, true])('puts and gets objects (path style: %s)', async (forcePathStyle) => {
    const { recorded, configuration } = setUp({ ETag: '"e"', VersionId: 'v1' });
    const client = new S3Client({ ...configuration, forcePathStyle });
    const put = await client.send(
      new PutObjectCommand({
        Bucket: 'parked',
        Key: 'a b/é+.json',
        Body: Buffer.from('é'),
        ContentType: 'application/json',
        Metadata: { first: '1' },
        IfNoneMatch: '*',
      }),
    );
    expect(put).toMatchObject({ ETag: '"e"', VersionId: 'v1' });
    expect(recorded.last.input).toMatchObject({
      Bucket: 'parked',
      Key: 'a b/é+.json',
      Body: Buffer.from('é').toString('base64'),
      ContentType: 'application/json',
      Metadata: { first: '1' },
      IfNoneMatch: '*',
    });

    recorded.answer = {
      Body: Buffer.from('é').toString('base64'),
      ContentLength: 2,
      LastModified: 1_700_000_000,
    };
    const got = await client.send(new GetObjectCommand({ Bucket: 'parked', Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('é');
    expect(got.LastModified).toEqual(new Date(1_700_000_000_000));

    const head = await client.send(new HeadObjectCommand({ Bucket: 'parked', Key: 'k' }));
    expect(head.ContentLength).toBe(2);
    recorded.answer = {};
    await client.send(new DeleteObjectCommand({ Bucket: 'parked', Key: 'k' }));
    expect(recorded.last).toMatchObject({ operation: 'DeleteObject', input: { Bucket: 'parked', Key: 'k' } });
  });

  it('takes a stream', async () => {
    const { recorded, configuration } = setUp({ ETag: '"e"' });
    await new S3Client(configuration).send(
      new PutObjectCommand({
        Bucket: 'b',
        Key: 'k',
        Body: Readable.from([Buffer.from('ab'), Buffer.from('c')]),
        ContentLength: 3,
      }),
    );
    expect(recorded.last.input['Body']).toBe(Buffer.from('abc').toString('base64'));
  });

  it('lists objects', async () => {
    const { recorded, configuration } = setUp({
      Contents: [
        { Key: 'a&1', Size: 3, LastModified: 1_700_000_000 },
        { Key: 'b', Size: 4, LastModified: 1_700_000_000 },
      ],
      CommonPrefixes: [{ Prefix: 'p/' }],
      KeyCount: 2,
      IsTruncated: true,
      NextContinuationToken: 'next',
    });
    const output = await new S3Client(configuration).send(
      new ListObjectsV2Command({ Bucket: 'b', Prefix: 'x', MaxKeys: 2 }),
    );
    expect(recorded.last.input).toMatchObject({ Bucket: 'b', Prefix: 'x', MaxKeys: 2 });
    expect(output.Contents?.map((object) => [object.Key, object.Size])).toEqual([
      ['a&1', 3],
      ['b', 4],
    ]);
    expect(output).toMatchObject({ IsTruncated: true, NextContinuationToken: 'next', KeyCount: 2 });
    expect(output.CommonPrefixes).toEqual([{ Prefix: 'p/' }]);
  });

  it('gives errors by class, and those of authorization under S3 names', async () => {
    const missing = setUp(new AwsError('NoSuchKey', 'no key', { status: 404, members: { Key: 'k' } }));
    const first = await failureOf(
      new S3Client(missing.configuration).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    );
    expect(first).toBeInstanceOf(NoSuchKey);
    const denied = setUp(new AwsError('AccessDeniedException', 'no'));
    const second = await failureOf(
      new S3Client(denied.configuration).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    );
    expect(second).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });
});
