import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../ports.ts';
import type { ReferenceKey } from '../reference-rows.ts';
import { DynamoDBReferenceData } from './dynamodb-reference-data.ts';

const TABLE = 'payments-test-enrich-reference';

type WireKey = { readonly id: { readonly S: string } };

const SETS = ['accounts', 'cards', 'products', 'merchantCategories', 'rates'];

/** A manifest on the wire, every set of it in one version. */
function manifest(version: string, setVersion: string) {
  const sets = SETS.map((set) => [set, { M: { version: { S: setVersion }, rows: { N: '1' } } }] as const);
  return { version: { S: version }, sets: { M: Object.fromEntries(sets) } };
}

/** Answers BatchGetItem on the wire, and remembers the calls for rows; some keys it does not get to. */
class WireTable {
  readonly calls: string[][] = [];
  readonly manifests = new Map([['CURRENT', manifest('v1', '1a')]]);
  lookupsOfVersion = 0;
  isConsistent = true;
  readonly present: (key: string) => boolean;
  readonly processedPerCall: number;
  failing = false;

  constructor(present: (key: string) => boolean, processedPerCall = 100) {
    this.present = present;
    this.processedPerCall = processedPerCall;
  }

  async handle({ body }: { readonly body: Uint8Array }) {
    const request = JSON.parse(new TextDecoder().decode(body)) as {
      RequestItems: Record<string, { Keys: WireKey[]; ConsistentRead?: boolean }>;
    };
    const keys = (request.RequestItems[TABLE]?.Keys ?? []).map(({ id }) => id.S);
    if (request.RequestItems[TABLE]?.ConsistentRead !== true) this.isConsistent = false;
    const [first = ''] = keys;
    if (first === 'CURRENT' || first.startsWith('MANIFEST#')) {
      this.lookupsOfVersion += 1;
      const row = this.manifests.get(first);
      const found = row === undefined ? [] : [{ id: { S: first }, row: { M: row } }];
      return this.#answer(200, { Responses: { [TABLE]: found }, UnprocessedKeys: {} });
    }
    this.calls.push(keys);
    if (this.failing) return this.#answer(400, { __type: 'com.amazonaws.dynamodb#AccessDeniedException' });
    const processed = keys.slice(0, this.processedPerCall);
    const rest = keys.slice(this.processedPerCall);
    return this.#answer(200, {
      Responses: {
        [TABLE]: processed.filter(this.present).map((key) => ({
          id: { S: key },
          row: { M: { accountId: { S: `row of ${key}` } } },
          loadedBy: { S: 'x' },
        })),
      },
      UnprocessedKeys:
        rest.length === 0 ? {} : { [TABLE]: { Keys: rest.map((key) => ({ id: { S: key } })) } },
    });
  }

  #answer(statusCode: number, body: object) {
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode, headers, body: new TextEncoder().encode(JSON.stringify(body)) } };
  }
}

class TestClock implements Clock {
  milliseconds = 1_000_000;
  readonly pauses: number[] = [];
  now(): number {
    return this.milliseconds;
  }
  async sleep(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    this.milliseconds += milliseconds;
  }
}

function setUp(table: WireTable, { cacheSeconds = 60, version = 'CURRENT' } = {}) {
  const clock = new TestClock();
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: 'eu-west-2',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      // The SDK's type of a handler is a class of its own; it calls nothing but `handle`.
      requestHandler: { handle: table.handle.bind(table) } as never,
    }),
  );
  const referenceData = new DynamoDBReferenceData(documents, { table: TABLE, cacheSeconds, version, clock });
  return {
    clock,
    referenceData,
    load: async (keys: readonly ReferenceKey[]) => (await referenceData.version()).load(keys),
  };
}

const cards = (count: number): ReferenceKey[] =>
  Array.from({ length: count }, (_, index): ReferenceKey => `CARD#${index}`);

