import { describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { RUN } from '../cost/run.fixture.ts';
import { capacityReport } from './capacity-report.ts';
import { capacityText } from './capacity-text.ts';
import { type Demand, demandsOf, QUEUE_CONCURRENCY } from './demands.ts';
import { type QuotaTable, readQuotaTable } from './quota-table.ts';

const ENVIRONMENT = loadEnvironment('local');
const DEMANDS = demandsOf(RUN, ENVIRONMENT);

function demand(limit: string, of?: string): Demand | undefined {
  return DEMANDS.find((each) => each.limit === limit && each.of === of);
}

describe('what a run asks of limits, by one transaction a second', () => {
  it.each([
    ['events:put-events', undefined, 2],
    ['events:invocations', undefined, 3],
    // 50 invocations of 20 ms, and 1.25 ms for each of 100 records.
    ['pipes:concurrency', undefined, 0.01125],
    // 1,125 and 10,000 and 500 ms of 100 transactions.
    ['lambda:concurrency', undefined, 0.11625],
    ['lambda:invocations', undefined, 2],
    ['states:start-express', undefined, 1],
    [QUEUE_CONCURRENCY, 'posting', 0.1],
    // Two messages, each for the 100 ms of its invocation.
    ['sqs:in-flight', 'posting', 0.2],
    ['dynamodb:new-table-writes', 'posting-ledger', 10],
    ['dynamodb:item-writes', 'posting-balances, its busiest item', 1],
    ['s3:prefix-writes', 'dedup-parked', 0.1],
  ])('%s (%s): %d', (limit, of, perTransaction) => {
    expect(demand(limit, of)?.perTransaction).toBeCloseTo(perTransaction, 10);
  });

  it('takes the concurrency of a queue from the environment', () => {
    const { posting } = ENVIRONMENT.subscribers;
    const own = demandsOf(RUN, {
      ...ENVIRONMENT,
      subscribers: {
        ...ENVIRONMENT.subscribers,
        posting: { mode: posting?.mode ?? 'real-time', concurrency: 4 },
      },
    }).find(({ limit, of }) => limit === QUEUE_CONCURRENCY && of === 'posting')?.own;
    expect([demand(QUEUE_CONCURRENCY, 'posting')?.own, own]).toEqual([10, 4]);
  });

  it('has a quota for everything that is asked for', () => {
    const known = new Set([QUEUE_CONCURRENCY, ...readQuotaTable().quotas.map(({ id }) => id)]);
    expect(DEMANDS.filter(({ limit }) => !known.has(limit))).toEqual([]);
  });
});

const TABLE: QuotaTable = {
  readOn: '2026-11-01',
  note: 'made up',
  quotas: [
    ['events:put-events', 'PutEvents', 100, { here: 50 }],
    ['dynamodb:new-table-writes', 'Writes of a new table', 40, {}],
    ['kms:symmetric', 'Cryptographic operations', 1, {}],
  ].map(([id, name, otherwise, regions]) => ({
    id: String(id),
    service: 'Any',
    name: String(name),
    otherwise: Number(otherwise),
    regions: regions as Record<string, number>,
    adjustable: true,
    verified: true,
    asOf: '2026-11-01',
    source: 'made up',
  })),
};

function reportOf(tps: number, region = 'here') {
  const demands: Demand[] = [
    { limit: 'events:put-events', perTransaction: 2 },
    { limit: 'dynamodb:new-table-writes', of: 'ledger', perTransaction: 4 },
    { limit: QUEUE_CONCURRENCY, of: 'posting', perTransaction: 0.1, own: 10 },
    { limit: 'kms:symmetric', of: 'at the most', perTransaction: 10, upperBound: true },
    { limit: 'kms:symmetric', perTransaction: 0 },
  ];
  const about = { environment: 'made-up', recordedOn: '2026-11-01', current: true };
  return capacityReport([{ ...about, demands }], TABLE, { tps, region });
}

describe('the report', () => {
  it('puts what is reached first in front, and says at which rate', () => {
    const [made] = reportOf(5).environments;
    expect(made?.checks.map(({ limitId, holdsUpToTps, holds }) => [limitId, holdsUpToTps, holds])).toEqual([
      ['kms:symmetric', 0.1, false],
      ['dynamodb:new-table-writes', 10, true],
      ['events:put-events', 25, true],
      [QUEUE_CONCURRENCY, 100, true],
    ]);
    // No verdict stands on an upper bound.
    expect(made).toMatchObject({
      holds: true,
      first: { of: 'ledger' },
      firstWhenWarm: { name: 'PutEvents' },
    });
  });

  it('takes the figure of the region', () => {
    const of = (region: string) =>
      reportOf(5, region).environments[0]?.checks.find(({ limitId }) => limitId === 'events:put-events')
        ?.limit;
    expect([of('here'), of('elsewhere')]).toEqual([50, 100]);
  });

  it.each([
    [10, undefined, undefined],
    [11, 'dynamodb:new-table-writes', 'warm the table ledger up to 55'],
    [30, 'events:put-events', 'deliver in batch or near-real-time mode'],
    [120, QUEUE_CONCURRENCY, 'set subscribers.posting.concurrency to 15'],
  ])('says at %d a second what to change', (tps, limitId, change) => {
    const [made] = reportOf(tps).environments;
    const reached = made?.checks.filter((each) => !each.holds && !each.upperBound) ?? [];
    if (limitId === undefined) expect(reached).toEqual([]);
    else expect(reached.find((each) => each.limitId === limitId)?.change).toContain(change);
    expect(made?.holds).toBe(limitId === undefined);
  });

  it('is read by people', () => {
    const text = capacityText(reportOf(30));
    expect(text).toContain(
      'Does not hold 30 a second: Any, Writes of a new table (ledger) is reached first, at 10 a second',
    );
    expect(text).toContain(
      'Once the tables have served such a load: Any, PutEvents is reached first, at 25 a second',
    );
    expect(text).toMatch(/^maybe +Any, Cryptographic operations \(at the most\)/m);
    expect(capacityText(reportOf(5))).toContain('Holds: ');
  });
});
