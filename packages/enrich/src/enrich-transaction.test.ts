import { describe, expect, it } from '@jest/globals';
import type { CainBody, TransactionStandardizedRecord } from '@payments/schemas';
import { TransactionEnrichedRecord } from '@payments/schemas/closed/transaction-enriched';
import { enrichTransaction } from './enrich-transaction.ts';
import type { ReferenceRows } from './reference-rows.ts';
import { REFERENCE, reversing, rowsWith, standardized, USD_AMOUNTS } from './standardized.fixture.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
const usd = (minorUnits: string) => ({ minorUnits, currency: 'USD' });

function enriched(record: TransactionStandardizedRecord, rows: ReferenceRows = rowsWith()) {
  const result = enrichTransaction(record, rows);
  expect(TransactionEnrichedRecord(result)).toBe(true);
  return result;
}

/** 100.00 USD of which the network says only some elements. */
function usdWith(...elements: readonly (keyof CainBody['TxAmts'])[]): Partial<CainBody> {
  const said = Object.entries(USD_AMOUNTS).filter(([element]) => (elements as string[]).includes(element));
  return { TxAmts: { AmtQlfr: 'ACTL', Amt: '100.00', Ccy: '840', ...Object.fromEntries(said) } };
}

describe('an enriched transaction', () => {
  it('says all that the bank knows of a domestic purchase', () => {
    const record = standardized();
    expect(enriched(record)).toEqual({
      transactionId: record.transactionId,
      idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scheme: 'VISA',
      loggedAt: '2026-11-15T10:15:01Z',
      lifecycleId: record.lifecycleId,
      outcome: 'COMPLETE',
      document: record.document,
      transaction: {
        kind: 'PURCHASE',
        messageClass: 'AUTHORIZATION',
        direction: 'DEBIT',
        amount: gbp('2599'),
        billed: gbp('2599'),
        responseCode: '00',
        standIn: false,
        stan: '100001',
        transmittedAt: '2026-11-15T10:15:00Z',
        bookingDate: '2026-11-15',
        valueDate: '2026-11-15',
        approvalCode: 'A10001',
      },
      card: {
        token: '9208948425451111',
        lastFour: '1111',
        scheme: 'VISA',
        sequenceNumber: '001',
        issuingCountry: 'GB',
        status: 'ACTIVE',
      },
      merchant: {
        name: 'CORNER FOODS',
        categoryCode: '5411',
        id: 'MERCH00000001',
        city: 'LONDON',
        country: 'GB',
        category: 'Grocery Stores, Supermarkets',
        risk: 'STANDARD',
      },
      description: 'CARD PURCHASE CORNER FOODS LONDON GB',
      referenceVersion: '2026-11-15.1',
      account: REFERENCE.get('ACCOUNT#ACC-0001'),
      product: REFERENCE.get('PRODUCT#CURRENT_STANDARD'),
    });
  });

  it('is the same again, with the same key, whatever the time', () => {
    expect(enriched(standardized())).toEqual(enriched(structuredClone(standardized())));
  });

  it('is booked on the day that it was logged', () => {
    const { transaction } = enriched(standardized({}, { loggedAt: '2026-11-16T00:00:00.000001Z' }));
    expect([transaction.bookingDate, transaction.valueDate]).toEqual(['2026-11-16', '2026-11-16']);
  });

  it.each([
    ['00', 'PURCHASE', 'DEBIT'],
    ['01', 'CASH', 'DEBIT'],
    ['09', 'CASHBACK', 'DEBIT'],
    ['10', 'PURCHASE', 'DEBIT'],
    ['20', 'REFUND', 'CREDIT'],
    ['22', 'REFUND', 'CREDIT'],
    ['31', 'ACCOUNT_VERIFICATION', 'DEBIT'],
  ])('of type %s is a %s', (TxTp, kind, direction) => {
    expect(enriched(standardized({ TxChrtcs: { TxTp } })).transaction).toMatchObject({ kind, direction });
  });

  it.each([
    ['no amount', { TxAmts: { AmtQlfr: 'ACTL' as const, Amt: '0.00', Ccy: '840' } }, { billed: gbp('0') }],
    ['response 85', { PrcgRslt: { RspnSrcTp: 'CISS' as const, RspnCd: '85' } }, { responseCode: '85' }],
  ])('with %s only verifies an account', (_what, body, expected) => {
    const { transaction, outcome } = enriched(standardized(body));
    expect(transaction).toMatchObject({ kind: 'ACCOUNT_VERIFICATION', ...expected });
    expect(outcome).toBe('COMPLETE');
  });

  it('says what was asked for, given in cash, and charged', () => {
    const { transaction } = enriched(
      standardized({
        AddtlAmt: [
          { Tp: '57', Amt: '80.00', Ccy: '826', CdtDbt: 'DBIT' },
          { Tp: '40', Amt: '20.00', Ccy: '826', CdtDbt: 'DBIT' },
        ],
        AddtlFee: [
          { Tp: '29', CdtDbt: 'DBIT', Amt: '9.99', Ccy: '826' },
          { Tp: '00', CdtDbt: 'DBIT', Amt: '2.50', Ccy: '978' },
        ],
        PrcgRslt: { RspnSrcTp: 'CISP', ActnCd: '002' },
      }),
    );
    expect(transaction).toMatchObject({
      requested: gbp('8000'),
      cashback: gbp('2000'),
      surcharge: { minorUnits: '250', currency: 'EUR' },
      standIn: true,
      responseCode: '002',
    });
  });
});

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

