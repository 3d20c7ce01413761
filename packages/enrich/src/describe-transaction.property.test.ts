import { describe, expect, it } from '@jest/globals';
import { isPanFree, type Transaction } from '@payments/schemas';
import fc from 'fast-check';
import { describeTransaction } from './describe-transaction.ts';
import { merchantOf } from './merchant-of.ts';
import { standardized } from './standardized.fixture.ts';

const purchase: Transaction = {
  kind: 'PURCHASE',
  messageClass: 'AUTHORIZATION',
  direction: 'DEBIT',
  amount: { minorUnits: '10000', currency: 'USD' },
  billed: { minorUnits: '7912', currency: 'GBP' },
  responseCode: '00',
  standIn: false,
  stan: '100001',
  transmittedAt: '2026-11-15T10:15:00Z',
  bookingDate: '2026-11-15',
  valueDate: '2026-11-15',
  conversion: { rate: { digits: '7912000', scale: 7 }, source: 'NETWORK' },
};
const merchant = { name: 'SEASIDE GRILL', categoryCode: '5812', city: 'BOSTON', country: 'US' };
/** A published test number of a network. */
const TEST_CARD_NUMBER = ['4111', '1111', '1111', '1111'];

describe('the description', () => {
  it('tells amount and rate of a conversion', () => {
    expect(describeTransaction(purchase, merchant)).toBe(
      'CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
    );
  });

  it('shortens the merchant, not the money', () => {
    const long = { ...merchant, name: 'THE OLD HARBOUR SEASIDE GRILL AND TAVERN OF BOSTON' };
    expect(describeTransaction(purchase, long)).toBe(
      'CARD PURCHASE THE OLD HARBOUR SEASIDE GRILL AND TAV USD 100.00 @0.7912',
    );
  });

  it.each(['', ' ', '-'])(
    'hides a card number that a merchant put in its name with "%s" between',
    (between) => {
      const name = `REF ${TEST_CARD_NUMBER.join(between)}`;
      expect(describeTransaction(purchase, { ...merchant, name })).toMatch(/^CARD PURCHASE REF \*+ BOSTON/);
    },
  );

  it('hides a card number that name and city make together', () => {
    const parts = { name: TEST_CARD_NUMBER.slice(0, 2).join(''), city: TEST_CARD_NUMBER.slice(2).join('') };
    expect(describeTransaction(purchase, { ...merchant, ...parts })).toMatch(/^CARD PURCHASE \*+ US/);
  });

  const text = fc.string({
    unit: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'0123456789') },
      { weight: 1, arbitrary: fc.constantFrom(' ', '-', '\n', '\u0000', '\u007f', 'A', '€', '💳') },
    ),
    minLength: 1,
    maxLength: 60,
  });

  it('is one short line without card numbers, whatever the merchant says', () => {
    fc.assert(
      fc.property(text, text, (name, city) => {
        const line = describeTransaction(purchase, { ...merchant, name, city });
        expect(line.length).toBeLessThanOrEqual(70);
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(isPanFree(line)).toBe(true);
        expect(line).toContain('USD 100.00 @0.7912');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the merchant', () => {
  const nameOf = (NmAndLctn: string) => {
    const body = standardized({ Accptr: { Id: 'M1', NmAndLctn } }).document.AuthstnInitn;
    if (body === undefined) throw new Error('the fixture is an authorization');
    return merchantOf(body, undefined).name;
  };

  it.each([
    ['GULF FUEL                KUWAIT CITY  KW', 'GULF FUEL'],
    ['GULF FUEL\\1 MAIN ST\\KUWAIT CITY\\12345     KWKWT', 'GULF FUEL'],
    ['A VERY LONG NAME WITHOUT ANY LAYOUT AT ALL', 'A VERY LONG NAME WITHOUT ANY LAYOUT AT ALL'],
    ['                         LONDON       GB', 'M1'],
  ])('of "%s" is called %s', (nameAndLocation, name) => {
    expect(nameOf(nameAndLocation)).toBe(name);
  });

  it('is never called what looks like a card number, wherever the name is cut', () => {
    const unit = fc.constantFrom(...'0123456789 -A');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 99 }), (nameAndLocation) => {
        expect(isPanFree(nameOf(nameAndLocation))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
