import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Item } from './attribute-value.ts';
import { plainItem } from './stored-item.ts';
import { TEST_TABLE, type TestDynamoDb, testDynamoDb } from './testing-context.ts';

let db: TestDynamoDb;

beforeEach(() => {
  db = testDynamoDb();
});

function put(item: JsonObject, more: JsonObject = {}): JsonObject {
  return db.service.call('PutItem', { TableName: TEST_TABLE, Item: item, ...more });
}

describe('items', () => {
  it.each<[string, JsonObject, string]>([
    ['no key', { other: { S: 'x' } }, 'Missing the key pk in the item'],
    ['a key of another type', { pk: { N: '1' } }, 'Type mismatch for key pk expected: S actual: N'],
    ['an empty key', { pk: { S: '' } }, 'cannot contain an empty string value. Key: pk'],
    ['a key too long', { pk: { S: 'é'.repeat(1025) } }, 'Size of hashkey has exceeded'],
    ['two types in one value', { pk: { S: 'x', N: '1' } }, 'more than one datatypes set'],
    ['no type', { pk: { S: 'x' }, a: {} }, 'Supplied AttributeValue is empty'],
    ['an empty set', { pk: { S: 'x' }, a: { SS: [] } }, 'may not be empty'],
    ['a set with duplicates', { pk: { S: 'x' }, a: { NS: ['1', '1.0'] } }, 'contains duplicates'],
    ['a false NULL', { pk: { S: 'x' }, a: { NULL: false } }, 'must have the value of true'],
    ['39 digits', { pk: { S: 'x' }, a: { N: '1'.repeat(39) } }, '38 significant digits'],
    ['more than 400 KB', { pk: { S: 'x' }, a: { S: 'y'.repeat(400 * 1024) } }, 'Item size has exceeded'],
    ['no base64', { pk: { S: 'x' }, a: { B: '!' } }, 'base64'],
  ])('refuses an item with %s', (_, item, message) => {
    db.createTable();
    expect(() => put(item)).toThrow(message);
  });

  it('refuses a key that does not match the schema', () => {
    db.createTable({ range: 'S' });
    const get = (Key: JsonObject) => db.service.call('GetItem', { TableName: TEST_TABLE, Key });
    expect(() => get({ pk: { S: 'x' } })).toThrow('does not match the schema');
    expect(() => get({ pk: { S: 'x' }, sk: { S: 'y' }, a: { S: 'z' } })).toThrow('does not match the schema');
  });

  it('shows the item that stood in the way when asked for, and bills the attempt', () => {
    db.createTable();
    put({ pk: { S: 'x' }, owner: { S: 'first' }, pad: { S: 'p'.repeat(2000) } });
    const before = db.billed.get('dynamodb:write-units') ?? 0;
    const again = (more: JsonObject) =>
      put({ pk: { S: 'x' } }, { ConditionExpression: 'attribute_not_exists(pk)', ...more });
    expect(() => again({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toThrow(
      expect.objectContaining({
        code: 'ConditionalCheckFailedException',
        members: { Item: expect.objectContaining({ owner: { S: 'first' } }) },
      }),
    );
    expect(() => again({})).toThrow(expect.objectContaining({ members: {} }));
    expect((db.billed.get('dynamodb:write-units') ?? 0) - before).toBe(4);
  });

  it('becomes plain values without losing digits', () => {
    const item: Item = {
      pk: { S: 'x' },
      n: { N: '12.5' },
      big: { N: '12345678901234567890' },
      l: { L: [{ BOOL: true }, { NULL: true }] },
      m: { M: { a: { NS: ['1'] } } },
    };
    expect(plainItem(item)).toEqual({
      pk: 'x',
      n: 12.5,
      big: '12345678901234567890',
      l: [true, null],
      m: { a: [1] },
    });
  });
});

describe('Query and Scan', () => {
  function seed(range: 'S' | 'N' | 'B', keys: readonly JsonObject[], more: JsonObject = {}): void {
    db.createTable({ range, more });
    for (const sk of keys) put({ pk: { S: 'p' }, sk });
  }

  function query(more: JsonObject): JsonObject {
    return db.service.call('Query', { TableName: TEST_TABLE, ...more });
  }

  function sortKeys(answer: JsonObject, type: string): JsonValue[] {
    return (answer['Items'] as { sk: JsonObject }[]).map(({ sk }) => sk[type] ?? null);
  }

  it('orders numbers by value and strings by their bytes', () => {
    const numbers = [
      '10',
      '-1',
      '0',
      '9',
      '-1.5',
      '1e-130',
      '-9e125',
      '9e125',
      '123456789012345678901234567890',
    ];
    seed(
      'N',
      numbers.map((N) => ({ N })),
    );
    const answer = query({
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
    });
    expect(sortKeys(answer, 'N').map(Number)).toEqual(numbers.map(Number).sort((a, b) => a - b));
    db = testDynamoDb();
    seed(
      'S',
      ['😀', '\uffee', 'a', 'B', 'é'].map((S) => ({ S })),
    );
    const texts = query({
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
    });
    expect(sortKeys(texts, 'S')).toEqual(['B', 'a', 'é', '\uffee', '😀']);
  });

  it.each<[string, JsonObject, string[]]>([
    ['pk = :p AND sk < :v', { ':v': { S: 'b' } }, ['a', 'ab', 'ac']],
    ['pk = :p AND :v < sk', { ':v': { S: 'b' } }, ['c']],
    ['sk >= :v AND pk = :p', { ':v': { S: 'b' } }, ['b', 'c']],
    ['pk = :p AND (sk BETWEEN :v AND :w)', { ':v': { S: 'ab' }, ':w': { S: 'b' } }, ['ab', 'ac', 'b']],
    ['pk = :p AND begins_with(sk, :v)', { ':v': { S: 'a' } }, ['a', 'ab', 'ac']],
  ])('%s', (condition, values, expected) => {
    seed(
      'S',
      ['c', 'a', 'ac', 'b', 'ab'].map((S) => ({ S })),
    );
    const answer = query({
      KeyConditionExpression: condition,
      ExpressionAttributeValues: { ':p': { S: 'p' }, ...values },
    });
    expect(sortKeys(answer, 'S')).toEqual(expected);
  });

  it.each<[string, string]>([
    ['sk = :p', 'missed key schema element: pk'],
    ['pk = :p AND elsewhere = :p', 'missed key schema element: sk'],
    ['pk > :p', 'Query key condition not supported'],
    ['pk = :p OR sk = :p', 'Invalid operator used in KeyConditionExpression: OR'],
  ])('refuses %s', (condition, message) => {
    db.createTable({ range: 'S' });
    const values = { ':p': { S: 'p' } };
    expect(() => query({ KeyConditionExpression: condition, ExpressionAttributeValues: values })).toThrow(
      message,
    );
  });

  it('pages in both directions over more rows than are fetched at once', () => {
    const keys = Array.from({ length: 300 }, (_, index) => String(index).padStart(3, '0'));
    seed(
      'S',
      keys.map((S) => ({ S })),
    );
    for (const forward of [true, false]) {
      const found: JsonValue[] = [];
      let start: JsonValue | undefined;
      do {
        const answer = query({
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'p' } },
          ScanIndexForward: forward,
          Limit: 140,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        });
        found.push(...sortKeys(answer, 'S'));
        start = answer['LastEvaluatedKey'];
      } while (start !== undefined);
      expect(found).toEqual(forward ? keys : keys.toReversed());
    }
  });

  it('goes on from a key within bounds, and refuses one outside', () => {
    seed(
      'S',
      ['a', 'b', 'c', 'd', 'e'].map((S) => ({ S })),
    );
    const from = (start: string, forward: boolean) =>
      sortKeys(
        query({
          KeyConditionExpression: 'pk = :p AND sk BETWEEN :b AND :d',
          ExpressionAttributeValues: { ':p': { S: 'p' }, ':b': { S: 'b' }, ':d': { S: 'd' } },
          ScanIndexForward: forward,
          ExclusiveStartKey: { pk: { S: 'p' }, sk: { S: start } },
        }),
        'S',
      );
    expect(from('b', true)).toEqual(['c', 'd']);
    expect(from('d', false)).toEqual(['c', 'b']);
    expect(() => from('a', true)).toThrow('outside query boundaries');
  });

  it('ends a page at 1 MB', () => {
    db.createTable({ range: 'S' });
    for (let index = 0; index < 8; index += 1) {
      put({ pk: { S: 'p' }, sk: { S: String(index) }, pad: { S: 'x'.repeat(300 * 1024) } });
    }
    const first = db.service.call('Scan', { TableName: TEST_TABLE });
    expect(first).toMatchObject({ Count: 4, LastEvaluatedKey: { pk: { S: 'p' }, sk: { S: '3' } } });
    const rest = db.service.call('Scan', {
      TableName: TEST_TABLE,
      ExclusiveStartKey: first['LastEvaluatedKey'],
    });
    expect(rest).toMatchObject({ Count: 4 });
  });

  const INDEXES: JsonObject = {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-owner',
        KeySchema: [
          { AttributeName: 'owner', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['seen'] },
      },
    ],
  };

  it('keeps sparse indexes up to date, projects and pages them', () => {
    db.createTable({ range: 'S', more: INDEXES });
    for (let index = 0; index < 5; index += 1) {
      const at = { N: String(index % 2) };
      put({
        pk: { S: `p${index}` },
        sk: { S: 's' },
        owner: { S: 'me' },
        at,
        seen: { S: 'y' },
        hidden: { S: 'z' },
      });
    }
    put({ pk: { S: 'none' }, sk: { S: 's' }, owner: { S: 'me' } });
    const page = (start?: JsonValue) =>
      query({
        IndexName: 'by-owner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'me' } },
        Limit: 3,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
    const first = page();
    const second = page(first['LastEvaluatedKey']);
    const items = [...(first['Items'] as JsonObject[]), ...(second['Items'] as JsonObject[])];
    expect(items.map((item) => plainItem(item as Item)['pk'])).toEqual(['p0', 'p2', 'p4', 'p1', 'p3']);
    expect(items[0]).not.toHaveProperty('hidden');
    expect(second).not.toHaveProperty('LastEvaluatedKey');
    db.service.call('UpdateItem', {
      TableName: TEST_TABLE,
      Key: { pk: { S: 'p0' }, sk: { S: 's' } },
      UpdateExpression: 'REMOVE #o',
      ExpressionAttributeNames: { '#o': 'owner' },
    });
    expect(db.service.call('Scan', { TableName: TEST_TABLE, IndexName: 'by-owner' })['Count']).toBe(4);
    expect(() => put({ pk: { S: 'x' }, sk: { S: 's' }, owner: { S: 'me' }, at: { S: '1' } })).toThrow(
      'Type mismatch for Index Key at Expected: N Actual: S IndexName: by-owner',
    );
  });
});

describe('batches', () => {
  it('writes and gets many, and refuses too many or the same item twice', () => {
    db.createTable();
    const puts = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ PutRequest: { Item: { pk: { S: `k${index}` } } } }));
    const write = (requests: readonly JsonObject[]) =>
      db.service.call('BatchWriteItem', { RequestItems: { [TEST_TABLE]: requests } });
    expect(write(puts(25))).toEqual({ UnprocessedItems: {} });
    expect(() => write(puts(26))).toThrow('Too many items');
    expect(() => write([...puts(1), ...puts(1)])).toThrow('contains duplicates');
    const keys = Array.from({ length: 30 }, (_, index) => ({ pk: { S: `k${index}` } }));
    const got = db.service.call('BatchGetItem', { RequestItems: { [TEST_TABLE]: { Keys: keys } } });
    expect(got['Responses']).toEqual({ [TEST_TABLE]: keys.slice(0, 25) });
  });
});
