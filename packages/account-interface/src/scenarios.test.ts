/**
 * What each scenario books, leg by leg. Of the 13 scenarios two never come here: the repeat of the domestic purchase
 * is parked as a duplicate, and the declined purchase is no authorization.
 */
import { describe, expect, it } from '@jest/globals';
import { gbp, reversalOf, usd } from './approved.fixture.ts';
import {
  cash,
  cashback,
  dinar,
  domestic,
  foreign,
  legsOf,
  partialApproval,
  refund,
  type Scenario,
  standIn,
  yen,
} from './scenarios.fixture.ts';

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

describe('what is booked', () => {
  it.each(SCENARIOS)('%s', async (...scenario) => {
    expect(await legsOf(scenario)).toEqual(scenario[3]);
  });
});
