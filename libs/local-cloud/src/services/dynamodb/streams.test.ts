import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { TEST_TABLE, type TestDynamoDb, testDynamoDb } from './testing-context.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function streamArn(db: TestDynamoDb): string {
  const { Table } = db.service.call('DescribeTable', { TableName: TEST_TABLE }) as { Table: JsonObject };
  return String(Table['LatestStreamArn']);
}

function put(db: TestDynamoDb, name: string, more: JsonObject = {}): void {
  db.service.call('PutItem', { TableName: TEST_TABLE, Item: { pk: { S: name }, ...more } });
}

function remove(db: TestDynamoDb, name: string): void {
  db.service.call('DeleteItem', { TableName: TEST_TABLE, Key: { pk: { S: name } } });
}

async function passTime(db: TestDynamoDb, milliseconds: number): Promise<void> {
  await db.runtime.run({ until: db.runtime.now() });
  let passed = false;
  const run = () => {
    passed = true;
  };
  db.runtime.schedule({ name: 'pass', delayMs: milliseconds, run });
  await db.runtime.run({ done: () => passed, until: Number.POSITIVE_INFINITY });
}

describe('streams', () => {
  it('give each change once, in order, in the shape of a Lambda event', () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'NEW_AND_OLD_IMAGES' });
    put(db, 'a', { n: { N: '1' } });
    put(db, 'a', { n: { N: '2' } });
    remove(db, 'a');
    const arn = streamArn(db);
    const records = db.service.streams.read(arn, undefined, 100);
    expect(records[1]?.record).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-2',
      dynamodb: {
        ApproximateCreationDateTime: Date.UTC(2026, 10, 15, 10, 15, 1) / 1000,
        Keys: { pk: { S: 'a' } },
        NewImage: { pk: { S: 'a' }, n: { N: '2' } },
        OldImage: { pk: { S: 'a' }, n: { N: '1' } },
        SequenceNumber: records[1]?.sequenceNumber,
        SizeBytes: 15,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: arn,
    });
    expect(arn).toBe('arn:aws:dynamodb:eu-west-2:123456789012:table/things/stream/2026-11-15T10:15:01.234');
    expect(records.map(({ record }) => record['eventName'])).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    const numbers = records.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
    for (const number of numbers) expect(number).toMatch(/^\d{21,40}$/);
    expect(new Set(records.map(({ record }) => record['eventID'])).size).toBe(3);
    expect(db.service.streams.read(arn, numbers[1], 100)).toEqual(records.slice(2));
    expect(db.service.streams.read(arn, numbers[0], 1)).toEqual(records.slice(1, 2));
    expect(db.service.streams.latest(arn)).toBe(numbers[2]);
  });

  it.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
    ['NEW_AND_OLD_IMAGES', true, true],
  ])('of view type %s show that and no more', (stream, showsNew, showsOld) => {
    const db = testDynamoDb();
    db.createTable({ stream });
    put(db, 'a', { n: { N: '1' } });
    put(db, 'a', { n: { N: '2' } });
    const change = db.service.streams.read(streamArn(db), undefined, 10)[1]?.record['dynamodb'] as JsonObject;
    expect('NewImage' in change).toBe(showsNew);
    expect('OldImage' in change).toBe(showsOld);
  });

  it('say nothing of a write that changes nothing', () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'NEW_AND_OLD_IMAGES' });
    put(db, 'a', { n: { N: '1' }, set: { SS: ['x', 'y'] } });
    put(db, 'a', { set: { SS: ['y', 'x'] }, n: { N: '1.0' } });
    remove(db, 'never there');
    db.service.call('UpdateItem', {
      TableName: TEST_TABLE,
      Key: { pk: { S: 'a' } },
      UpdateExpression: 'SET n = :v REMOVE nothing',
      ExpressionAttributeValues: { ':v': { N: '1' } },
    });
    expect(db.service.streams.read(streamArn(db), undefined, 10)).toHaveLength(1);
  });

  it('wake who listens, once for each operation, until that one stops', () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'KEYS_ONLY' });
    let woken = 0;
    const stop = db.service.streams.onRecords(streamArn(db), () => {
      woken += 1;
    });
    put(db, 'a');
    put(db, 'a');
    const RequestItems = {
      [TEST_TABLE]: ['b', 'c'].map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } })),
    };
    db.service.call('BatchWriteItem', { RequestItems });
    expect(woken).toBe(2);
    stop();
    put(db, 'd');
    expect(woken).toBe(2);
  });

  it('keep a record until all consumers have released it', () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'KEYS_ONLY' });
    const { streams } = db.service;
    const arn = streamArn(db);
    streams.onRecords(arn, () => undefined);
    streams.onRecords(arn, () => undefined);
    for (const name of ['a', 'b', 'c']) put(db, name);
    const numbers = streams.read(arn, undefined, 10).map(({ sequenceNumber }) => sequenceNumber);
    streams.release(arn, 'fast', numbers[2] ?? '');
    expect(streams.read(arn, undefined, 10)).toHaveLength(3);
    streams.release(arn, 'slow', numbers[0] ?? '');
    expect(streams.read(arn, undefined, 10)).toHaveLength(2);
    streams.release(arn, 'slow', numbers[2] ?? '');
    expect(streams.read(arn, undefined, 10)).toHaveLength(0);
    put(db, 'd');
    const [next] = streams.read(arn, numbers[2], 10);
    expect((next?.sequenceNumber ?? '') > (numbers[2] ?? '')).toBe(true);
  });

  it('forget records after 24 hours', async () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'KEYS_ONLY' });
    put(db, 'a');
    await passTime(db, DAY_MS + 1);
    put(db, 'b');
    expect(db.service.streams.read(streamArn(db), undefined, 10)).toHaveLength(1);
  });
});

describe('time to live', () => {
  it('deletes expired items later, says so in the stream, and is no outstanding work', async () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'OLD_IMAGE' });
    expect(db.runtime.pendingTasks).toBe(0);
    const now = Math.floor(db.runtime.now() / 1000);
    put(db, 'expired', { until: { N: String(now + 1) } });
    put(db, 'valid', { until: { N: String(now + 86_400) } });
    put(db, 'text', { until: { S: String(now + 1) } });
    put(db, 'ancient', { until: { N: String(now - 6 * 365 * 86_400) } });
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    db.service.call('UpdateTimeToLive', { TableName: TEST_TABLE, TimeToLiveSpecification });
    expect(db.runtime.pendingTasks).toBe(1);
    expect(db.service.outstanding()).toBe(0);
    await passTime(db, 60 * 60 * 1000);
    const { Items } = db.service.call('Scan', { TableName: TEST_TABLE, ProjectionExpression: 'pk' });
    expect(Items).toEqual(['ancient', 'text', 'valid'].map((pk) => ({ pk: { S: pk } })));
    const records = db.service.streams.read(streamArn(db), undefined, 10);
    expect(records.at(-1)?.record).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
    expect(records[0]?.record).not.toHaveProperty('userIdentity');
    const off = { AttributeName: 'until', Enabled: false };
    db.service.call('UpdateTimeToLive', { TableName: TEST_TABLE, TimeToLiveSpecification: off });
    expect(db.runtime.pendingTasks).toBe(0);
  });
});
