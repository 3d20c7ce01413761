import { describe, expect, it } from '@jest/globals';
import type { CainBody } from '@payments/schemas';
import { TransactionEnrichedRecord } from '@payments/schemas/closed/transaction-enriched';
import { enrichTransaction } from './enrich-transaction.ts';
import { enriched } from './enriched.fixture.ts';
import { REFERENCE, reversing, rowsWith, standardized, USD_AMOUNTS } from './standardized.fixture.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
const usd = (minorUnits: string) => ({ minorUnits, currency: 'USD' });

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
    ['a purchase', standardized(), '2026-12-31'],
    ['a refund', standardized({ TxChrtcs: { TxTp: '20' } }), '2027-01-02'],
    ['the reversal of a purchase', reversing(), '2027-01-02'],
    ['the reversal of a refund', reversing({ TxChrtcs: { TxTp: '20' } }), '2026-12-31'],
  ])('has a value date by the way that the account moves: %s', (_what, record, valueDate) => {
    const product = {
      ...(REFERENCE.get('PRODUCT#CURRENT_STANDARD') as object),
      valueDays: { debit: 1, credit: 3 },
    };
    const rows = rowsWith({ 'PRODUCT#CURRENT_STANDARD': product });
    const { transaction } = enriched({ ...record, loggedAt: '2026-12-30T23:59:59Z' }, rows);
    expect([transaction.bookingDate, transaction.valueDate]).toEqual(['2026-12-30', valueDate]);
  });

  it('says account number, IBAN, currency, status, branch, sort code, holder and product type', () => {
    const { account, product } = enriched(standardized());
    expect(account).toEqual({
      accountId: 'ACC-0001',
      currency: 'GBP',
      status: 'ACTIVE',
      branch: 'LON01',
      sortCode: '40-12-07',
      holder: 'Alex Morgan',
      productCode: 'CURRENT_STANDARD',
      number: '31926847',
      iban: 'GB87PYMT40120731926847',
      country: 'GB',
    });
    expect(product).toMatchObject({
      code: 'CURRENT_STANDARD',
      postingMode: 'POST_AT_AUTH',
      accountSet: 'STANDARD',
      holdDays: 7,
    });
  });

  it('is never said with an IBAN whose check digits are wrong', () => {
    const account = { ...(REFERENCE.get('ACCOUNT#ACC-0001') as object), iban: 'GB88PYMT40120731926847' };
    const result = enrichTransaction(standardized(), rowsWith({ 'ACCOUNT#ACC-0001': account }));
    expect(TransactionEnrichedRecord(result)).toBe(false);
  });

  it.each([
    ['AuthstnInitn', 'AUTHORIZATION'],
    ['FinInitn', 'FINANCIAL'],
  ] as const)('of %s is of the class %s', (root, messageClass) => {
    const { AuthstnInitn: body } = standardized().document;
    const { transaction } = enriched(standardized({}, { document: { [root]: body } }));
    expect(transaction).toMatchObject({ messageClass, stan: '100001' });
    expect(transaction).not.toHaveProperty('original');
  });

  it('that completes another says which, and moves its own amount', () => {
    const { RvslInitn: body } = reversing({}, { Amt: '100.00', Ccy: '826' }).document;
    const { transaction } = enriched(standardized({}, { document: { FinInitn: body } as never }));
    expect(transaction).toMatchObject({
      kind: 'PURCHASE',
      messageClass: 'FINANCIAL',
      direction: 'DEBIT',
      amount: gbp('2599'),
      original: { stan: '100002', transmittedAt: '2026-11-15T10:15:00Z' },
    });
    expect(transaction).not.toHaveProperty('reversal');
  });

  it('names its original without a time where the message gives none', () => {
    const TxId = { SysTracAudtNb: '100002' };
    const OrgnlDataElmts = { MsgClss: 'AUTH' as const, MsgFctn: 'REQU' as const, TxId };
    const { transaction } = enriched(reversing({ OrgnlDataElmts }));
    expect(transaction.original).toEqual({ stan: '100002' });
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

  it.each([
    ['2999', 'OTHER'],
    ['3000', 'Airlines, Air Carriers'],
    ['3350', 'Airlines, Air Carriers'],
    ['3351', 'Car Rental Agencies'],
    ['3500', 'Car Rental Agencies'],
    ['3501', 'Hotels, Motels, and Resorts'],
    ['3999', 'Hotels, Motels, and Resorts'],
    ['4000', 'OTHER'],
  ])('but %s is %s by the trade that its range is given to', (MrchntCtgyCd, category) => {
    const { merchant } = enriched(standardized({ Cntxt: { CardDataNtryMd: 'ICCY', MrchntCtgyCd } }));
    expect(merchant).toMatchObject({ categoryCode: MrchntCtgyCd, category, risk: 'STANDARD' });
  });

  it('a merchant category that the bank watches says so', () => {
    const Cntxt = { CardDataNtryMd: 'ICCY', MrchntCtgyCd: '7995' };
    expect(enriched(standardized({ Cntxt })).merchant.risk).toBe('WARNING');
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
