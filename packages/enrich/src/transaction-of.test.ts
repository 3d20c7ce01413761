import { describe, expect, it } from '@jest/globals';
import type { CainBody } from '@payments/schemas';
import { enriched } from './enriched.fixture.ts';
import { REFERENCE, reversing, rowsWith, standardized, USD_AMOUNTS } from './standardized.fixture.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
const usd = (minorUnits: string) => ({ minorUnits, currency: 'USD' });

/** 100.00 USD of which the network says only some elements. */
function usdWith(...elements: readonly (keyof CainBody['TxAmts'])[]): Partial<CainBody> {
  const said = Object.entries(USD_AMOUNTS).filter(([element]) => (elements as string[]).includes(element));
  return { TxAmts: { AmtQlfr: 'ACTL', Amt: '100.00', Ccy: '840', ...Object.fromEntries(said) } };
}

describe('what is billed', () => {
  const network = { rate: { digits: '7912', scale: 4 }, source: 'NETWORK' };
  const reference = { rate: { digits: '8000', scale: 4 }, source: 'REFERENCE' };

  it.each([
    [
      "the network's figure, with what it differs from the rate",
      { TxAmts: { ...USD_AMOUNTS, CrdhldrBllgAmt: '79.15' } },
      gbp('7915'),
      { ...network, difference: '3' },
    ],
    [
      "the network's figure below its rate",
      { TxAmts: { ...USD_AMOUNTS, CrdhldrBllgAmt: '79.11' } },
      gbp('7911'),
      { ...network, difference: '-1' },
    ],
    [
      "the network's figure without a rate",
      usdWith('CrdhldrBllgAmt', 'CrdhldrBllgCcy'),
      gbp('7912'),
      undefined,
    ],
    [
      "the amount at the network's rate",
      usdWith('CrdhldrBllgCcy', 'CrdhldrBllgFctvXchgRate'),
      gbp('7912'),
      network,
    ],
    ["the amount at the bank's rate", usdWith(), gbp('8000'), reference],
    [
      "the amount at the bank's rate, when the network bills another currency",
      { TxAmts: { ...USD_AMOUNTS, CrdhldrBllgCcy: '978' } },
      gbp('8000'),
      reference,
    ],
    [
      "the bank's rate when the network's is zero",
      { TxAmts: { ...USD_AMOUNTS, CrdhldrBllgAmt: '79.12', CrdhldrBllgFctvXchgRate: '0' } },
      gbp('7912'),
      undefined,
    ],
  ])('is %s', (_what, body, billed, conversion) => {
    const { transaction, outcome } = enriched(standardized(body));
    expect(outcome).toBe('COMPLETE');
    expect(transaction.amount).toEqual(usd('10000'));
    expect(transaction.billed).toEqual(billed);
    expect(transaction.conversion).toEqual(conversion);
  });

  it.each([
    ['EUR 200 at 0.8617', '200.00', '978', '172.34', '0.8617', 'EUR', '20000', '17234'],
    ['JPY 12345 at 0.005300122', '12345', '392', '65.43', '0.005300122', 'JPY', '12345', '6543'],
    ['KWD 12.345 at 2.5605', '12.345', '414', '31.61', '2.5605', 'KWD', '12345', '3161'],
  ])('of %s agrees with the network', (_what, Amt, Ccy, CrdhldrBllgAmt, rate, currency, minor, billed) => {
    const { transaction } = enriched(
      standardized({
        TxAmts: {
          AmtQlfr: 'ACTL',
          Amt,
          Ccy,
          CrdhldrBllgAmt,
          CrdhldrBllgCcy: '826',
          CrdhldrBllgFctvXchgRate: rate,
        },
      }),
    );
    expect(transaction.amount).toEqual({ minorUnits: minor, currency });
    expect(transaction.billed).toEqual(gbp(billed));
    expect(transaction.conversion?.difference).toBe('0');
  });

  it('is rounded as the product says', () => {
    const product = { ...(REFERENCE.get('PRODUCT#CURRENT_STANDARD') as object), rounding: 'DOWN' };
    const rate = { from: 'USD', to: 'GBP', rate: { digits: '79999', scale: 5 }, date: '2026-11-15' };
    const record = standardized({ TxAmts: { AmtQlfr: 'ACTL', Amt: '0.01', Ccy: '840' } });
    expect(enriched(record, rowsWith({ 'RATE#USD#GBP': rate })).transaction.billed).toEqual(gbp('1'));
    const down = rowsWith({ 'RATE#USD#GBP': rate, 'PRODUCT#CURRENT_STANDARD': product });
    expect(enriched(record, down).transaction.billed).toEqual(gbp('0'));
  });
});

