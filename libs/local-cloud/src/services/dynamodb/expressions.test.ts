import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { TEST_TABLE, type TestDynamoDb, testDynamoDb } from './testing-context.ts';

const ITEM: JsonObject = {
  pk: { S: 'one' },
  text: { S: 'Coffee é' },
  amount: { N: '12.50' },
  huge: { N: '12345678901234567890123456789012345678' },
  bytes: { B: 'AQID' },
  flags: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2'] },
  many: { L: [{ S: 'x' }, { N: '2' }, { M: { deep: { S: 'y' } } }] },
  tree: { M: { inside: { M: { leaf: { N: '7' } } } } },
  yes: { BOOL: true },
  nothing: { NULL: true },
};

let db: TestDynamoDb;

beforeEach(() => {
  db = testDynamoDb();
  db.createTable();
  db.service.call('PutItem', { TableName: TEST_TABLE, Item: ITEM });
});

/** Scans with a filter; true when the one item passes. */
function passes(filter: string, values: JsonObject = {}, names: JsonObject = {}): boolean {
  const { Count } = db.service.call('Scan', {
    TableName: TEST_TABLE,
    FilterExpression: filter,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
  });
  return Count === 1;
}

/** Updates the item and gives all its new attributes. */
function update(expression: string, values: JsonObject = {}, names: JsonObject = {}): JsonObject {
  const { Attributes } = db.service.call('UpdateItem', {
    TableName: TEST_TABLE,
    Key: { pk: { S: 'one' } },
    UpdateExpression: expression,
    ReturnValues: 'ALL_NEW',
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
  });
  return Attributes as JsonObject;
}

describe('conditions', () => {
  it.each<[string, JsonObject, boolean]>([
    ['amount = :v', { ':v': { N: '12.5' } }, true],
    ['amount = :v', { ':v': { S: '12.5' } }, false],
    ['amount <> :v', { ':v': { S: '12.5' } }, true],
    ['absent <> :v', { ':v': { S: 'anything' } }, true],
    ['absent = :v', { ':v': { S: 'anything' } }, false],
    ['amount < :v', { ':v': { N: '100' } }, true],
    ['huge > :v', { ':v': { N: '12345678901234567890123456789012345677' } }, true],
    ['huge > :v', { ':v': { N: '12345678901234567890123456789012345678' } }, false],
    ['amount BETWEEN :a AND :b', { ':a': { N: '12.5' }, ':b': { N: '13' } }, true],
    ['amount IN (:a, :b)', { ':a': { N: '1' }, ':b': { N: '12.50' } }, true],
    ['attribute_exists(tree.inside.leaf)', {}, true],
    ['attribute_exists(tree.elsewhere.leaf)', {}, false],
    ['attribute_not_exists(many[3])', {}, true],
    ['many[2].deep = :v', { ':v': { S: 'y' } }, true],
    ['attribute_type(flags, :t)', { ':t': { S: 'SS' } }, true],
    ['attribute_type(nothing, :t)', { ':t': { S: 'NULL' } }, true],
    ['begins_with(#t, :v)', { ':v': { S: 'Cof' } }, true],
    ['begins_with(bytes, :v)', { ':v': { B: 'AQI=' } }, true],
    ['contains(#t, :v)', { ':v': { S: 'fee' } }, true],
    ['contains(flags, :v)', { ':v': { S: 'b' } }, true],
    ['contains(numbers, :v)', { ':v': { N: '2.0' } }, true],
    ['contains(many, :v)', { ':v': { N: '2' } }, true],
    ['contains(many, :v)', { ':v': { S: '2' } }, false],
    ['size(#t) = :v', { ':v': { N: '8' } }, true],
    ['size(bytes) = :v', { ':v': { N: '3' } }, true],
    ['size(many) > size(flags)', {}, true],
    ['flags = :v', { ':v': { SS: ['b', 'a'] } }, true],
    ['NOT yes = :v', { ':v': { BOOL: false } }, true],
    ['yes = :t AND (amount < :n OR amount > :n)', { ':t': { BOOL: true }, ':n': { N: '12.5' } }, false],
    ['amount = :n OR amount < :n AND yes = :f', { ':n': { N: '12.5' }, ':f': { BOOL: false } }, true],
    ['attribute_not_exists(toString)', {}, true],
  ])('%s with %j is %s', (filter, values, expected) => {
    expect(passes(filter, values, filter.includes('#t') ? { '#t': 'text' } : {})).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ['amount = ', {}, 'Invalid FilterExpression: Syntax error; token: "<EOF>"'],
    ['amount = :v extra', { ':v': { N: '1' } }, 'Syntax error; token: "extra"'],
    ['text = :v', { ':v': { N: '1' } }, 'reserved keyword; reserved keyword: text'],
    ['amount = :absent', {}, 'attribute value used in expression is not defined; attribute value: :absent'],
    ['#n = amount', {}, 'not defined; attribute name: #n'],
    ['amount = :v', { ':v': { N: '1' }, ':w': { N: '2' } }, 'unused in expressions: keys: {:w}'],
    ['nonsense(amount)', {}, 'Invalid function name; function: nonsense'],
    ['attribute_exists(:v)', { ':v': { S: 'x' } }, 'requires a document path'],
    ['((amount = :v))', { ':v': { N: '1' } }, 'redundant parentheses'],
    ['amount < :v', { ':v': { BOOL: true } }, 'operator: <, operand type: BOOL'],
    ['amount = :v', { ':v': { N: 'abc' } }, 'cannot be converted to a numeric value: abc'],
    ['amount ? :v', { ':v': { N: '1' } }, 'Syntax error; token: "?"'],
  ])('refuses %s', (filter, values, message) => {
    expect(() => passes(filter, values)).toThrow(message);
  });

  it('refuses a defined name that no expression uses', () => {
    expect(() => passes('yes = :v', { ':v': { BOOL: true } }, { '#unused': 'x' })).toThrow('{#unused}');
  });

  it('refuses parameters from before expressions by name', () => {
    const legacy = { TableName: TEST_TABLE, ScanFilter: { yes: { ComparisonOperator: 'NOT_NULL' } } };
    expect(() => db.service.call('Scan', legacy)).toThrow('legacy parameter ScanFilter');
  });
});

