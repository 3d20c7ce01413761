/**
 * What each scenario books, leg by leg. Of the 13 scenarios two never come here: the repeat of the domestic purchase
 * is parked as a duplicate, and the declined purchase is no authorization.
 */
import { describe, expect, it } from '@jest/globals';
import type { Product, TransactionPostingApprovedRecord } from '@payments/schemas';
import { approved, gbp, reversalOf, usd } from './approved.fixture.ts';
import { createPostingEntries } from './create-posting-entries.ts';
import { lines, StageRun } from './stage-run.fixture.ts';

const rate = (digits: string, scale: number) => ({ rate: { digits, scale }, source: 'NETWORK' as const });

const domestic = approved({ stan: '100001', amount: gbp('2599'), billed: gbp('2599') });
const foreign = approved({
  stan: '100002',
  amount: usd('10000'),
  billed: gbp('7912'),
  conversion: rate('7912000', 7),
  description: 'CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
  lifecycleId: 'VISA-412345-631911100002',
});
const cash = approved({
  stan: '200001',
  kind: 'CASH',
  amount: { minorUnits: '20000', currency: 'EUR' },
  billed: gbp('17234'),
  conversion: rate('8617000', 7),
  surcharge: { minorUnits: '250', currency: 'EUR' },
  description: 'CASH STADTBANK ATM 17 BERLIN DE EUR 200.00 @0.8617',
  scheme: 'MASTERCARD',
  lifecycleId: 'MASTERCARD-512345-631912200001',
});
const refund = approved({
  stan: '200002',
  kind: 'REFUND',
  amount: gbp('1500'),
  billed: gbp('1500'),
  description: 'REFUND HIGH ST STORE LEEDS GB',
  scheme: 'MASTERCARD',
  lifecycleId: 'MASTERCARD-512345-631913200002',
});
const partialApproval = approved({
  stan: '200003',
  amount: gbp('5000'),
  billed: gbp('5000'),
  requested: gbp('8000'),
  responseCode: '10',
  description: 'CARD PURCHASE ELECTRO WORLD BRISTOL GB',
  lifecycleId: 'MASTERCARD-512345-631914200003',
});
const yen = approved({
  stan: '100003',
  amount: { minorUnits: '12345', currency: 'JPY' },
  billed: gbp('6543'),
  conversion: rate('5300122', 9),
  description: 'CARD PURCHASE METRO KIOSK TOKYO JP JPY 12345 @0.005300122',
  lifecycleId: 'VISA-412345-631915100003',
});
const dinar = approved({
  stan: '200004',
  amount: { minorUnits: '12345', currency: 'KWD' },
  billed: gbp('3161'),
  conversion: rate('25605', 4),
  description: 'CARD PURCHASE GULF FUEL KUWAIT CITY KW KWD 12.345 @2.5605',
  lifecycleId: 'MASTERCARD-512345-631916200004',
});
const cashback = approved({
  stan: '300001',
  kind: 'CASHBACK',
  messageClass: 'FINANCIAL',
  amount: gbp('6000'),
  billed: gbp('6000'),
  cashback: gbp('2000'),
  description: 'CARD PURCHASE SUPERMART YORK GB',
  scheme: 'DISCOVER',
  lifecycleId: 'DISCOVER-612345-631917300001',
});
const standIn = approved({
  stan: '200005',
  amount: gbp('1275'),
  billed: gbp('1275'),
  standIn: true,
  description: 'CARD PURCHASE QUICK BURGER CARDIFF GB',
  lifecycleId: 'MASTERCARD-512345-631919200005',
});

/** A scenario: what came before, what comes, and the legs that it books. */
type Scenario = readonly [
  title: string,
  before: readonly TransactionPostingApprovedRecord[],
  given: TransactionPostingApprovedRecord,
  legs: readonly string[],
];

async function legsOf([, before, given]: Scenario): Promise<string[]> {
  const run = new StageRun();
  if (before.length > 0) await run.give(...before);
  return lines(await run.give(given));
}

