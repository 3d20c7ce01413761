import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayRateOf } from './display-rate.ts';

describe('a rate for display', () => {
  it.each([
    ['7912000', 7, '0.7912'],
    ['5300122', 9, '0.005300122'],
    // Three integer digits leave eight decimals: eleven digits in all.
    ['1512345678901', 10, '151.23456789'],
    ['123456789012', 11, '1.2345678901'],
    ['123456789015', 13, '0.0123456789'],
    ['99999999999999', 13, '10'],
    ['99999999999', 0, '99999999999'],
    ['100000000000', 0, undefined],
    ['999999999999', 1, undefined],
    ['1', 17, undefined],
  ])('of %s / 10^%s is %s', (digits, scale, expected) => {
    expect(displayRateOf({ digits: BigInt(digits), scale })).toBe(expected);
  });

  it('has at most eleven digits and ten decimals, and is next to the rate', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }), fc.nat(17), (digits, scale) => {
        const text = displayRateOf({ digits, scale });
        if (text === undefined) return;
        const [integer = '', fraction = ''] = text.split('.');
        expect(fraction.length).toBeLessThanOrEqual(10);
        expect(`${integer}${fraction}`.replace(/^0+/, '').length).toBeLessThanOrEqual(11);
        // Half a unit of the last place that there may be: 10^-10, or 10^-(11 - integer digits).
        const places = BigInt(Math.min(10, 11 - integer.replace(/^0+/, '').length));
        const shown = BigInt(integer + fraction.padEnd(17, '0'));
        const exact = digits * 10n ** BigInt(17 - scale);
        const error = shown > exact ? shown - exact : exact - shown;
        expect(error * 2n <= 10n ** (17n - places)).toBe(true);
      }),
    );
  });
});
