import { describe, expect, it } from '@jest/globals';
import { loadEnvironment } from './environment.ts';
import { postingObjectiveSeconds } from './posting-objective.ts';

describe('the objective from authorization to posting', () => {
  it.each([
    ['local', 60],
    ['dev', 300],
    ['localbatch', 7200],
  ])('of %s is that of the slowest subscriber on the way', (name, seconds) => {
    expect(postingObjectiveSeconds(loadEnvironment(name))).toBe(seconds);
  });

  it('is days where one of them waits for a schedule, and not for who only listens', () => {
    const environment = loadEnvironment('local');
    const drained = { mode: 'batch', schedule: 'rate(1 day)', largestBatch: 1000 } as const;
    const withDrained = (stage: string) => ({
      ...environment,
      subscribers: { ...environment.subscribers, [stage]: drained },
    });
    expect(postingObjectiveSeconds(withDrained('enrich'))).toBe(108_000);
    expect(postingObjectiveSeconds(withDrained('reconcile'))).toBe(60);
  });
});