describe('a reversal', () => {
  it('gives back what a purchase took, and says what it reverses', () => {
    const { transaction, description } = enriched(reversing());
    expect(transaction).toMatchObject({
      kind: 'REVERSAL',
      direction: 'CREDIT',
      amount: gbp('2599'),
      billed: gbp('2599'),
      messageClass: 'REVERSAL',
      original: { stan: '100002', transmittedAt: '2026-11-15T10:15:00Z' },
      reversal: { full: true },
    });
    expect(description).toBe('REVERSAL CORNER FOODS LONDON GB');
  });

  it('of a refund takes it back', () => {
    expect(enriched(reversing({ TxChrtcs: { TxTp: '20' } })).transaction.direction).toBe('DEBIT');
  });

  const stays = {
    AmtQlfr: 'ACTL' as const,
    Amt: '60.00',
    Ccy: '840',
    CrdhldrBllgCcy: '826',
    CrdhldrBllgFctvXchgRate: '0.7912',
  };
  it.each([
    ["the network's figure", { ...stays, RcncltnAmt: '47.48', RcncltnCcy: '826' }, '7912', '4748'],
    [
      "the network's rate, as it settles in another currency",
      { ...stays, RcncltnAmt: '60.00', RcncltnCcy: '840' },
      '7912',
      '4747',
    ],
    ["the bank's rate", { AmtQlfr: 'ACTL' as const, Amt: '60.00', Ccy: '840' }, '8000', '4800'],
  ])('of a part says what stays: by %s', (_what, TxAmts, billed, replacementBilled) => {
    const { transaction, description } = enriched(reversing({ TxAmts }, { Amt: '100.00', Ccy: '840' }));
    expect(transaction.amount).toEqual(usd('10000'));
    expect(transaction.billed).toEqual(gbp(billed));
    expect(transaction.reversal).toMatchObject({
      full: false,
      replacement: usd('6000'),
      replacementBilled: gbp(replacementBilled),
    });
    expect(description).toContain('USD 40.00 @0.');
  });

  it('of a part in the currency of the account leaves what it says', () => {
    const TxAmts = {
      AmtQlfr: 'ACTL' as const,
      Amt: '10.00',
      Ccy: '826',
      RcncltnAmt: '11.00',
      RcncltnCcy: '826',
    };
    const { reversal } = enriched(reversing({ TxAmts }, { Amt: '25.99', Ccy: '826' })).transaction;
    expect(reversal?.replacementBilled).toEqual(gbp('1000'));
  });

  it("of a part believes the network's figures for what was billed and for what stays", () => {
    const TxAmts = { ...stays, CrdhldrBllgAmt: '47.50', RcncltnAmt: '47.48', RcncltnCcy: '826' };
    const original = { Amt: '100.00', Ccy: '840', CrdhldrBllgAmt: '79.15', CrdhldrBllgCcy: '826' };
    const { transaction } = enriched(reversing({ TxAmts }, original));
    expect(transaction.billed).toEqual(gbp('7915'));
    expect(transaction.conversion?.difference).toBe('3');
    expect(transaction.reversal?.replacementBilled).toEqual(gbp('4750'));
  });

  it('of a part without a rate has no figure for what stays', () => {
    const TxAmts = { AmtQlfr: 'ACTL' as const, Amt: '60.00', Ccy: '840' };
    const rows = rowsWith({ 'RATE#USD#GBP': undefined });
    const { outcome, transaction } = enriched(reversing({ TxAmts }, { Amt: '100.00', Ccy: '840' }), rows);
    expect(outcome).toBe('RATE_UNKNOWN');
    expect(transaction.reversal).not.toHaveProperty('replacementBilled');
  });
});
