import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '../testing/virtual-time.ts';
import { matchesError, type Retrier, RetryBudget } from './retry.ts';
import { StatesError } from './states-error.ts';

const RETRIER: Retrier = {
  errorEquals: ['States.ALL'],
  intervalSeconds: 3,
  maxAttempts: 4,
  backoffRate: 2,
  maxDelaySeconds: 10,
  fullJitter: false,
};
const THROTTLED = new StatesError('Lambda.TooManyRequestsException', 'slow down');

function delays(retrier: Retrier, random = 0.5): (number | undefined)[] {
  const runtime = new VirtualTime(0);
  runtime.random = () => random;
  const budget = new RetryBudget([retrier]);
  return Array.from({ length: 5 }, () => budget.delayAfter(THROTTLED, runtime));
}

describe('the delays between attempts', () => {
  it('grow by the rate up to the longest, and end with the attempts', () => {
    expect(delays(RETRIER)).toEqual([3000, 6000, 10_000, 10_000, undefined]);
  });

  it('are spread between nothing and the whole with full jitter', () => {
    expect(delays({ ...RETRIER, fullJitter: true }, 0.25)).toEqual([750, 1500, 2500, 2500, undefined]);
    expect(delays({ ...RETRIER, fullJitter: true }, 0)[0]).toBe(0);
  });

  it('are counted by each retrier for itself', () => {
    const budget = new RetryBudget([
      { ...RETRIER, errorEquals: ['A'], maxAttempts: 1 },
      { ...RETRIER, maxAttempts: 1, intervalSeconds: 1 },
    ]);
    const runtime = new VirtualTime(0);
    const a = new StatesError('A', '');
    expect(budget.delayAfter(a, runtime)).toBe(3000);
    expect(budget.delayAfter(THROTTLED, runtime)).toBe(1000);
    expect(budget.delayAfter(a, runtime)).toBeUndefined();
    expect(budget.delayAfter(THROTTLED, runtime)).toBeUndefined();
  });
});

describe('which errors a name matches', () => {
  it.each<[string, StatesError, boolean]>([
    ['States.ALL', THROTTLED, true],
    ['States.ALL', new StatesError(undefined, undefined), true],
    ['States.ALL', new StatesError('States.Runtime', '', true), false],
    ['States.Runtime', new StatesError('States.Runtime', '', true), false],
    ['States.ALL', new StatesError('States.DataLimitExceeded', '', true), false],
    ['States.DataLimitExceeded', new StatesError('States.DataLimitExceeded', ''), true],
    ['States.TaskFailed', THROTTLED, true],
    ['States.TaskFailed', new StatesError('States.Timeout', undefined), false],
    ['States.Timeout', new StatesError('States.HeartbeatTimeout', undefined), true],
    ['Lambda.TooManyRequestsException', THROTTLED, true],
    ['Lambda', THROTTLED, false],
  ])('%s', (name, error, expected) => {
    expect(matchesError([name], error)).toBe(expected);
  });
});