describe('what the bank does not know is an outcome', () => {
  const account = REFERENCE.get('ACCOUNT#ACC-0001') as object;
  it.each([
    ['CARD_UNKNOWN', { 'CARD#9208948425451111': undefined }],
    ['ACCOUNT_UNKNOWN', { 'ACCOUNT#ACC-0001': undefined }],
    ['ACCOUNT_CLOSED', { 'ACCOUNT#ACC-0001': { ...account, status: 'CLOSED' } }],
    ['PRODUCT_UNKNOWN', { 'PRODUCT#CURRENT_STANDARD': undefined }],
    ['RATE_UNKNOWN', { 'RATE#USD#GBP': undefined }],
  ] as const)('%s', (outcome, changes) => {
    expect(enriched(standardized(usdWith()), rowsWith(changes)).outcome).toBe(outcome);
  });

  it('and of a card nobody knows, the network is believed', () => {
    const rows = rowsWith({ 'CARD#9208948425451111': undefined });
    const record = standardized({
      TxAmts: USD_AMOUNTS,
      Card: { PAN: '9208948425451111', Schme: 'VISA', Ctry: '250' },
    });
    const { transaction, card, account: known } = enriched(record, rows);
    expect(transaction.billed).toEqual(gbp('7912'));
    expect(card).toMatchObject({ issuingCountry: 'FR', status: 'UNKNOWN' });
    expect(known).toBeUndefined();
    expect(enriched(standardized(usdWith()), rows).transaction.billed).toEqual(usd('10000'));
  });

  it('without an issuing country, neither from the bank nor from the network', () => {
    const card = { token: '9208948425451111', accountId: 'ACC-0001', status: 'ACTIVE' };
    expect(enriched(standardized(), rowsWith({ 'CARD#9208948425451111': card })).card).not.toHaveProperty(
      'issuingCountry',
    );
  });

  it('a merchant category that the list lacks is OTHER', () => {
    const Cntxt = { CardDataNtryMd: 'ICCY', MrchntCtgyCd: '0001' };
    const { merchant } = enriched(standardized({ Cntxt }));
    expect(merchant).toMatchObject({ categoryCode: '0001', category: 'OTHER', risk: 'STANDARD' });
  });

  it('a merchant category that the bank watches says so', () => {
    const Cntxt = { CardDataNtryMd: 'ICCY', MrchntCtgyCd: '7995' };
    expect(enriched(standardized({ Cntxt })).merchant.risk).toBe('WARNING');
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

  it('of a part without a rate has no figure for what stays', () => {
    const TxAmts = { AmtQlfr: 'ACTL' as const, Amt: '60.00', Ccy: '840' };
    const rows = rowsWith({ 'RATE#USD#GBP': undefined });
    const { outcome, transaction } = enriched(reversing({ TxAmts }, { Amt: '100.00', Ccy: '840' }), rows);
    expect(outcome).toBe('RATE_UNKNOWN');
    expect(transaction.reversal).not.toHaveProperty('replacementBilled');
  });
});

describe('a document that cannot be read is refused for good', () => {
  const without = (element: string) => {
    const { AuthstnInitn } = standardized().document;
    const rest = Object.entries(AuthstnInitn ?? {}).filter(([name]) => name !== element);
    return standardized({}, { document: { AuthstnInitn: Object.fromEntries(rest) as never } });
  };
  it.each([
    ['DOCUMENT_ROOT_MISSING', standardized({}, { document: {} })],
    ['ACCEPTOR_MISSING', without('Accptr')],
    ['CONTEXT_MISSING', without('Cntxt')],
    ['RESPONSE_CODE_MISSING', standardized({ PrcgRslt: { RspnSrcTp: 'CISS' } })],
    ['TRANSACTION_TYPE_UNKNOWN', standardized({ TxChrtcs: { TxTp: '92' } })],
    [
      'ORIGINAL_DATA_MISSING',
      standardized({}, { document: { RvslInitn: standardized().document.AuthstnInitn as CainBody } }),
    ],
    ['REPLACEMENT_UNREADABLE', reversing({}, { Amt: '25.98', Ccy: '826' })],
    ['REPLACEMENT_UNREADABLE', reversing({}, { Amt: '100.00', Ccy: '840' })],
    ['UNKNOWN_CURRENCY', standardized({ TxAmts: { AmtQlfr: 'ACTL', Amt: '1.00', Ccy: '000' } })],
    ['AMOUNT_FORMAT', standardized({ TxAmts: { AmtQlfr: 'ACTL', Amt: '1.005', Ccy: '826' } })],
  ])('%s', (code, record) => {
    expect(() => enrichTransaction(record, rowsWith())).toThrow(
      expect.objectContaining({ code, retryable: false }),
    );
  });
});
