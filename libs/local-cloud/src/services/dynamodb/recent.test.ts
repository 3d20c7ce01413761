import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { TEST_TABLE, type TestDynamoDb, testDynamoDb } from './testing-context.ts';

const LARGE = 'x'.repeat(380 * 1024);
/** So many large items are more than what is remembered of a table and of a stream. */
const MORE_THAN_REMEMBERED = 40;

function set(db: TestDynamoDb, name: string, value: string): void {
  db.service.call('UpdateItem', {
    TableName: TEST_TABLE,
    Key: { pk: { S: name } },
    UpdateExpression: 'SET v = :v',
    ExpressionAttributeValues: { ':v': { S: value } },
  });
}

function itemValue(db: TestDynamoDb, name: string): string | undefined {
  const answer = db.service.call('GetItem', { TableName: TEST_TABLE, Key: { pk: { S: name } } });
  const { Item } = answer as { Item?: { v: { S: string } } };
  return Item?.v.S;
}

function streamArn(db: TestDynamoDb): string {
  const { Table } = db.service.call('DescribeTable', { TableName: TEST_TABLE }) as { Table: JsonObject };
  return String(Table['LatestStreamArn']);
}

describe('what is remembered of a table', () => {
  it('is forgotten with the writes that are taken back', () => {
    const db = testDynamoDb();
    db.createTable({ stream: 'NEW_AND_OLD_IMAGES' });
    set(db, 'a', 'before');
    const [first] = db.service.streams.read(streamArn(db), undefined, 10);
    const failing = (): void =>
      db.store.atomically(() => {
        set(db, 'a', 'taken back');
        set(db, 'b', 'taken back');
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(itemValue(db, 'a')).toBe('before');
    expect(itemValue(db, 'b')).toBeUndefined();
    set(db, 'a', 'after');
    const changes = db.service.streams.read(streamArn(db), first?.sequenceNumber, 10);
    expect(changes.map(({ record }) => record['dynamodb'])).toMatchObject([
      { OldImage: { v: { S: 'before' } }, NewImage: { v: { S: 'after' } } },
    ]);
  });

  it('is as much as fits, and the store has the rest: readers see no difference', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recent-'));
    const file = join(folder, 'store.sqlite');
    try {
      const names = Array.from({ length: MORE_THAN_REMEMBERED }, (_, index) => `item-${index}`);
      const live = testDynamoDb(file);
      live.createTable({ stream: 'NEW_IMAGE' });
      for (const name of names) set(live, name, LARGE);
      for (const name of names) set(live, name, `${LARGE}${name}`);
      for (const name of names) expect(itemValue(live, name)).toBe(`${LARGE}${name}`);
      const arn = streamArn(live);
      const read = (db: TestDynamoDb) => {
        const all = db.service.streams.read(arn, undefined, 1000);
        const places = [1, names.length, 2 * names.length - 3];
        const parts = places.map((place) => db.service.streams.read(arn, all[place]?.sequenceNumber, 4));
        return [all, ...parts].map((records) =>
          records.map(({ sequenceNumber, record, text }) => ({
            sequenceNumber,
            record,
            same: text === JSON.stringify(record),
          })),
        );
      };
      const seen = read(live);
      expect(seen.map(({ length }) => length)).toEqual([2 * names.length, 4, 4, 2]);
      expect(seen.flat().every(({ same }) => same)).toBe(true);
      live.store.close();
      const again = testDynamoDb(file);
      expect(read(again)).toEqual(seen);
      again.store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
