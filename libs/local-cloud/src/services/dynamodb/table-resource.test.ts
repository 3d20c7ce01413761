import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import { type TestDynamoDb, testDynamoDb } from './testing-context.ts';

const ARGUMENTS: JsonObject = {
  name: 'ledger',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'pk',
  range_key: 'sk',
  attribute: [
    { name: 'pk', type: 'S' },
    { name: 'sk', type: 'N' },
    { name: 'owner', type: 'S' },
  ],
  global_secondary_index: [{ name: 'by-owner', hash_key: 'owner', projection_type: 'ALL' }],
  stream_enabled: true,
  stream_view_type: 'NEW_IMAGE',
  ttl: { attribute_name: 'until', enabled: true },
  point_in_time_recovery: { enabled: true },
  server_side_encryption: { enabled: true, kms_key_arn: 'arn:aws:kms:eu-west-2:123456789012:key/k' },
};

function resource(db: TestDynamoDb, type: string): ResourceType {
  const found = db.service.resourceTypes.find((candidate) => candidate.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

async function deployed() {
  const db = testDynamoDb();
  const table = resource(db, 'aws_dynamodb_table');
  const attributes = await table.create(ARGUMENTS);
  return { db, table, attributes };
}

function put(db: TestDynamoDb, sk: number, owner: string): void {
  db.service.call('PutItem', {
    TableName: 'ledger',
    Item: { pk: { S: 'p' }, sk: { N: String(sk) }, owner: { S: owner } },
  });
}

describe('aws_dynamodb_table', () => {
  it('makes the table that the stack describes', async () => {
    const { db, attributes } = await deployed();
    expect(attributes).toMatchObject({
      id: 'ledger',
      name: 'ledger',
      arn: 'arn:aws:dynamodb:eu-west-2:123456789012:table/ledger',
      stream_arn: expect.stringMatching(/table\/ledger\/stream\//),
    });
    const { Table } = db.service.call('DescribeTable', { TableName: 'ledger' });
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'by-owner', Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(db.service.call('DescribeTimeToLive', { TableName: 'ledger' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'until' },
    });
  });

  it('changes indexes in place and keeps the items', async () => {
    const { db, table, attributes } = await deployed();
    put(db, 1, 'me');
    put(db, 2, 'you');
    const changed: JsonObject = {
      ...ARGUMENTS,
      attribute: [...(ARGUMENTS['attribute'] as JsonObject[]), { name: 'other', type: 'S' }],
      global_secondary_index: [
        { name: 'by-other', hash_key: 'other', projection_type: 'ALL' },
        { name: 'by-owner', hash_key: 'owner', range_key: 'sk', projection_type: 'KEYS_ONLY' },
      ],
    };
    const after = await table.update(changed, { arguments: ARGUMENTS, attributes });
    expect(after['stream_arn']).toBe(attributes['stream_arn']);
    put(db, 3, 'me');
    const found = db.service.call('Query', {
      TableName: 'ledger',
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o AND sk > :s',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: 'me' }, ':s': { N: '0' } },
    });
    expect(found['Count']).toBe(2);
    expect(db.service.call('Scan', { TableName: 'ledger' })['Count']).toBe(3);
    expect(db.service.call('Scan', { TableName: 'ledger', IndexName: 'by-other' })['Count']).toBe(0);
  });

  it('refuses another key, and to destroy a protected table', async () => {
    const { db, table, attributes } = await deployed();
    const state = { arguments: ARGUMENTS, attributes };
    const { range_key: _, ...withoutRange } = ARGUMENTS;
    const attribute = (ARGUMENTS['attribute'] as JsonObject[]).filter(({ name }) => name !== 'sk');
    expect(() => table.update({ ...withoutRange, attribute }, state)).toThrow('must be replaced');
    expect(() => table.create({ ...ARGUMENTS, name: 'other', hash_key: 'undefined' })).toThrow('not defined');
    await table.update({ ...ARGUMENTS, deletion_protection_enabled: true }, state);
    expect(() => table.destroy(state)).toThrow('deletion_protection_enabled');
    await table.update(ARGUMENTS, state);
    await table.destroy(state);
    expect(db.service.call('ListTables', {})).toEqual({ TableNames: [] });
    expect(db.runtime.pendingTasks).toBe(0);
    await table.create(ARGUMENTS);
    expect(db.service.call('Scan', { TableName: 'ledger' })['Count']).toBe(0);
  });
});

describe('aws_dynamodb_table_item', () => {
  it('puts, moves and deletes its item', async () => {
    const { db } = await deployed();
    const item = resource(db, 'aws_dynamodb_table_item');
    const args = (sk: string) => ({
      table_name: 'ledger',
      hash_key: 'pk',
      range_key: 'sk',
      item: JSON.stringify({ pk: { S: 'seed' }, sk: { N: sk } }),
    });
    const attributes = await item.create(args('1'));
    await item.update(args('2'), { arguments: args('1'), attributes });
    const scan = () => db.service.call('Scan', { TableName: 'ledger' })['Items'];
    expect(scan()).toEqual([{ pk: { S: 'seed' }, sk: { N: '2' } }]);
    await item.destroy({ arguments: args('2'), attributes });
    expect(scan()).toEqual([]);
  });
});
