import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../ports.ts';
import type { ReferenceKey } from '../reference-rows.ts';
import { DynamoDBReferenceData } from './dynamodb-reference-data.ts';

const TABLE = 'payments-test-enrich-reference';

type WireKey = { readonly id: { readonly S: string } };

/** Answers BatchGetItem on the wire from versions, and remembers the calls; some keys it does not get to. */
class WireTable {
  readonly calls: string[][] = [];
  readonly present: (key: string) => boolean;
  readonly processedPerCall: number;
  failing = false;

  constructor(present: (key: string) => boolean, processedPerCall = 100) {
    this.present = present;
    this.processedPerCall = processedPerCall;
  }

  async handle({ body }: { readonly body: Uint8Array }) {
    const request = JSON.parse(new TextDecoder().decode(body)) as {
      RequestItems: Record<string, { Keys: WireKey[] }>;
    };
    const keys = (request.RequestItems[TABLE]?.Keys ?? []).map(({ id }) => id.S);
    this.calls.push(keys);
    if (this.failing) return this.#answer(400, { __type: 'com.amazonaws.dynamodb#AccessDeniedException' });
    const processed = keys.slice(0, this.processedPerCall);
    const rest = keys.slice(this.processedPerCall);
    return this.#answer(200, {
      Responses: {
        [TABLE]: processed.filter(this.present).map((key) => ({
          id: { S: key },
          row: { M: { version: { S: `row of ${key}` } } },
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

function setUp(table: WireTable, cacheSeconds = 60) {
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
  return {
    clock,
    referenceData: new DynamoDBReferenceData(documents, { table: TABLE, cacheSeconds, clock }),
  };
}

const cards = (count: number): ReferenceKey[] =>
  Array.from({ length: count }, (_, index): ReferenceKey => `CARD#${index}`);

describe('reference data in DynamoDB', () => {
  it('is asked for at most a hundred keys a call, and gives each row to its key', async () => {
    const table = new WireTable((key) => key !== 'CARD#7');
    const { referenceData } = setUp(table);
    const rows = await referenceData.load(['VERSION', ...cards(250), 'CARD#0']);
    expect(table.calls.map((keys) => keys.length).sort()).toEqual([100, 100, 51]);
    expect(rows.get('VERSION')).toEqual({ version: 'row of VERSION' });
    expect(rows.get('CARD#249')).toEqual({ version: 'row of CARD#249' });
    expect(rows.get('CARD#7')).toBeUndefined();
  });

  it('is asked again, after a pause, for what it did not get to', async () => {
    const table = new WireTable(() => true, 40);
    const { referenceData, clock } = setUp(table);
    const rows = await referenceData.load(cards(100));
    expect(table.calls.map((keys) => keys.length)).toEqual([100, 60, 20]);
    expect(clock.pauses).toEqual([50, 100]);
    expect(cards(100).every((key) => rows.get(key) !== undefined)).toBe(true);
  });

  it('is unavailable, for now, when it never gets to a row', async () => {
    const table = new WireTable(() => true, 0);
    const { referenceData } = setUp(table);
    await expect(referenceData.load(cards(1))).rejects.toMatchObject({
      code: 'REFERENCE_DATA_UNAVAILABLE',
      retryable: true,
    });
    expect(table.calls).toHaveLength(5);
  });

  it('is unavailable, with the cause, when the call fails', async () => {
    const table = new WireTable(() => true);
    table.failing = true;
    await expect(setUp(table).referenceData.load(['VERSION'])).rejects.toMatchObject({
      code: 'REFERENCE_DATA_UNAVAILABLE',
      cause: expect.objectContaining({ name: 'AccessDeniedException' }),
    });
  });

  it('is not called for nothing', async () => {
    const table = new WireTable(() => true);
    await setUp(table).referenceData.load([]);
    expect(table.calls).toEqual([]);
  });

  it('is remembered for its time, and that there is no row for a shorter one', async () => {
    const table = new WireTable((key) => key === 'CARD#0');
    const { referenceData, clock } = setUp(table, 60);
    const load = () => referenceData.load(cards(2));
    await load();
    clock.milliseconds += 4_999;
    await load();
    expect(table.calls).toEqual([['CARD#0', 'CARD#1']]);
    clock.milliseconds += 1;
    await load();
    expect(table.calls[1]).toEqual(['CARD#1']);
    clock.milliseconds += 55_000;
    expect((await load()).get('CARD#0')).toEqual({ version: 'row of CARD#0' });
    expect(table.calls[2]).toEqual(['CARD#0', 'CARD#1']);
  });

  it('is not remembered when the cache is off', async () => {
    const table = new WireTable(() => true);
    const { referenceData } = setUp(table, 0);
    await referenceData.load(['VERSION']);
    await referenceData.load(['VERSION']);
    expect(table.calls).toHaveLength(2);
  });
});
