import { describe, expect, it } from '@jest/globals';
import { isPanFree, type Transaction } from '@payments/schemas';
import fc from 'fast-check';
import { describeTransaction } from './describe-transaction.ts';
import { enriched } from './enriched.fixture.ts';
import { merchantOf } from './merchant-of.ts';
import { standardized, USD_AMOUNTS } from './standardized.fixture.ts';

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
      {
        weight: 1,
        arbitrary: fc.constantFrom(' ', '-', '\n', '\u0000', '\u007f', '\u200b', '\u202e', 'A', '€', '💳'),
      },
    ),
    minLength: 1,
    maxLength: 60,
  });

  const eur = (minorUnits: string) => ({ minorUnits, currency: 'EUR' });
  const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
  const abroad = { amount: eur('20000'), billed: gbp('17234') };
  const rate = { rate: { digits: '8617', scale: 4 }, source: 'NETWORK' as const };
  const replaced = { full: false, replacement: eur('15000'), replacementBilled: gbp('12926') };
  const yen = { minorUnits: '12345', currency: 'JPY' };
  const dinar = { minorUnits: '12345', currency: 'KWD' };

  it.each<[string, Partial<Transaction>, string]>([
    ['a purchase', { billed: purchase.amount }, 'CARD PURCHASE SEASIDE GRILL BOSTON US'],
    [
      'cash',
      { kind: 'CASH', ...abroad, conversion: rate, surcharge: eur('250') },
      'CASH SEASIDE GRILL BOSTON US EUR 200.00 @0.8617',
    ],
    [
      'a refund',
      { kind: 'REFUND', direction: 'CREDIT', billed: purchase.amount },
      'REFUND SEASIDE GRILL BOSTON US',
    ],
    [
      'a purchase with cash, the whole of it',
      { kind: 'CASHBACK', amount: gbp('6000'), billed: gbp('6000'), cashback: gbp('2000') },
      'CARD PURCHASE SEASIDE GRILL BOSTON US',
    ],
    [
      'a reversal',
      { kind: 'REVERSAL', messageClass: 'REVERSAL', ...abroad, conversion: rate, reversal: { full: true } },
      'REVERSAL SEASIDE GRILL BOSTON US EUR 200.00 @0.8617',
    ],
    [
      'the reversal of a part, what is given back',
      { kind: 'REVERSAL', messageClass: 'REVERSAL', ...abroad, conversion: rate, reversal: replaced },
      'REVERSAL SEASIDE GRILL BOSTON US EUR 50.00 @0.8617',
    ],
    [
      'less than was asked for, what was approved',
      { amount: gbp('5000'), billed: gbp('5000'), requested: gbp('8000') },
      'CARD PURCHASE SEASIDE GRILL BOSTON US',
    ],
    [
      'an amount without decimals',
      { amount: yen, billed: gbp('6543'), conversion: { ...rate, rate: { digits: '5300122', scale: 9 } } },
      'CARD PURCHASE SEASIDE GRILL BOSTON US JPY 12345 @0.005300122',
    ],
    [
      'an amount with three decimals',
      { amount: dinar, billed: gbp('3161'), conversion: { ...rate, rate: { digits: '25605', scale: 4 } } },
      'CARD PURCHASE SEASIDE GRILL BOSTON US KWD 12.345 @2.5605',
    ],
    ['an amount whose rate nobody says', abroad, 'CARD PURCHASE SEASIDE GRILL BOSTON US EUR 200.00'],
    [
      'a check of the account',
      { kind: 'ACCOUNT_VERIFICATION', amount: gbp('0'), billed: gbp('0') },
      'CARD CHECK SEASIDE GRILL BOSTON US',
    ],
  ])('of %s', (_what, changes, line) => {
    const { conversion: _, ...plain } = purchase;
    expect(describeTransaction({ ...plain, ...changes }, merchant)).toBe(line);
  });

  it('of an incremental authorization is that of a purchase: the increment alone, at its own rate', () => {
    const TxChrtcs = { TxTp: '00', TxAttr: ['INCR' as const] };
    const { description } = enriched(standardized({ TxChrtcs, TxAmts: { ...USD_AMOUNTS, Amt: '50.00' } }));
    expect(description).toBe('CARD PURCHASE CORNER FOODS LONDON GB USD 50.00 @0.7912');
  });

  it('hides a card number with characters between that show nothing', () => {
    const name = `REF ${TEST_CARD_NUMBER.join('\u200b')}`;
    expect(describeTransaction(purchase, { ...merchant, name })).toMatch(/^CARD PURCHASE REF \*+ BOSTON/);
  });

  const KINDS = {
    PURCHASE: 'CARD PURCHASE',
    CASHBACK: 'CARD PURCHASE',
    CASH: 'CASH',
    REFUND: 'REFUND',
    REVERSAL: 'REVERSAL',
    ACCOUNT_VERIFICATION: 'CARD CHECK',
  } as const;
  const kind = fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[]));

  it('is one short line without card numbers, whatever the kind and whatever the merchant says', () => {
    fc.assert(
      fc.property(kind, text, text, fc.boolean(), (of, name, city, isForeign) => {
        const { conversion: _, ...domestic } = { ...purchase, billed: purchase.amount };
        const transaction = { ...(isForeign ? purchase : domestic), kind: of };
        const line = describeTransaction(transaction, { ...merchant, name, city });
        expect(line.length).toBeLessThanOrEqual(70);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(isPanFree(line)).toBe(true);
        expect(line.startsWith(`${KINDS[of]} `)).toBe(true);
        expect(line.includes('USD 100.00 @0.7912')).toBe(isForeign);
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