const SCENARIOS: readonly Scenario[] = [
  [
    'domestic purchase of 25.99 GBP',
    [],
    domestic,
    [
      '1/2 Dr CUST 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
      '2/2 Cr SUSP 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
    ],
  ],
  [
    'purchase of 100.00 USD at 0.7912, billed in GBP: mark-up 2.99 % and tax on it',
    [],
    foreign,
    [
      '1/6 Dr CUST 79.12 GBP | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '2/6 Cr SUSP 79.12 GBP | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '3/6 Dr CUST 2.37 GBP | FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr FEE_INC 2.37 GBP | FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr CUST 0.47 GBP | TAX ON FEE 20.00%',
      '6/6 Cr TAX 0.47 GBP | TAX ON FEE 20.00%',
    ],
  ],
  [
    'cash of 200.00 EUR at 0.8617: the cash fee instead of the mark-up; the surcharge is inside the amount',
    [],
    cash,
    [
      '1/4 Dr CUST 172.34 GBP | CASH STADTBANK ATM 17 BERLIN DE EUR 200.00 @0.8617',
      '2/4 Cr SUSP 172.34 GBP | CASH STADTBANK ATM 17 BERLIN DE EUR 200.00 @0.8617',
      '3/4 Dr CUST 5.17 GBP | CASH WITHDRAWAL FEE',
      '4/4 Cr FEE_INC 5.17 GBP | CASH WITHDRAWAL FEE',
    ],
  ],
  [
    'refund of 15.00 GBP',
    [],
    refund,
    [
      '1/2 Dr SUSP 15.00 GBP | REFUND HIGH ST STORE LEEDS GB',
      '2/2 Cr CUST 15.00 GBP | REFUND HIGH ST STORE LEEDS GB',
    ],
  ],
  [
    'full reversal of the domestic purchase: its mirror',
    [domestic],
    reversalOf(domestic, '100009'),
    [
      '1/2 Dr SUSP 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
      '2/2 Cr CUST 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
    ],
  ],
  [
    'partial reversal of the foreign purchase: 60.00 of 100.00 USD and 47.47 of 79.12 GBP stay',
    [foreign],
    reversalOf(foreign, '100010', { replacement: usd('6000'), replacementBilled: gbp('4747') }),
    [
      '1/6 Dr SUSP 31.65 GBP | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '2/6 Cr CUST 31.65 GBP | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '3/6 Dr FEE_INC 0.95 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr CUST 0.95 GBP | REVERSAL FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr TAX 0.19 GBP | REVERSAL TAX ON FEE 20.00%',
      '6/6 Cr CUST 0.19 GBP | REVERSAL TAX ON FEE 20.00%',
    ],
  ],
  [
    'partial approval: 50.00 of the 80.00 GBP that were asked for',
    [],
    partialApproval,
    [
      '1/2 Dr CUST 50.00 GBP | CARD PURCHASE ELECTRO WORLD BRISTOL GB',
      '2/2 Cr SUSP 50.00 GBP | CARD PURCHASE ELECTRO WORLD BRISTOL GB',
    ],
  ],
  [
    'purchase of 12345 JPY, a currency without decimals',
    [],
    yen,
    [
      '1/6 Dr CUST 65.43 GBP | CARD PURCHASE METRO KIOSK TOKYO JP JPY 12345 @0.005300122',
      '2/6 Cr SUSP 65.43 GBP | CARD PURCHASE METRO KIOSK TOKYO JP JPY 12345 @0.005300122',
      '3/6 Dr CUST 1.96 GBP | FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr FEE_INC 1.96 GBP | FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr CUST 0.39 GBP | TAX ON FEE 20.00%',
      '6/6 Cr TAX 0.39 GBP | TAX ON FEE 20.00%',
    ],
  ],
  [
    'purchase of 12.345 KWD, a currency with three decimals',
    [],
    dinar,
    [
      '1/6 Dr CUST 31.61 GBP | CARD PURCHASE GULF FUEL KUWAIT CITY KW KWD 12.345 @2.5605',
      '2/6 Cr SUSP 31.61 GBP | CARD PURCHASE GULF FUEL KUWAIT CITY KW KWD 12.345 @2.5605',
      '3/6 Dr CUST 0.95 GBP | FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr FEE_INC 0.95 GBP | FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr CUST 0.19 GBP | TAX ON FEE 20.00%',
      '6/6 Cr TAX 0.19 GBP | TAX ON FEE 20.00%',
    ],
  ],
  [
    'single-message purchase of 60.00 GBP with 20.00 in cash',
    [],
    cashback,
    [
      '1/3 Dr CUST 40.00 GBP | CARD PURCHASE SUPERMART YORK GB',
      '2/3 Dr CUST 20.00 GBP | CASHBACK CARD PURCHASE SUPERMART YORK GB',
      '3/3 Cr SUSP 60.00 GBP | CARD PURCHASE SUPERMART YORK GB',
    ],
  ],
  [
    'stand-in advice: the network approved in our name',
    [],
    standIn,
    [
      '1/2 Dr CUST 12.75 GBP | CARD PURCHASE QUICK BURGER CARDIFF GB',
      '2/2 Cr SUSP 12.75 GBP | CARD PURCHASE QUICK BURGER CARDIFF GB',
    ],
  ],
];

