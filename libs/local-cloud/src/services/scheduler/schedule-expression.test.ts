import { describe, expect, it } from '@jest/globals';
import { scheduleTimes } from './schedule-expression.ts';

const START = Date.parse('2026-11-22T10:07:30Z');

function times(expression: string, count: number, from = START): string[] {
  const schedule = scheduleTimes(expression, START);
  const found: string[] = [];
  let after = from - 1;
  for (let n = 0; n < count; n += 1) {
    const next = schedule.next(after);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 19));
    after = next;
  }
  return found;
}

describe('scheduleTimes', () => {
  it.each([
    ['rate(5 minutes)', ['2026-11-22T10:07:30', '2026-11-22T10:12:30', '2026-11-22T10:17:30']],
    ['rate(1 day)', ['2026-11-22T10:07:30', '2026-11-23T10:07:30', '2026-11-24T10:07:30']],
    ['at(2026-12-01T00:00:00)', ['2026-12-01T00:00:00']],
    ['at(2020-01-01T00:00:00)', []],
    ['cron(0 2 * * ? *)', ['2026-11-23T02:00:00', '2026-11-24T02:00:00', '2026-11-25T02:00:00']],
    ['cron(*/20 10-11 * * ? *)', ['2026-11-22T10:20:00', '2026-11-22T10:40:00', '2026-11-22T11:00:00']],
    ['cron(15 8 ? * MON-FRI *)', ['2026-11-23T08:15:00', '2026-11-24T08:15:00', '2026-11-25T08:15:00']],
    ['cron(0 0 L * ? *)', ['2026-11-30T00:00:00', '2026-12-31T00:00:00', '2027-01-31T00:00:00']],
    ['cron(0 12 29 FEB ? *)', ['2028-02-29T12:00:00', '2032-02-29T12:00:00', '2036-02-29T12:00:00']],
    ['cron(0 0 1 1,7 ? 2027)', ['2027-01-01T00:00:00', '2027-07-01T00:00:00']],
    ['cron(30 6 ? * 1 *)', ['2026-11-29T06:30:00', '2026-12-06T06:30:00', '2026-12-13T06:30:00']],
  ])('%s', (expression, expected) => {
    expect(times(expression, 3)).toEqual(expected);
  });

  it.each([
    'every day',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 2 * * *)',
    'cron(0 2 * * * *)',
    'cron(0 2 ? * ? *)',
    'cron(60 2 * * ? *)',
    'cron(0 2 15W * ? *)',
    'cron(0 2 ? * 6#3 *)',
    'at(yesterday)',
  ])('refuses %s', (expression) => {
    expect(() => scheduleTimes(expression, START)).toThrow('Invalid Schedule Expression');
  });
});
