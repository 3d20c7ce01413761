import { describe, expect, it } from '@jest/globals';
import { durationsOf } from './durations.ts';
import { measurementText, measureStages } from './measure-stages.ts';

describe('the percentiles of durations', () => {
  it('are those of the nearest rank, in microseconds', () => {
    const milliseconds = Array.from({ length: 100 }, (_, index) => (100 - index) / 1000);
    expect(durationsOf(milliseconds)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
    expect(durationsOf([0.5])).toEqual({ count: 1, p50: 500, p99: 500, max: 500 });
  });
});

/** What a transaction flows through; a subscriber that only listens is no part of it. */
const FLOW = [
  'ingest',
  'dedup',
  'standardize',
  'enrich',
  'rules',
  'account-interface',
  'posting',
  'reconcile',
];

describe('the benchmark of the stages', () => {
  it('takes the load through every stage by its contracts, and accounts for each transaction', async () => {
    const measured = await measureStages({ transactions: 200, seed: 11, warmUp: 100 });
    expect(measured.stages.map(({ stage }) => stage)).toEqual(FLOW);
    expect(measured.sum.whole.count).toBe(200 * measured.rounds);
    expect(measured.sum.undisturbed.count).toBe(200);
    expect(measured.sum.undisturbed.p99).toBeLessThanOrEqual(measured.sum.whole.p99);
    for (const { whole, undisturbed, parts } of measured.stages) {
      expect(undisturbed.count).toBeGreaterThan(0);
      expect(whole.count).toBe(undisturbed.count * measured.rounds);
      expect(parts.decide.max).toBeGreaterThan(0);
    }
    const ended = Object.values(measured.ends).reduce((sum, count) => sum + count, 0);
    expect(ended).toBe(measured.warmUp + 200);
    expect(measured.ends['TransactionReconciled']).toBeGreaterThan(ended / 2);
    expect(measurementText(measured)).toContain('all stages');
  });
});
