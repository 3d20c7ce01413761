import { describe, expect, it } from '@jest/globals';
import { exceeds } from './money-comparison.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });

describe('exceeds', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['more', gbp('10'), gbp('9'), true],
    ['the same', gbp('9'), gbp('9'), false],
    ['less', gbp('9'), gbp('10'), false],
    ['more by one where floats see none', gbp('900719925474099301'), gbp('900719925474099300'), true],
    ['another currency', gbp('10'), { minorUnits: '9', currency: 'EUR' }, false],
    ['no limit', gbp('10'), null, false],
    ['no money', 'GBP 10', gbp('9'), false],
  ])('%s', (_what, money, limit, expected) => {
    expect(exceeds(money, limit)).toBe(expected);
  });
});
