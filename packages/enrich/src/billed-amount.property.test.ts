import { describe, expect, it } from '@jest/globals';
import { type Amount, currencyOf, fromDecimalText, type Rounding, toDecimalText } from '@payments/domain';
import Big, { type RoundingMode } from 'big.js';
import fc from 'fast-check';
import { bill } from './billed-amount.ts';
import { rateOf } from './cain-content.ts';

/** Currencies with no, two, three and four decimals. */
const CODES = ['JPY', 'GBP', 'USD', 'KWD', 'CLF'] as const;
const MODES: Readonly<Record<Rounding, RoundingMode>> = {
  HALF_EVEN: Big.roundHalfEven,
  HALF_UP: Big.roundHalfUp,
  DOWN: Big.roundDown,
};

const minorUnits = fc.bigInt({ min: 0n, max: 10n ** 12n });
const rounding = fc.constantFrom<Rounding>('HALF_EVEN', 'HALF_UP', 'DOWN');
const pair = fc.shuffledSubarray([...CODES], { minLength: 2, maxLength: 2 });
/** As DE10 gives a rate: seven digits and where the point is. */
const rateText = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.nat(9))
  .map(([digits, scale]) => new Big(digits).times(`1e-${scale}`).toFixed());

/** The amount at a rate, by big.js, in minor units of the currency. */
function oracle(amount: Amount, rate: string, currency: string, mode: Rounding): bigint {
  const product = new Big(toDecimalText(amount)).times(rate);
  return BigInt(
    product
      .times(`1e${currencyOf(currency).exponent}`)
      .round(0, MODES[mode])
      .toFixed(0),
  );
}

function rateIn(text: string) {
  const rate = rateOf(text);
  if (rate === undefined) throw new Error('the rate is not zero');
  return rate;
}

describe('what is billed in another currency', () => {
  it("is the network's figure, and its difference from the rate what big.js says", () => {
    fc.assert(
      fc.property(
        pair,
        minorUnits,
        minorUnits,
        rateText,
        rounding,
        ([from = '', to = ''], units, said, rate, mode) => {
          const amount = { minorUnits: units, currency: from };
          const network = { amount: { minorUnits: said, currency: to }, rate: rateIn(rate), currency: to };
          const billing = bill(amount, { currency: to, network, rounding: mode });
          expect(billing?.billed).toEqual(network.amount);
          expect(billing?.conversion).toMatchObject({
            source: 'NETWORK',
            difference: (said - oracle(amount, rate, to, mode)).toString(),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is within one minor unit of the rate when the network rounds otherwise than the product', () => {
    fc.assert(
      fc.property(
        pair,
        minorUnits,
        rateText,
        rounding,
        rounding,
        ([from = '', to = ''], units, rate, its, ours) => {
          const amount = { minorUnits: units, currency: from };
          const said = { minorUnits: oracle(amount, rate, to, its), currency: to };
          const network = { amount: said, rate: rateIn(rate), currency: to };
          const difference = bill(amount, { currency: to, network, rounding: ours })?.conversion?.difference;
          expect(['-1', '0', '1']).toContain(difference);
          if (its === ours) expect(difference).toBe('0');
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is the amount at the bank's rate when the network bills a third currency, with nothing to differ from", () => {
    fc.assert(
      fc.property(minorUnits, rateText, rounding, (units, rate, mode) => {
        const amount = { minorUnits: units, currency: 'JPY' };
        const network = { amount: { minorUnits: 1n, currency: 'USD' }, rate: rateIn('2'), currency: 'USD' };
        const terms = { currency: 'KWD', network, referenceRate: rateIn(rate), rounding: mode };
        const billing = bill(amount, terms);
        expect(billing?.billed).toEqual({ minorUnits: oracle(amount, rate, 'KWD', mode), currency: 'KWD' });
        expect(billing?.conversion?.difference).toBeUndefined();
        if (units > 0n) expect(billing?.conversion?.source).toBe('REFERENCE');
      }),
    );
  });

  it('of nothing is nothing, with no rate needed', () => {
    const terms = { currency: 'GBP', network: {}, rounding: 'HALF_EVEN' } as const;
    expect(bill({ minorUnits: 0n, currency: 'JPY' }, terms)).toEqual({
      billed: { minorUnits: 0n, currency: 'GBP' },
    });
    expect(bill({ minorUnits: 1n, currency: 'JPY' }, terms)).toBeUndefined();
  });
});

describe('what is billed in the currency of the transaction', () => {
  const billed = (said: bigint) =>
    bill(
      { minorUnits: 2599n, currency: 'GBP' },
      {
        currency: 'GBP',
        network: { amount: { minorUnits: said, currency: 'GBP' }, currency: 'GBP' },
        rounding: 'HALF_EVEN',
      },
    );

  it("is the network's figure, and a figure that differs is told", () => {
    expect(billed(2599n)).toEqual({ billed: { minorUnits: 2599n, currency: 'GBP' } });
    expect(billed(2699n)).toEqual({
      billed: { minorUnits: 2699n, currency: 'GBP' },
      conversion: { rate: { digits: '1', scale: 0 }, source: 'NETWORK', difference: '100' },
    });
    expect(billed(2500n)?.conversion?.difference).toBe('-99');
  });
});

describe('a rate', () => {
  it('has at most eighteen digits, and the value that the text has', () => {
    const text = fc
      .tuple(fc.stringMatching(/^(0|[1-9]\d{0,11})$/), fc.stringMatching(/^\d{1,13}$/))
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.oneof(text, fc.constant('999999999999.9999999999999')), (said) => {
        const rate = rateOf(said);
        if (/^[0.]+$/.test(said)) expect(rate).toBeUndefined();
        if (rate === undefined) return;
        expect(rate.digits.toString()).toMatch(/^[1-9]\d{0,17}$/);
        expect(rate.scale).toBeGreaterThanOrEqual(0);
        expect(rate.scale).toBeLessThanOrEqual(17);
        const value = new Big(rate.digits.toString()).times(`1e-${rate.scale}`);
        // Half of the last of eighteen digits, at most, of a number of twelve.
        expect(value.minus(said).abs().lte(new Big(value).times('1e-17'))).toBe(true);
      }),
    );
  });

  it('reads amounts and rates as the documents write them', () => {
    expect(fromDecimalText('12.345', 'KWD').minorUnits).toBe(12345n);
    expect(rateIn('2.5605')).toEqual({ digits: 25605n, scale: 4 });
    expect(rateOf('0.000')).toBeUndefined();
    expect(rateOf(undefined)).toBeUndefined();
  });
});
