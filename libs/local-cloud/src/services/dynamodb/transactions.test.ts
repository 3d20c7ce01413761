import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { TEST_TABLE, type TestDynamoDb, testDynamoDb } from './testing-context.ts';

let db: TestDynamoDb;

beforeEach(() => {
  db = testDynamoDb();
  db.createTable({ stream: 'NEW_IMAGE' });
});

function key(name: string): JsonObject {
  return { pk: { S: name } };
}

function putNew(name: string, more: JsonObject = {}): JsonObject {
  const Item = { pk: { S: name }, n: { N: '1' } };
  return { Put: { TableName: TEST_TABLE, Item, ConditionExpression: 'attribute_not_exists(pk)', ...more } };
}

function transact(items: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return db.service.call('TransactWriteItems', { TransactItems: items, ...more });
}

function records(): unknown {
  const { Table } = db.service.call('DescribeTable', { TableName: TEST_TABLE }) as { Table: JsonObject };
  return db.service.streams.read(String(Table['LatestStreamArn']), undefined, 100);
}

function count(): unknown {
  return db.service.call('Scan', { TableName: TEST_TABLE })['Count'];
}

describe('TransactWriteItems', () => {
  it('does all kinds of action together', () => {
    transact([putNew('a'), putNew('b'), putNew('c')]);
    transact([
      {
        ConditionCheck: { TableName: TEST_TABLE, Key: key('a'), ConditionExpression: 'attribute_exists(pk)' },
      },
      {
        Update: {
          TableName: TEST_TABLE,
          Key: key('b'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Delete: { TableName: TEST_TABLE, Key: key('c') } },
      putNew('d'),
    ]);
    const got = db.service.call('TransactGetItems', {
      TransactItems: ['a', 'b', 'c', 'd'].map((name) => ({ Get: { TableName: TEST_TABLE, Key: key(name) } })),
    });
    expect(got['Responses']).toEqual([
      { Item: { pk: { S: 'a' }, n: { N: '1' } } },
      { Item: { pk: { S: 'b' }, n: { N: '2' } } },
      {},
      { Item: { pk: { S: 'd' }, n: { N: '1' } } },
    ]);
  });

  it('writes nothing when one condition fails, and says why for each action', () => {
    transact([putNew('taken')]);
    const text = { ':v': { S: 'text' } };
    const badUpdate = {
      Update: {
        TableName: TEST_TABLE,
        Key: key('taken'),
        UpdateExpression: 'SET n = n + :v',
        ExpressionAttributeValues: text,
      },
    };
    const before = records();
    expect(() =>
      transact([
        putNew('new'),
        putNew('taken', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        putNew('other'),
      ]),
    ).toThrow(
      expect.objectContaining({
        code: 'TransactionCanceledException',
        message:
          'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
        members: {
          CancellationReasons: [
            { Code: 'None' },
            {
              Code: 'ConditionalCheckFailed',
              Message: 'The conditional request failed',
              Item: { pk: { S: 'taken' }, n: { N: '1' } },
            },
            { Code: 'None' },
          ],
        },
      }),
    );
    expect(() => transact([putNew('new'), badUpdate])).toThrow('[None, ValidationError]');
    expect(() =>
      transact([putNew('new'), { Delete: { TableName: TEST_TABLE, Key: { wrong: { S: 'x' } } } }]),
    ).toThrow('[None, ValidationError]');
    expect(count()).toBe(1);
    expect(records()).toEqual(before);
  });

  it('does a request with the same token once for ten minutes', async () => {
    const add = (value: string, token = 'token-1') =>
      transact(
        [
          {
            Update: {
              TableName: TEST_TABLE,
              Key: key('a'),
              UpdateExpression: 'ADD n :v',
              ExpressionAttributeValues: { ':v': { N: value } },
            },
          },
        ],
        { ClientRequestToken: token },
      );
    const total = () =>
      (db.service.call('GetItem', { TableName: TEST_TABLE, Key: key('a') })['Item'] as JsonObject)['n'];
    add('1');
    add('1');
    expect(total()).toEqual({ N: '1' });
    expect(() => add('2')).toThrow(expect.objectContaining({ code: 'IdempotentParameterMismatchException' }));
    add('1', 'token-2');
    expect(total()).toEqual({ N: '2' });
    db.runtime.schedule({ name: 'later', delayMs: 10 * 60 * 1000, run: () => undefined });
    await db.runtime.run({ until: Number.POSITIVE_INFINITY });
    add('1');
    expect(total()).toEqual({ N: '3' });
  });

  it('refuses two actions on one item, more than 100, and more than 4 MB', () => {
    expect(() => transact([putNew('a'), putNew('a')])).toThrow('multiple operations on one item');
    expect(() => transact(Array.from({ length: 101 }, (_, index) => putNew(`k${index}`)))).toThrow(
      'length between',
    );
    expect(() => transact([])).toThrow('length between');
    const large = (name: string) => ({
      Put: { TableName: TEST_TABLE, Item: { pk: { S: name }, pad: { S: 'x'.repeat(390 * 1024) } } },
    });
    expect(() => transact(Array.from({ length: 11 }, (_, index) => large(`k${index}`)))).toThrow('4 MB');
    expect(count()).toBe(0);
  });

  it('bills twice the units', () => {
    transact([putNew('a'), putNew('b')]);
    expect(db.billed.get('dynamodb:write-units')).toBe(4);
  });
});
