import { describe, expect, it } from '@jest/globals';
import type { TransactionStandardizedRecord } from '@payments/schemas';
import { CURRENT, itemIdOf, type Manifest } from './adapters/reference-items.ts';
import { compose } from './handler.ts';
import { REFERENCE, standardized, VERSION } from './standardized.fixture.ts';

const TABLE = 'payments-test-enrich-reference';
const environment = {
  REFERENCE_TABLE: TABLE,
  REFERENCE_CACHE_SECONDS: '60',
  REFERENCE_VERSION: 'CURRENT',
  EVENT_BUS_NAME: 'payments-test-bus',
  DELIVERY_MODE: 'batch',
  METRICS_NAMESPACE: 'payments/test',
  QUARANTINE_BUCKET: 'payments-test-quarantine',
};

interface WireRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

const SET = { version: '1a', rows: 1 };
const MANIFEST: Manifest = {
  version: VERSION,
  sets: { accounts: SET, cards: SET, products: SET, merchantCategories: SET, rates: SET },
};

/** The table on the wire: the current version, and an item for each row of the fixture. */
const TABLE_ITEMS = new Map(
  [
    [CURRENT, MANIFEST] as const,
    ...[...REFERENCE].map(([key, row]) => [itemIdOf(key, MANIFEST), row] as const),
  ].map(([id, row]) => [id, { id: { S: id }, row: attributeOf(row) }] as const),
);

function attributeOf(value: unknown): object {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  return {
    M: Object.fromEntries(Object.entries(value ?? {}).map(([name, each]) => [name, attributeOf(each)])),
  };
}

/** Answers the calls of the function as AWS does on the wire, and remembers what was published and set aside. */
class Wire {
  readonly published: { readonly DetailType: string; readonly Detail: string }[] = [];
  readonly setAside: string[] = [];
  lookups = 0;
  isTableDown = false;

  async handle({ method, headers, body }: WireRequest) {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const target = headers['x-amz-target'] ?? method;
    if (target === 'PUT') {
      this.setAside.push(text);
      return answer(200, '');
    }
    if (target.endsWith('PutEvents')) {
      const { Entries } = JSON.parse(text) as { Entries: Wire['published'] };
      this.published.push(...Entries);
      return answer(200, { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'event' })) });
    }
    this.lookups += 1;
    if (this.isTableDown) return answer(400, { __type: 'ProvisionedThroughputExceededException' });
    const { RequestItems } = JSON.parse(text) as {
      RequestItems: Record<string, { Keys: { id: { S: string } }[] }>;
    };
    const keys = (RequestItems[TABLE]?.Keys ?? []).map(({ id }) => id.S);
    return answer(200, {
      Responses: { [TABLE]: keys.flatMap((key) => TABLE_ITEMS.get(key) ?? []) },
      UnprocessedKeys: {},
    });
  }
}

function answer(statusCode: number, body: object | '') {
  const text = body === '' ? '' : JSON.stringify(body);
  return { response: { statusCode, headers: {}, body: new TextEncoder().encode(text) } };
}

function messageOf(messageId: string, ...records: readonly TransactionStandardizedRecord[]) {
  const metadata = {
    eventId: '00000000-0000-5000-8000-000000000001',
    schemaVersion: 1,
    producedBy: 'payments.standardize',
    producedAt: '2026-11-15T10:15:01Z',
    source: 'VISA',
    deliveryMode: 'batch',
    recordCount: records.length,
    correlationId: '00000000-0000-5000-8000-000000000002',
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  };
  const event = { 'detail-type': 'TransactionStandardized', detail: { metadata, records } };
  return { messageId, body: JSON.stringify(event) };
}

function invoke(wire: Wire, ...Records: readonly ReturnType<typeof messageOf>[]) {
  const { handler } = compose(environment, {
    clock: { now: () => Date.parse('2026-11-15T10:15:02Z'), sleep: async () => {} },
    random: { uuid: () => '', bytes: (size) => new Uint8Array(size) },
    client: {
      region: 'eu-west-2',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      // The SDK's type of a handler is a class of its own; it calls nothing but `handle`.
      requestHandler: { handle: wire.handle.bind(wire) } as never,
    },
    output: () => {},
  });
  if (handler === undefined) throw new Error('the stage composes its handler');
  return handler({ Records }, { awsRequestId: 'test', getRemainingTimeInMillis: () => 30_000 });
}

const withId = (number: number, record = standardized()) => ({
  ...record,
  transactionId: `3f1a2b3c-0000-5000-8000-00000000000${number}`,
});
const unreadable = standardized(
  {},
  { document: { RvslInitn: standardized().document.AuthstnInitn as never } },
);

describe('the subscriber', () => {
  it('looks up once for all messages, publishes what it can say, and sets aside only what it cannot', async () => {
    const wire = new Wire();
    const result = await invoke(
      wire,
      messageOf('one', withId(1), withId(2, unreadable)),
      messageOf('two', withId(3)),
    );
    expect(result).toEqual({ batchItemFailures: [] });
    // The version, then three steps.
    expect(wire.lookups).toBe(4);
    const details = wire.published.map(({ Detail }) => JSON.parse(Detail) as { records: object[] });
    expect(details.flatMap(({ records }) => records)).toMatchObject([
      { transactionId: withId(1).transactionId, outcome: 'COMPLETE', account: { accountId: 'ACC-0001' } },
      { transactionId: withId(3).transactionId, outcome: 'COMPLETE', product: { fxMarkupBasisPoints: 299 } },
    ]);
    expect(wire.setAside.map((text) => (JSON.parse(text) as { reason: string }).reason)).toEqual([
      'ORIGINAL_DATA_MISSING',
    ]);
  });

  it('publishes nothing and has all messages come again while the reference data cannot be read', async () => {
    const wire = new Wire();
    wire.isTableDown = true;
    const result = await invoke(wire, messageOf('one', withId(1)), messageOf('two', withId(2)));
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'one' }, { itemIdentifier: 'two' }] });
    expect([wire.published, wire.setAside]).toEqual([[], []]);
  });
});