describe('updates', () => {
  it('sets, adds, removes and deletes, each right side seeing the item as it was', () => {
    const after = update(
      'SET twin = amount, amount = amount - :half, fresh = if_not_exists(fresh, :z), many = list_append(many, :l) REMOVE yes, tree.inside.leaf ADD sum_of :half, flags :s DELETE numbers :n',
      {
        ':half': { N: '0.5' },
        ':z': { N: '0' },
        ':l': { L: [{ S: 'end' }] },
        ':s': { SS: ['c'] },
        ':n': { NS: ['1', '2'] },
      },
    );
    expect(after).toMatchObject({
      twin: { N: '12.5' },
      amount: { N: '12' },
      fresh: { N: '0' },
      sum_of: { N: '0.5' },
      flags: { SS: ['a', 'b', 'c'] },
      tree: { M: { inside: { M: {} } } },
    });
    expect((after['many'] as { L: unknown[] }).L).toHaveLength(4);
    expect(Object.keys(after)).not.toContain('yes');
    expect(Object.keys(after)).not.toContain('numbers');
  });

  it('adds numbers of 38 digits exactly and refuses what needs more', () => {
    expect(update('SET huge = huge + :v', { ':v': { N: '1' } })['huge']).toEqual({
      N: '12345678901234567890123456789012345679',
    });
    expect(() => update('SET huge = huge + :v', { ':v': { N: '0.1' } })).toThrow('38 significant digits');
  });

  it('removes list elements by their old indexes and closes up, also in lists within lists', () => {
    update('SET nested = :v', { ':v': { L: [{ L: [{ N: '0' }, { N: '1' }, { N: '2' }] }, { N: '9' }] } });
    expect(update('REMOVE nested[0][0], nested[0][2], nested[1]')['nested']).toEqual({
      L: [{ L: [{ N: '1' }] }],
    });
  });

  it.each<[string, JsonObject, string]>([
    ['SET pk = :v', { ':v': { S: 'two' } }, 'This attribute is part of the key'],
    ['SET a = :v, a.b = :v', { ':v': { S: 'x' } }, 'paths overlap'],
    ['SET a = :v SET b = :v', { ':v': { S: 'x' } }, '"SET" section can only be used once'],
    ['SET a = absent', {}, 'attribute that does not exist in the item'],
    ['SET a = yes + :v', { ':v': { N: '1' } }, 'incorrect data type'],
    ['ADD amount :v', { ':v': { S: 'x' } }, 'operator: ADD, operand type: S'],
    [
      'SET absent.deep = :v',
      { ':v': { S: 'x' } },
      'document path provided in the update expression is invalid',
    ],
    ['PUT a :v', { ':v': { S: 'x' } }, 'Syntax error; token: "PUT"'],
  ])('refuses %s', (expression, values, message) => {
    expect(() => update(expression, values)).toThrow(message);
  });

  it('gives what ReturnValues asks for', () => {
    const call = (ReturnValues: string, value: string) =>
      db.service.call('UpdateItem', {
        TableName: TEST_TABLE,
        Key: { pk: { S: 'one' } },
        UpdateExpression: 'SET tree.inside.leaf = :v',
        ExpressionAttributeValues: { ':v': { N: value } },
        ReturnValues,
      })['Attributes'];
    expect(call('UPDATED_OLD', '8')).toEqual({ tree: { M: { inside: { M: { leaf: { N: '7' } } } } } });
    expect(call('UPDATED_NEW', '9')).toEqual({ tree: { M: { inside: { M: { leaf: { N: '9' } } } } } });
    expect(call('ALL_OLD', '10')).toMatchObject({ yes: { BOOL: true } });
    expect(call('NONE', '11')).toBeUndefined();
  });
});

describe('projections', () => {
  it('keeps what the paths reach', () => {
    const { Item } = db.service.call('GetItem', {
      TableName: TEST_TABLE,
      Key: { pk: { S: 'one' } },
      ProjectionExpression: '#t, many[2].deep, many[0], tree.inside.nowhere, gone',
      ExpressionAttributeNames: { '#t': 'text' },
    });
    expect(Item).toEqual({ text: ITEM['text'], many: { L: [{ S: 'x' }, { M: { deep: { S: 'y' } } }] } });
  });
});
