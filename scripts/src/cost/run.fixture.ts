import { loadEnvironment } from '@payments/infra/environment';
import type { PriceTable } from './price-table.ts';
import type { RecordedRun } from './recorded-run.ts';

const { sources, subscribers } = loadEnvironment('local');

/** A made-up run of a hundred transactions with round figures. */
export const RUN: RecordedRun = {
  environment: 'local',
  recordedOn: '2026-11-01',
  transactions: 100,
  perSecond: 10,
  seed: 1,
  delivery: { sources, subscribers },
  billed: {
    'events:put-events-64kb-chunks': 800,
    'events:archive-bytes': 200_000,
    'lambda:requests': 300,
    'lambda:gb-seconds': 10,
    'dynamodb:write-units': 5_000,
    'sqs:requests': 1_000,
    'states:express-requests': 100,
    'kms:requests': 10,
  },
  calls: { 'events:PutEvents': 200 },
  deliveries: {
    'posting-subscription': { events: 200, records: 200 },
    'rules-subscription': { events: 100, records: 100 },
  },
  functions: {
    'dedup-enrichment': { invocations: 50, milliseconds: 1_000, memoryMegabytes: 1024 },
    'posting-subscriber': { invocations: 100, milliseconds: 9_750, memoryMegabytes: 1024 },
    'posting-fold': { invocations: 50, milliseconds: 500, memoryMegabytes: 1024 },
  },
  tables: {
    'posting-ledger': { writeUnits: 1_000, readUnits: 0, items: 300, bytes: 107_374_182.4 },
  },
  objects: { 'dedup-parked PutObject': 10, 'dedup-parked GetObject': 10 },
  metrics: 2,
  resources: { aws_cloudwatch_metric_alarm: 10, aws_kms_key: 1, aws_lambda_event_source_mapping: 1 },
};

/** One dollar for a thousand of any unit in `here`. */
export function flatPrices(units: readonly string[]): PriceTable {
  const here = { usd: 1, asOf: '2026-11-01', verified: true, source: 'made up' };
  const prices = units.map((unit) => ({ unit, service: 'Any', what: unit, per: 1_000, regions: { here } }));
  return { readOn: '2026-11-01', note: 'made up', prices };
}
