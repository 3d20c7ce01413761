import { describe, expect, it } from '@jest/globals';
import { approved, gbp, reversalOf, usd } from './approved.fixture.ts';
import {
  cashback,
  domestic,
  foreign,
  foreignRefund,
  legsOf,
  on,
  type Scenario,
} from './scenarios.fixture.ts';

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

describe('what is booked where configuration or product say otherwise', () => {
  it.each(OTHER_FORMS)('%s', async (...scenario) => {
    expect(await legsOf(scenario)).toEqual(scenario[3]);
  });
});
