import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { addNumbers, canonicalNumber, compareNumbers, sortableNumber, subtractNumbers } from './decimal.ts';
import { TEST_TABLE, testDynamoDb } from './testing-context.ts';

interface Action {
  readonly kind: 'put' | 'put-new' | 'add' | 'delete' | 'delete-if';
  readonly name: string;
  readonly value: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('put', 'put-new', 'add', 'delete', 'delete-if'),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  value: fc.integer({ min: -3, max: 3 }),
});

/** What a table is in the simplest way: numbers by name. Gives false when the condition does not hold. */
function applyToModel(model: Map<string, number>, { kind, name, value }: Action): boolean {
  const old = model.get(name);
  if (kind === 'put-new' && old !== undefined) return false;
  if (kind === 'delete-if' && old !== value) return false;
  if (kind === 'delete' || kind === 'delete-if') model.delete(name);
  else model.set(name, kind === 'add' ? (old ?? 0) + value : value);
  return true;
}

function requestOf({ kind, name, value }: Action): [string, JsonObject] {
  const Key = { pk: { S: name } };
  const N = String(value);
  const ExpressionAttributeValues = { ':v': { N } };
  switch (kind) {
    case 'put':
      return ['PutItem', { Item: { ...Key, n: { N } } }];
    case 'put-new':
      return ['PutItem', { Item: { ...Key, n: { N } }, ConditionExpression: 'attribute_not_exists(pk)' }];
    case 'add':
      return ['UpdateItem', { Key, UpdateExpression: 'ADD n :v', ExpressionAttributeValues }];
    case 'delete':
      return ['DeleteItem', { Key }];
    case 'delete-if':
      return ['DeleteItem', { Key, ConditionExpression: 'n = :v', ExpressionAttributeValues }];
  }
}

describe('a table', () => {
  it('is what a map is after any sequence of writes, and its stream tells the way there', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const db = testDynamoDb();
        db.createTable({ stream: 'NEW_AND_OLD_IMAGES' });
        const model = new Map<string, number>();
        let changes = 0;
        for (const next of actions) {
          const before = model.get(next.name);
          const holds = applyToModel(model, next);
          if (model.get(next.name) !== before) changes += 1;
          const [operation, request] = requestOf(next);
          const call = () => db.service.call(operation, { TableName: TEST_TABLE, ...request });
          if (holds) call();
          else expect(call).toThrow(AwsError);
        }
        const { Items } = db.service.call('Scan', { TableName: TEST_TABLE });
        const expected = [...model]
          .sort()
          .map(([name, value]) => ({ pk: { S: name }, n: { N: String(value) } }));
        expect(Items).toEqual(expected);
        const { Table } = db.service.call('DescribeTable', { TableName: TEST_TABLE }) as {
          Table: JsonObject;
        };
        const records = db.service.streams.read(String(Table['LatestStreamArn']), undefined, 1000);
        expect(records).toHaveLength(changes);
        expect(replay(records.map(({ record }) => record))).toEqual(new Map([...model].sort()));
        db.store.close();
      }),
      { numRuns: 100 },
    );
  });

  it('is the same after the store was closed and opened again', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dynamodb-'));
    try {
      const file = path.join(folder, 'cloud.sqlite');
      const first = testDynamoDb(file);
      first.createTable({ stream: 'NEW_IMAGE' });
      const write = (db: typeof first, name: string) =>
        db.service.call('PutItem', { TableName: TEST_TABLE, Item: { pk: { S: name }, n: { N: '1' } } });
      for (const name of ['a', 'b', 'c']) write(first, name);
      const look = (db: typeof first) => {
        const table = db.service.call('DescribeTable', { TableName: TEST_TABLE }) as { Table: JsonObject };
        const arn = String(table.Table['LatestStreamArn']);
        const records = db.service.streams.read(arn, undefined, 10);
        return { table, arn, records, items: db.service.call('Scan', { TableName: TEST_TABLE })['Items'] };
      };
      const before = look(first);
      const numbers = before.records.map(({ sequenceNumber }) => sequenceNumber);
      first.service.streams.release(before.arn, 'consumer', numbers[0] ?? '');
      const left = look(first);
      first.store.close();
      const second = testDynamoDb(file);
      expect(look(second)).toEqual(left);
      write(second, 'd');
      const [newest] = look(second).records.slice(-1);
      expect((newest?.sequenceNumber ?? '') > (numbers[2] ?? '')).toBe(true);
      second.store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function replay(records: readonly JsonObject[]): Map<string, number> {
  const state = new Map<string, number>();
  for (const { dynamodb } of records as unknown as { dynamodb: ImageRecord }[]) {
    const { Keys, NewImage } = dynamodb;
    if (NewImage === undefined) state.delete(Keys.pk.S);
    else state.set(Keys.pk.S, Number(NewImage.n.N));
  }
  return new Map([...state].sort());
}

interface ImageRecord {
  readonly Keys: { readonly pk: { readonly S: string } };
  readonly NewImage?: { readonly n: { readonly N: string } };
}

describe('numbers', () => {
  const scaled = fc.tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: 0, max: 8 }));
  const textOf = ([digits, scale]: readonly [bigint, number]) => canonicalNumber(`${digits}e-${scale}`);

  it('are added and subtracted as integers of one scale are', () => {
    fc.assert(
      fc.property(scaled, scaled, (left, right) => {
        const exact = left[0] * 10n ** BigInt(8 - left[1]) + right[0] * 10n ** BigInt(8 - right[1]);
        if (exact.toString().replace('-', '').length > 38) return;
        const sum = addNumbers(textOf(left), textOf(right));
        expect(sum).toBe(textOf([exact, 8]));
        expect(subtractNumbers(sum, textOf(right))).toBe(textOf(left));
      }),
    );
  });

  it('compare, and sort as stored keys, by value', () => {
    fc.assert(
      fc.property(scaled, scaled, (left, right) => {
        const difference = left[0] * 10n ** BigInt(8 - left[1]) - right[0] * 10n ** BigInt(8 - right[1]);
        const expected = difference === 0n ? 0 : difference < 0n ? -1 : 1;
        const [one, other] = [textOf(left), textOf(right)];
        expect(Math.sign(compareNumbers(one, other))).toBe(expected);
        expect(Buffer.compare(sortableNumber(one), sortableNumber(other))).toBe(expected);
      }),
    );
  });
});