/** The same transaction on another set of the bank's accounts, or on other terms. */
function on(
  record: TransactionPostingApprovedRecord,
  terms: Partial<Product>,
): TransactionPostingApprovedRecord {
  return { ...record, product: { ...record.product, ...terms } };
}
const foreignRefund = approved({
  stan: '200006',
  kind: 'REFUND',
  amount: usd('10000'),
  billed: gbp('7912'),
  description: 'REFUND SEASIDE GRILL',
});

const OTHER_FORMS: readonly Scenario[] = [
  [
    'the bank settles in the currency of the transaction: through the currency position',
    [],
    on(foreign, { accountSet: 'POSITION', fxMarkupBasisPoints: 0 }),
    [
      '1/4 Dr CUST 79.12 GBP | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '2/4 Cr FXPOS 79.12 GBP | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '3/4 Dr FXPOS 100.00 USD | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '4/4 Cr SUSP 100.00 USD | CARD PURCHASE SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
    ],
  ],
  [
    'the mirror of that goes through the position as well',
    [on(foreign, { accountSet: 'POSITION', fxMarkupBasisPoints: 0 })],
    reversalOf(on(foreign, { accountSet: 'POSITION', fxMarkupBasisPoints: 0 }), '100011'),
    [
      '1/4 Dr FXPOS 79.12 GBP | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '2/4 Cr CUST 79.12 GBP | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '3/4 Dr SUSP 100.00 USD | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
      '4/4 Cr FXPOS 100.00 USD | REVERSAL SEASIDE GRILL BOSTON US USD 100.00 @0.7912',
    ],
  ],
  [
    'the three-account form passes suspense on to the head office',
    [],
    on(domestic, { accountSet: 'THREE' }),
    [
      '1/4 Dr CUST 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
      '2/4 Cr SUSP 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
      '3/4 Dr SUSP 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
      '4/4 Cr HO 25.99 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
    ],
  ],
  [
    'the mirror of the three-account form',
    [on(domestic, { accountSet: 'THREE' })],
    reversalOf(on(domestic, { accountSet: 'THREE' }), '100012'),
    [
      '1/4 Dr SUSP 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
      '2/4 Cr CUST 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
      '3/4 Dr HO 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
      '4/4 Cr SUSP 25.99 GBP | REVERSAL CORNER FOODS LONDON GB',
    ],
  ],
  [
    'a refund in the three-account form, through the position',
    [],
    on(foreignRefund, { accountSet: 'THREE_POSITION' }),
    [
      '1/6 Dr SUSP 100.00 USD | REFUND SEASIDE GRILL',
      '2/6 Cr FXPOS 100.00 USD | REFUND SEASIDE GRILL',
      '3/6 Dr FXPOS 79.12 GBP | REFUND SEASIDE GRILL',
      '4/6 Cr CUST 79.12 GBP | REFUND SEASIDE GRILL',
      '5/6 Dr HO 100.00 USD | REFUND SEASIDE GRILL',
      '6/6 Cr SUSP 100.00 USD | REFUND SEASIDE GRILL',
    ],
  ],
  [
    'a refund that gives the mark-up back, with its tax',
    [],
    on(foreignRefund, { refundFxMarkup: true }),
    [
      '1/6 Dr SUSP 79.12 GBP | REFUND SEASIDE GRILL',
      '2/6 Cr CUST 79.12 GBP | REFUND SEASIDE GRILL',
      '3/6 Dr FEE_INC 2.37 GBP | RETURN OF FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr CUST 2.37 GBP | RETURN OF FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr TAX 0.47 GBP | RETURN OF TAX ON FEE 20.00%',
      '6/6 Cr CUST 0.47 GBP | RETURN OF TAX ON FEE 20.00%',
    ],
  ],
  [
    'cashback as one leg on the customer',
    [],
    on(cashback, { accountSet: 'ONE_LEG' }),
    [
      '1/2 Dr CUST 60.00 GBP | CARD PURCHASE SUPERMART YORK GB',
      '2/2 Cr SUSP 60.00 GBP | CARD PURCHASE SUPERMART YORK GB',
    ],
  ],
  [
    'a little cash: the minimum fee',
    [],
    approved({ stan: '1', kind: 'CASH', amount: gbp('2000'), billed: gbp('2000'), description: 'CASH' }),
    [
      '1/4 Dr CUST 20.00 GBP | CASH',
      '2/4 Cr SUSP 20.00 GBP | CASH',
      '3/4 Dr CUST 3.00 GBP | CASH WITHDRAWAL FEE',
      '4/4 Cr FEE_INC 3.00 GBP | CASH WITHDRAWAL FEE',
    ],
  ],
  [
    'tax rounded by a rule of its own: 0.025 half up',
    [],
    on(approved({ stan: '2', amount: usd('1000'), billed: gbp('836'), description: 'GOODS' }), {
      taxBasisPoints: 1000,
      taxRounding: 'HALF_UP',
    }),
    [
      '1/6 Dr CUST 8.36 GBP | GOODS',
      '2/6 Cr SUSP 8.36 GBP | GOODS',
      '3/6 Dr CUST 0.25 GBP | FOREIGN CURRENCY FEE 2.99%',
      '4/6 Cr FEE_INC 0.25 GBP | FOREIGN CURRENCY FEE 2.99%',
      '5/6 Dr CUST 0.03 GBP | TAX ON FEE 10.00%',
      '6/6 Cr TAX 0.03 GBP | TAX ON FEE 10.00%',
    ],
  ],
  [
    'an incremental authorization: a sequence of its own',
    [domestic],
    approved({ stan: '100020', amount: gbp('1000'), billed: gbp('1000') }),
    [
      '1/2 Dr CUST 10.00 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
      '2/2 Cr SUSP 10.00 GBP | CARD PURCHASE CORNER FOODS LONDON GB',
    ],
  ],
  ['no amount', [], approved({ stan: '3', amount: gbp('0'), billed: gbp('0') }), ['CLOSED NO_AMOUNT']],
  [
    'an account verification',
    [],
    approved({ stan: '4', kind: 'ACCOUNT_VERIFICATION', amount: gbp('100'), billed: gbp('100') }),
    ['CLOSED NO_AMOUNT'],
  ],
];

