import { describe, expect, it } from '@jest/globals';
import { type CostLine, costLines, type Retention } from './cost-lines.ts';
import { costReport, SEED_ESTIMATE } from './cost-report.ts';
import { costText } from './cost-text.ts';
import { readPriceTable } from './price-table.ts';
import { flatPrices, RUN } from './run.fixture.ts';

const PRICES = flatPrices(readPriceTable().prices.map(({ unit }) => unit));
const RETENTION: Retention = { archiveRetentionDays: 60, logRetentionDays: 30 };
const VOLUME = { transactions: 1_000, perMonth: 10_000, region: 'here' };
const LINES = costLines(RUN, RETENTION, PRICES, VOLUME);

function line(unit: string, what = unit): CostLine | undefined {
  return LINES.find((each) => each.unit === unit && each.what === what);
}

describe('the lines of a bill', () => {
  it.each([
    ['events:put-events-64kb-chunks', 8, 8],
    ['lambda:requests', 3, 3],
    ['dynamodb:write-units', 50, 50],
    ['sqs:requests', 10, 10],
    // The pipe is asked as often as its function is invoked.
    ['pipes:requests', 0.5, 0.5],
    ['s3:get-requests', 0, 0],
  ])('multiply what was counted of %s: %d a transaction', (unit, perTransaction, usd) => {
    expect(line(unit)).toMatchObject({ kind: 'counted', unitsPerTransaction: perTransaction });
    expect(line(unit)?.usd).toBeCloseTo(usd, 10);
  });

  it.each([
    // 10 GB-seconds of 100 transactions.
    ['lambda:gb-seconds', 'GB-seconds, waiting for calls', 0.1],
    // 300 records that rules delivered and twice each transaction, 1.25 ms each.
    ['lambda:gb-seconds', 'GB-seconds, computing', 0.00625],
    ['logs:bytes', 'log lines of Lambda itself', 1_200],
    ['dynamodb:byte-months', 'dynamodb:byte-months', 1_073_741.824],
    // Kept for two months.
    ['events:archive-byte-months', 'events:archive-byte-months', 4_000],
    // Ten alarms among ten thousand transactions a month.
    ['cloudwatch:alarm-months', 'cloudwatch:alarm-months', 0.001],
    ['sqs:requests', 'polling of empty queues', 64.8],
  ])('estimate %s, %s, and say by what', (unit, what, perTransaction) => {
    const found = line(unit, what);
    expect(found?.unitsPerTransaction).toBeCloseTo(perTransaction, 10);
    expect(found?.kind).toBe('estimated');
    expect(found?.assumes).toBeTruthy();
  });

  it('price every unit that the local cloud bills by the transaction', () => {
    const priced = new Set(LINES.map(({ unit }) => unit));
    expect(Object.keys(RUN.billed).filter((unit) => !priced.has(unit))).toEqual([]);
  });
});

describe('the report', () => {
  const report = costReport([{ run: RUN, retention: RETENTION, current: false }], PRICES, VOLUME);
  const [cost] = report.runs;

  it('adds up counted and estimated lines, apart and together', () => {
    const all = LINES.reduce((sum, { usd }) => sum + usd, 0);
    expect(cost?.totalUsd).toBeCloseTo(all, 6);
    expect((cost?.countedUsd ?? 0) + (cost?.estimatedUsd ?? 0)).toBeCloseTo(all, 6);
    expect(cost?.usdPerMillion).toBeCloseTo(all * 1_000, 3);
    expect(cost?.partOfSeed).toBeCloseTo((all * 1_000) / SEED_ESTIMATE.usdPerMillion, 6);
  });

  it('leaves what AWS does not say out of the total', () => {
    // 800 events and 300 deliveries of 100 transactions, a dollar for a thousand.
    expect(cost?.encryptionUpToUsd).toBeCloseTo(11, 10);
  });

  it('gives the estimate of the seed as its own figures make it', () => {
    const { usdPerMonth, transactionsPerMonth, usdPerMillion } = SEED_ESTIMATE;
    expect(usdPerMonth / (transactionsPerMonth / 1_000_000)).toBeCloseTo(usdPerMillion, 2);
  });

  it('is read by people', () => {
    const text = costText(report);
    expect(text).toContain('free tier left out');
    expect(text).toContain('estimated, not counted');
    expect(text).toContain('data transfer');
    expect(text).toContain('it delivers otherwise now');
    expect(text).toMatch(/^total +\d+\.\d\d$/m);
  });
});
