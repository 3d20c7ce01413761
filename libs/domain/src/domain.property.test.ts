import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import {
  convert,
  currencyByNumber,
  currencyOf,
  divideRounded,
  entryIdOf,
  fromDecimalText,
  identifierOf,
  rateToText,
  share,
  toDecimalText,
} from './index.ts';

const minorUnits = fc.bigInt({ min: 0n, max: 10n ** 15n });
const currency = fc.constantFrom('GBP', 'JPY', 'KWD', 'CLF', 'USD');

describe('amounts', () => {
  it('read back from their decimal text, whatever the decimals of the currency', () => {
    fc.assert(
      fc.property(minorUnits, currency, (minor, code) => {
        const amount = { minorUnits: minor, currency: code };
        expect(fromDecimalText(toDecimalText(amount), code)).toEqual(amount);
      }),
    );
  });

  it('refuse a text that has more decimals than the currency', () => {
    expect(() => fromDecimalText('12.5', 'JPY')).toThrow('"12.5" is no amount of JPY');
    expect(fromDecimalText('12.50', 'GBP').minorUnits).toBe(1250n);
    expect(() => fromDecimalText('-1', 'GBP')).toThrow('no amount');
  });
});

describe('rounding', () => {
  it.each([
    ['HALF_EVEN', Big.roundHalfEven],
    ['HALF_UP', Big.roundHalfUp],
    ['DOWN', Big.roundDown],
  ] as const)('%s agrees with big.js', (rounding, mode) => {
    fc.assert(
      fc.property(minorUnits, fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
        const oracle = new Big(numerator.toString()).div(denominator.toString());
        // big.js divides to a limited number of decimals, so the oracle compares by multiplying back.
        const quotient = divideRounded(numerator, denominator, rounding);
        const exact = numerator % denominator === 0n;
        if (exact) expect(quotient).toBe(numerator / denominator);
        else if ((numerator % denominator) * 2n !== denominator)
          expect(quotient.toString()).toBe(oracle.round(0, mode).toFixed(0));
      }),
    );
  });

  it('halves to even', () => {
    expect([1n, 3n, 5n, 7n].map((n) => divideRounded(n, 2n, 'HALF_EVEN'))).toEqual([0n, 2n, 2n, 4n]);
  });
});

describe('conversion', () => {
  it.each([
    ['KWD', 12345n, { digits: 25605n, scale: 4 }, 3161n],
    ['JPY', 12345n, { digits: 5300122n, scale: 9 }, 6543n],
    ['USD', 10000n, { digits: 7912000n, scale: 7 }, 7912n],
  ] as const)('of %s %d to GBP rounds once', (from, minor, rate, expected) => {
    expect(convert({ minorUnits: minor, currency: from }, rate, 'GBP', 'HALF_EVEN').minorUnits).toBe(
      expected,
    );
  });

  it('agrees with big.js', () => {
    fc.assert(
      fc.property(
        minorUnits,
        currency,
        currency,
        fc.bigInt({ min: 1n, max: 10n ** 8n }),
        fc.nat(9),
        (minor, from, to, digits, scale) => {
          const source = { minorUnits: minor, currency: from };
          const oracle = new Big(toDecimalText(source))
            .times(digits.toString())
            .times(`1e-${scale}`)
            .round(currencyOf(to).exponent, Big.roundHalfEven);
          expect(toDecimalText(convert(source, { digits, scale }, to, 'HALF_EVEN'))).toBe(
            oracle.toFixed(currencyOf(to).exponent),
          );
        },
      ),
    );
  });

  it('takes a share in basis points', () => {
    expect(share({ minorUnits: 7912n, currency: 'GBP' }, 299, 'HALF_EVEN').minorUnits).toBe(237n);
    expect(share({ minorUnits: 237n, currency: 'GBP' }, 2000, 'HALF_UP').minorUnits).toBe(47n);
  });

  it('writes a rate without trailing zeros', () => {
    expect(rateToText({ digits: 7912000n, scale: 7 })).toBe('0.7912');
    expect(rateToText({ digits: 5300122n, scale: 9 })).toBe('0.005300122');
    expect(rateToText({ digits: 20n, scale: 1 })).toBe('2');
  });
});

describe('currencies', () => {
  it('are found by either code', () => {
    expect(currencyByNumber('414')).toEqual({ code: 'KWD', numeric: '414', exponent: 3 });
    expect(currencyOf('MGA').exponent).toBe(2);
    expect(() => currencyOf('ZZZ')).toThrow('ZZZ is no currency of ISO 4217');
  });
});

describe('identifiers', () => {
  it('are the same for the same name and differ otherwise', () => {
    expect(identifierOf('a', 'b')).toBe(identifierOf('a', 'b'));
    expect(identifierOf('a', 'b')).not.toBe(identifierOf('b', 'a'));
    expect(entryIdOf(identifierOf('s'), 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });
});