describe('what is booked', () => {
  it.each(SCENARIOS)('%s', async (...scenario) => {
    expect(await legsOf(scenario)).toEqual(scenario[3]);
  });
});

describe('what is booked where configuration or product say otherwise', () => {
  it.each(OTHER_FORMS)('%s', async (...scenario) => {
    expect(await legsOf(scenario)).toEqual(scenario[3]);
  });
});

describe('an entry', () => {
  async function entriesOf(...records: TransactionPostingApprovedRecord[]) {
    const run = new StageRun();
    await run.give(...records);
    return run.entries();
  }

  it('names the account in its set, with the accounts for cash apart', async () => {
    const ids = (await entriesOf(cash)).map(({ account }) => account.accountId);
    expect(ids).toEqual(['ACC-0001', 'GL-SUSP-ATM-MASTERCARD-GBP', 'ACC-0001', 'GL-FEE-CARD-GBP']);
  });

  it('says what was converted at which rate, and what a fee was computed from', async () => {
    const [principal, , fee, , tax] = await entriesOf(foreign);
    expect(principal).toMatchObject({ originalAmount: usd('10000'), rate: { digits: '7912000', scale: 7 } });
    expect(fee).toMatchObject({ eventCode: 'FXFEE', feeBase: gbp('7912'), feeRateBasisPoints: 299 });
    expect(tax).toMatchObject({ eventCode: 'FEEVAT', feeBase: gbp('237'), feeRateBasisPoints: 2000 });
  });

  it('is on one value date with all of its sequence, its own for a credit', async () => {
    expect((await entriesOf(refund)).map(({ valueDate }) => valueDate)).toEqual(['2026-11-16', '2026-11-16']);
  });

  it('of a reversal says so, and what it takes back', async () => {
    const [debit, credit, taken, given] = await entriesOf(domestic, reversalOf(domestic, '100009'));
    expect([debit, credit].map((entry) => entry?.reversal)).toEqual([false, false]);
    expect([taken, given]).toMatchObject([
      { reversal: true, eventCode: 'REVR', reversalOf: debit?.sequence.id },
      { reversal: true, eventCode: 'REVR', reversalOf: debit?.sequence.id },
    ]);
  });

  it('of a partial reversal says the part that goes back', async () => {
    const reversal = reversalOf(foreign, '100010', {
      replacement: usd('6000'),
      replacementBilled: gbp('4747'),
    });
    const [, given, , fee] = (await entriesOf(foreign, reversal)).slice(6);
    expect(given).toMatchObject({ originalAmount: usd('4000'), rate: { digits: '7912000', scale: 7 } });
    expect(fee).toMatchObject({ feeBase: gbp('3165'), feeRateBasisPoints: 299 });
  });

  it.each([
    ['a set that is not configured', on(domestic, { accountSet: 'NONE' }), 'ACCOUNT_SET_UNKNOWN'],
    [
      'a minimum fee in another currency',
      on(cash, { cashFeeMinimum: { minorUnits: '300', currency: 'EUR' } }),
      'FEE_CURRENCY',
    ],
  ])('is not made with %s, and its neighbours are', async (_what, record, code) => {
    const [bad, good] = await createPostingEntries([record, standIn], new StageRun().ports);
    expect(bad).toMatchObject({ kind: 'failed', cause: { code, retryable: false } });
    expect(good).toMatchObject({ kind: 'said' });
  });
});
