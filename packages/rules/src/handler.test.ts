import { describe, expect, it } from '@jest/globals';
import { enriched, withoutIssuingCountry } from './enriched.fixture.ts';
import { compose } from './handler.ts';

const environment = {
  EVENT_BUS_NAME: 'payments-test-bus',
  DELIVERY_MODE: 'batch',
  METRICS_NAMESPACE: 'payments/test',
  QUARANTINE_BUCKET: 'payments-test-quarantine',
};
const aws = {
  clock: { now: () => Date.parse('2026-11-15T10:15:02Z'), sleep: async () => {} },
  random: {
    uuid: () => '00000000-0000-4000-8000-000000000000',
    bytes: (size: number) => new Uint8Array(size),
  },
  client: { region: 'eu-west-2' },
  output: () => {},
};
const event = {
  version: '0',
  'detail-type': 'TransactionEnriched',
  source: 'payments.enrich',
  detail: {
    metadata: {
      eventId: '00000000-0000-5000-8000-000000000001',
      schemaVersion: 1,
      producedBy: 'payments.enrich',
      producedAt: '2026-11-15T10:15:01Z',
      source: 'VISA',
      deliveryMode: 'batch',
      recordCount: 2,
      correlationId: '00000000-0000-5000-8000-000000000002',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    },
    records: [
      enriched(),
      { ...withoutIssuingCountry(), transactionId: '3f1a2b3c-0000-5000-8000-00000000eeee' },
    ],
  },
};

describe("the workflow's task", () => {
  it('takes an event of the bus and answers what the workflow publishes and tells', async () => {
    const { handler } = compose(environment, aws);
    const answer = await handler?.(event, { awsRequestId: 'test', getRemainingTimeInMillis: () => 30_000 });
    const { calls, notifications } = answer as {
      calls: { Entries: { EventBusName: string; Source: string; DetailType: string; Detail: string }[] }[];
      notifications: { subject: string }[];
    };
    const entries = calls.flatMap(({ Entries }) => Entries);
    expect(entries.map(({ DetailType }) => DetailType).sort()).toEqual([
      'TransactionPostingApproved',
      'TransactionPostingRejected',
    ]);
    expect(entries.every(({ EventBusName }) => EventBusName === 'payments-test-bus')).toBe(true);
    expect(entries.every(({ Source }) => Source === 'payments.rules')).toBe(true);
    expect(notifications.map(({ subject }) => subject)).toEqual(['Posting refused: MISSING_ISSUING_COUNTRY']);
  });
});