describe('reference data in DynamoDB', () => {
  it('is asked for at most a hundred keys a call, and gives each row of the version to its key', async () => {
    const table = new WireTable((id) => id !== 'CARD@1a#7');
    const rows = await setUp(table).load([...cards(250), 'CARD#0']);
    expect(table.calls.map((keys) => keys.length).sort()).toEqual([100, 100, 50]);
    expect(table.isConsistent).toBe(true);
    expect(rows.version).toBe('v1');
    expect(rows.get('CARD#249')).toEqual({ accountId: 'row of CARD@1a#249' });
    expect(rows.get('CARD#7')).toBeUndefined();
  });

  it('has a row of every set where the set has its version', async () => {
    const table = new WireTable(() => true);
    await setUp(table).load(['CARD#9', 'ACCOUNT#A-1', 'PRODUCT#P', 'MCC#5411', 'RATE#USD#GBP']);
    const ids = ['CARD@1a#9', 'ACCOUNT@1a#A-1', 'PRODUCT@1a#P', 'MCC@1a#5411', 'RATE@1a#USD#GBP'];
    expect(table.calls).toEqual([ids]);
  });

  it('is asked again, after a pause, for what it did not get to', async () => {
    const table = new WireTable(() => true, 40);
    const { load, clock } = setUp(table);
    const rows = await load(cards(100));
    expect(table.calls.map((keys) => keys.length)).toEqual([100, 60, 20]);
    expect(clock.pauses).toEqual([50, 100]);
    expect(cards(100).every((key) => rows.get(key) !== undefined)).toBe(true);
  });

  it('is unavailable, for now, when it never gets to a row', async () => {
    const table = new WireTable(() => true, 0);
    await expect(setUp(table).load(cards(1))).rejects.toMatchObject({
      code: 'REFERENCE_DATA_UNAVAILABLE',
      retryable: true,
    });
    expect(table.calls).toHaveLength(5);
  });

  it('is unavailable, with the cause, when the call fails', async () => {
    const table = new WireTable(() => true);
    table.failing = true;
    await expect(setUp(table).load(cards(1))).rejects.toMatchObject({
      code: 'REFERENCE_DATA_UNAVAILABLE',
      cause: expect.objectContaining({ name: 'AccessDeniedException' }),
    });
  });

  it('is not called for nothing', async () => {
    const table = new WireTable(() => true);
    await setUp(table).load([]);
    expect(table.calls).toEqual([]);
  });

  it('is asked for no row twice, and for the current version when its time is over', async () => {
    const table = new WireTable((id) => id === 'CARD@1a#0');
    const { load, clock } = setUp(table);
    await load(cards(2));
    clock.milliseconds += 59_999;
    await load(cards(2));
    expect(table.lookupsOfVersion).toBe(1);
    clock.milliseconds += 1;
    const rows = await load(cards(2));
    expect(table.lookupsOfVersion).toBe(2);
    expect(table.calls).toEqual([['CARD@1a#0', 'CARD@1a#1']]);
    expect(rows.get('CARD#0')).toEqual({ accountId: 'row of CARD@1a#0' });
    expect(rows.get('CARD#1')).toBeUndefined();
  });

  it('is of another version at once when nothing is remembered of which one is current', async () => {
    const table = new WireTable(() => true);
    const { load } = setUp(table, { cacheSeconds: 0 });
    await load(cards(1));
    table.manifests.set('CURRENT', manifest('v2', '2b'));
    const rows = await load(cards(1));
    expect([rows.version, rows.get('CARD#0')]).toEqual(['v2', { accountId: 'row of CARD@2b#0' }]);
  });

  it('stays with the version that a batch began with', async () => {
    const table = new WireTable(() => true);
    const { referenceData } = setUp(table, { cacheSeconds: 0 });
    const version = await referenceData.version();
    table.manifests.set('CURRENT', manifest('v2', '2b'));
    expect((await version.load(cards(1))).version).toBe('v1');
  });

  it('is of the version that was asked for, whatever is current', async () => {
    const table = new WireTable(() => true);
    table.manifests.set('MANIFEST#v0', manifest('v0', '0c'));
    const { load, clock } = setUp(table, { version: 'v0' });
    expect((await load(cards(1))).get('CARD#0')).toEqual({ accountId: 'row of CARD@0c#0' });
    clock.milliseconds += 3_600_000;
    expect((await load(cards(1))).version).toBe('v0');
    expect(table.lookupsOfVersion).toBe(1);
  });

  it.each([
    ['CURRENT', 'no reference data has been loaded'],
    ['v9', 'no version v9 of the reference data has been loaded'],
  ])('that nobody has loaded is waited for: %s', async (version, message) => {
    const table = new WireTable(() => true);
    table.manifests.clear();
    await expect(setUp(table, { version }).load(cards(1))).rejects.toMatchObject({
      code: 'REFERENCE_DATA_ABSENT',
      message,
      retryable: true,
    });
  });
});
