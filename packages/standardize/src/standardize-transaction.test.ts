import { describe, expect, it } from '@jest/globals';
import type { CainBody, TransactionAuthorizedRecord } from '@payments/schemas';
import { TransactionStandardizedRecord } from '@payments/schemas/closed/transaction-standardized';
import { authorized, authorizedWithout } from './authorized.fixture.ts';
import { standardizeTransaction } from './standardize-transaction.ts';

const PURCHASE_BODY: CainBody = {
  Hdr: {
    MsgFctn: 'NOTI',
    PrtcolVrsn: '1.0',
    XchgId: 'ANQGNIGJNHHAHEGUBXEPYMNJMVRP',
    CreDtTm: '2026-11-15T10:15:01Z',
    InitgPtyId: '412345',
  },
  TxChrtcs: { TxTp: '00' },
  Acqrr: { Id: '412345', Ctry: '826' },
  Sndr: { Id: '400001' },
  Card: { PAN: '9208948425451111', CardSeqNb: '001', Schme: 'VISA' },
  AcctFr: { Tp: '00' },
  AcctTo: { Tp: '00' },
  TxId: {
    LclDt: '2026-11-15',
    LclTm: '10:15:00',
    TrnsmssnDtTm: '2026-11-15T10:15:00Z',
    SysTracAudtNb: '100001',
    RtrvlRefNb: '631910100001',
  },
  TxAmts: { AmtQlfr: 'ACTL', Amt: '25.99', Ccy: '826' },
  Accptr: {
    Id: 'MERCH00000001',
    NmAndLctn: 'CORNER FOODS             LONDON       GB',
    Adr: { TwnNm: 'LONDON', Ctry: 'GB' },
  },
  Termnl: { Id: 'TERM0001', Tp: 'POST' },
  Cntxt: { CardDataNtryMd: 'ICCY', MrchntCtgyCd: '5411', POSCondCd: '00' },
  PrcgRslt: { RspnSrcTp: 'CISS', RspnCd: '00', ApprvlCd: 'A10001' },
};

const BILLED_IN_GBP = { minorUnits: '7912', currency: 'GBP' };
const RATE = { digits: '7912000', scale: 7 };
const ORIGINAL = {
  mti: '0100',
  stan: '100001',
  transmittedAt: '2026-11-15T10:15:00Z',
  acquirerId: '00000412345',
};

function documentOf(record: TransactionAuthorizedRecord) {
  const standardized = standardizeTransaction(record);
  expect(TransactionStandardizedRecord(standardized)).toBe(true);
  return standardized.document;
}

describe('an authorization in ISO 20022', () => {
  it('is a cain.001 notification, of which every element has its place', () => {
    expect(documentOf(authorized())).toEqual({ AuthstnInitn: PURCHASE_BODY });
  });

  it('keeps the envelope', () => {
    expect(standardizeTransaction(authorized())).toMatchObject({
      transactionId: '3f1a2b3c-0000-5000-8000-00000000abcd',
      scheme: 'VISA',
      loggedAt: '2026-11-15T10:15:01Z',
      lifecycleId: 'VISA.412345.631910100001.9208948425451111',
      mti: '0100',
      card: { token: '9208948425451111', lastFour: '1111' },
    });
  });

  it('has the same key each time, and another than the record it was made from', () => {
    const key = standardizeTransaction(authorized()).idempotencyKey;
    expect(standardizeTransaction(authorized()).idempotencyKey).toBe(key);
    expect(key).not.toBe(authorized().idempotencyKey);
  });

  it('says what a conversion cost the customer and the bank', () => {
    const record = authorized({
      amounts: {
        transaction: { minorUnits: '10000', currency: 'USD' },
        billing: BILLED_IN_GBP,
        settlement: BILLED_IN_GBP,
      },
      rates: { billing: RATE, settlement: RATE },
      conversionDate: '2026-11-15',
      settlementDate: '2026-11-16',
      posEntryMode: '071',
    });
    expect(documentOf(record)).toEqual({
      AuthstnInitn: {
        ...PURCHASE_BODY,
        ConvsDtTm: { Dt: '2026-11-15' },
        SttlmSvc: { Dt: '2026-11-16' },
        TxAmts: {
          AmtQlfr: 'ACTL',
          Amt: '100.00',
          Ccy: '840',
          CrdhldrBllgAmt: '79.12',
          CrdhldrBllgCcy: '826',
          CrdhldrBllgFctvXchgRate: '0.7912',
          RcncltnAmt: '79.12',
          RcncltnCcy: '826',
          RcncltnFctvXchgRate: '0.7912',
        },
        Cntxt: { CardDataNtryMd: 'ICPY', MrchntCtgyCd: '5411', POSCondCd: '00' },
      },
    });
  });

  it.each([
    ['yen, which have no decimals', '12345', 'JPY', '392', '12345'],
    ['Kuwaiti dinars, which have three', '12345', 'KWD', '414', '12.345'],
    ['an amount below one', '7', 'GBP', '826', '0.07'],
  ])('writes %s', (_what, minorUnits, currency, Ccy, Amt) => {
    const record = authorized({ amounts: { transaction: { minorUnits, currency } } });
    expect(documentOf(record).AuthstnInitn?.TxAmts).toEqual({ AmtQlfr: 'ACTL', Amt, Ccy });
  });

  it('is a cain.003 for a single message, with the cash that was given at the till', () => {
    const record = authorized({
      mti: '0200',
      messageClass: 'FINANCIAL',
      processingCode: '091020',
      amounts: { transaction: { minorUnits: '6000', currency: 'GBP' } },
      additionalAmounts: [
        {
          type: '40',
          direction: 'DEBIT',
          amount: { minorUnits: '2000', currency: 'GBP' },
          accountType: '00',
        },
      ],
    });
    expect(documentOf(record)).toEqual({
      FinInitn: {
        ...PURCHASE_BODY,
        TxChrtcs: { TxTp: '09' },
        AcctFr: { Tp: '10' },
        AcctTo: { Tp: '20' },
        TxAmts: { AmtQlfr: 'ACTL', Amt: '60.00', Ccy: '826' },
        AddtlAmt: [{ AcctTp: '00', Tp: '40', Amt: '20.00', Ccy: '826', CdtDbt: 'DBIT' }],
      },
    });
  });

  const requested = { minorUnits: '8000', currency: 'GBP' };
  it.each([
    ['in DE54', { additionalAmounts: [{ type: '57', direction: 'DEBIT' as const, amount: requested }] }],
    ['only in the request', {}],
    ['in both', { additionalAmounts: [{ type: '57', direction: 'DEBIT' as const, amount: requested }] }],
  ])('says once what was asked for when less was approved: given %s', (where, elements) => {
    const transaction = { minorUnits: '5000', currency: 'GBP' };
    const amounts = where === 'in DE54' ? { transaction } : { transaction, requested };
    const body = documentOf(authorized({ amounts, responseCode: '10', ...elements })).AuthstnInitn;
    expect(body?.TxAmts.Amt).toBe('50.00');
    expect(body?.AddtlAmt).toEqual([{ Tp: '57', Amt: '80.00', Ccy: '826', CdtDbt: 'DBIT' }]);
    expect(body?.PrcgRslt.RspnCd).toBe('10');
  });

  it('names the network as the one who answered an advice of stand-in processing', () => {
    const body = documentOf(
      authorized({ mti: '0120', messageFunction: 'ADVICE', standIn: true }),
    ).AuthstnInitn;
    expect(body?.Hdr.MsgFctn).toBe('ADVC');
    expect(body?.PrcgRslt.RspnSrcTp).toBe('CISP');
  });

  it('marks an increment of an authorization', () => {
    const { TxChrtcs } = documentOf(authorized({ incremental: true })).AuthstnInitn ?? {};
    expect(TxChrtcs).toEqual({ TxTp: '00', TxAttr: ['INCR'] });
  });

  it('names receiver, description and PIN length where the network does', () => {
    const elements = { receiverId: '500001', description: 'HOTEL DEPOSIT', pinLengthCapability: '12' };
    const body = documentOf(authorized(elements)).AuthstnInitn;
    expect(body?.Rcvr).toEqual({ Id: '500001' });
    expect(body?.TxChrtcs.TxDesc).toBe('HOTEL DEPOSIT');
    expect(body?.Termnl?.PINLngthCpblty).toBe('12');
  });

  it('says which fee is whose, as far as that is known', () => {
    const amount = { minorUnits: '100', currency: 'GBP' };
    const fees = ['08', '28', '29'].map((type) => ({ type, direction: 'CREDIT' as const, amount }));
    const common = { CdtDbt: 'CRDT', Amt: '1.00', Ccy: '826' };
    expect(documentOf(authorized({ fees })).AuthstnInitn?.AddtlFee).toEqual([
      { Tp: '08', ...common, Assgnr: 'CISS' },
      { Tp: '00', ...common, Assgnr: 'ACQR' },
      { Tp: '29', ...common },
    ]);
  });

  it('counts a repeat', () => {
    expect(documentOf(authorized({ mti: '0101', repeat: true })).AuthstnInitn?.Hdr.ReTrnsmssnCntr).toBe('1');
  });

  it('carries the surcharge of a cash machine', () => {
    const record = authorized({
      merchant: { ...authorized().authorization.merchant, categoryCode: '6011' },
      fees: [{ type: '28', direction: 'DEBIT', amount: { minorUnits: '250', currency: 'EUR' } }],
    });
    const body = documentOf(record).AuthstnInitn;
    expect(body?.AddtlFee).toEqual([{ Tp: '00', CdtDbt: 'DBIT', Amt: '2.50', Ccy: '978', Assgnr: 'ACQR' }]);
    expect(body?.Termnl?.Tp).toBe('ATMT');
  });

  it.each(['000', '0000'])('puts the answer %s of 1993 and 2003 where action codes stand', (responseCode) => {
    const result = documentOf(authorized({ responseCode })).AuthstnInitn?.PrcgRslt;
    expect(result).toEqual({ RspnSrcTp: 'CISS', ActnCd: responseCode, ApprvlCd: 'A10001' });
  });

  it('takes a trace number of twelve digits', () => {
    const record = authorized({ mti: '2100', stan: '123456100001' });
    expect(documentOf(record).AuthstnInitn?.TxId.SysTracAudtNb).toBe('123456100001');
  });

  it.each([
    ['051', { CardDataNtryMd: 'ICCY' }],
    ['0051', { CardDataNtryMd: 'ICCY' }],
    ['801', { CardDataNtryMd: 'MGST', ICCFllbck: true }],
    ['812', { CardDataNtryMd: 'KEEN', EComrc: true }],
    ['910', { CardDataNtryMd: 'MSIP' }],
    ['999', { CardDataNtryMd: 'UNSP' }],
    ['211201200140', { CardDataNtryMd: 'UNSP' }],
  ])('reads the entry mode %s', (posEntryMode, expected) => {
    expect(documentOf(authorized({ posEntryMode })).AuthstnInitn?.Cntxt).toEqual({
      ...expected,
      MrchntCtgyCd: '5411',
      POSCondCd: '00',
    });
  });

  it.each([
    ['211201200140', 'MGST'],
    ['211201500140', 'ICCY'],
    ['211201600140', 'KEEN'],
    ['211201000140', 'UNSP'],
    ['211201M00140', 'ICPY'],
    ['051', 'ICCY'],
  ])('reads the point of service %s of 1993', (posEntryMode, CardDataNtryMd) => {
    const body = documentOf(authorized({ mti: '1100', posEntryMode })).AuthstnInitn;
    expect(body?.Cntxt?.CardDataNtryMd).toBe(CardDataNtryMd);
  });

  it('says nothing where the network said nothing', () => {
    const body = documentOf(
      authorizedWithout(
        'posEntryMode',
        'terminalId',
        'forwarderId',
        'approvalCode',
        'localDate',
        'localTime',
      ),
    ).AuthstnInitn;
    expect(body?.Cntxt?.CardDataNtryMd).toBe('UNSP');
    expect(Object.keys(body ?? {})).not.toContain('Termnl');
    expect(Object.keys(body ?? {})).not.toContain('Sndr');
    expect(body?.PrcgRslt).toEqual({ RspnSrcTp: 'CISS', RspnCd: '00' });
  });
});

describe('a reversal in ISO 20022', () => {
  const reversal = { mti: '0400', messageClass: 'REVERSAL' as const, stan: '100009', original: ORIGINAL };

  it('is a cain.005 that names its original', () => {
    expect(documentOf(authorized(reversal))).toEqual({
      RvslInitn: {
        ...PURCHASE_BODY,
        TxId: { ...PURCHASE_BODY.TxId, SysTracAudtNb: '100009' },
        OrgnlDataElmts: {
          MsgClss: 'AUTH',
          MsgFctn: 'REQU',
          AcqrrId: '00000412345',
          TxId: {
            TrnsmssnDtTm: '2026-11-15T10:15:00Z',
            SysTracAudtNb: '100001',
            RtrvlRefNb: '631910100001',
          },
        },
      },
    });
  });

  it('of a part carries what stays, and beside its original what that was', () => {
    const body = documentOf(
      authorized({
        ...reversal,
        messageFunction: 'ADVICE',
        amounts: { transaction: { minorUnits: '10000', currency: 'USD' }, billing: BILLED_IN_GBP },
        rates: { billing: RATE },
        replacement: {
          transaction: { minorUnits: '6000', currency: 'USD' },
          settlement: { minorUnits: '4747', currency: 'GBP' },
        },
      }),
    ).RvslInitn;
    expect(body?.Hdr.MsgFctn).toBe('ADVC');
    expect(body?.TxAmts).toEqual({
      AmtQlfr: 'ACTL',
      Amt: '60.00',
      Ccy: '840',
      CrdhldrBllgCcy: '826',
      CrdhldrBllgFctvXchgRate: '0.7912',
      RcncltnAmt: '47.47',
      RcncltnCcy: '826',
    });
    expect(body?.OrgnlDataElmts?.TxAmts).toEqual({
      Amt: '100.00',
      Ccy: '840',
      CrdhldrBllgAmt: '79.12',
      CrdhldrBllgCcy: '826',
    });
  });

  it('that leaves nothing is a full one', () => {
    const replacement = { transaction: { minorUnits: '0', currency: 'GBP' } };
    const body = documentOf(authorized({ ...reversal, replacement })).RvslInitn;
    expect(body?.TxAmts.Amt).toBe('25.99');
    expect(body?.OrgnlDataElmts?.TxAmts).toBeUndefined();
  });

  it.each([
    ['0110', 'AUTH', 'REQU'],
    ['0120', 'AUTH', 'ADVC'],
    ['0200', 'FINL', 'REQU'],
    ['0240', 'FINL', 'NOTI'],
  ])('of a %s says what its original was', (mti, MsgClss, MsgFctn) => {
    const original = documentOf(authorized({ ...reversal, original: { ...ORIGINAL, mti } })).RvslInitn;
    expect(original?.OrgnlDataElmts).toMatchObject({ MsgClss, MsgFctn });
  });
});

describe('a financial message in ISO 20022', () => {
  const financial = { mti: '0220', messageClass: 'FINANCIAL' as const, messageFunction: 'ADVICE' as const };

  it.each([
    ['0220', 'ADVICE', true, 'CAAD'],
    ['0240', 'NOTIFICATION', true, 'CANO'],
    ['0200', 'REQUEST', true, 'NOTI'],
    ['0220', 'ADVICE', false, 'ADVC'],
    ['0200', 'REQUEST', false, 'NOTI'],
  ] as const)(
    'of type %s, %s, completing something: %s, is a %s',
    (mti, messageFunction, completes, MsgFctn) => {
      const original = completes ? { original: ORIGINAL } : {};
      const body = documentOf(authorized({ ...financial, mti, messageFunction, ...original })).FinInitn;
      expect(body?.Hdr.MsgFctn).toBe(MsgFctn);
      expect(body?.OrgnlDataElmts !== undefined).toBe(completes);
    },
  );

  it('names the authorization that it completes, also without knowing when that was', () => {
    const { transmittedAt: _time, ...original } = ORIGINAL;
    const local = { localDate: '2026-11-15', localTime: '10:15:00' };
    const record = authorized({ ...financial, original: { ...original, ...local } });
    expect(documentOf(record).FinInitn?.OrgnlDataElmts).toEqual({
      MsgClss: 'AUTH',
      MsgFctn: 'REQU',
      AcqrrId: '00000412345',
      TxId: {
        LclDt: '2026-11-15',
        LclTm: '10:15:00',
        SysTracAudtNb: '100001',
        RtrvlRefNb: '631910100001',
      },
    });
  });

  it('has the date of its transmission where it lacks the local one, which cain.003 must have', () => {
    const record = authorizedWithout('localDate', 'localTime');
    const body = documentOf({ ...record, authorization: { ...record.authorization, ...financial } }).FinInitn;
    expect(body?.TxId.LclDt).toBe('2026-11-15');
    expect(documentOf(record).AuthstnInitn?.TxId.LclDt).toBeUndefined();
  });

  it.each([
    ['MCC1234560704', 'MCC1234560704  '],
    ['306281234567890', '306281234567890'],
    ['3062812345678901', undefined],
  ])(
    'says the network id %s in the 15 characters that cain.003 has for it',
    (networkTransactionId, LifeCyclId) => {
      const record = authorized({ ...financial, networkTransactionId });
      expect(documentOf(record).FinInitn?.TxId.LifeCyclId).toBe(LifeCyclId);
      expect(standardizeTransaction(record).lifecycleId).toBe(`VISA.${networkTransactionId}`);
    },
  );
});

describe('an authorization that lacks what its message needs is refused for good', () => {
  const { merchant } = authorized().authorization;
  const nameless = { name: ' ', categoryCode: '5411', id: 'MERCH00000001' };
  it.each([
    ['MERCHANT_ID_MISSING', { merchant: { name: merchant.name, categoryCode: merchant.categoryCode } }],
    ['MERCHANT_NAME_MISSING', { merchant: nameless, nameAndLocation: ' ' }],
    ['ORIGINAL_DATA_MISSING', { messageClass: 'REVERSAL' as const }],
    ['ORIGINAL_MESSAGE_TYPE_UNKNOWN', { original: { ...ORIGINAL, mti: '0800' } }],
    ['ORIGINAL_MESSAGE_TYPE_UNKNOWN', { original: { ...ORIGINAL, mti: '0190' } }],
    ['RESPONSE_CODE_UNREADABLE', { responseCode: 'A00' }],
    ['RATE_TOO_LARGE', { rates: { billing: { digits: '1234567890123', scale: 0 } } }],
    ['UNKNOWN_CURRENCY', { amounts: { transaction: { minorUnits: '1', currency: 'ZZZ' } } }],
  ])('%s', (code, elements) => {
    expect(() => standardizeTransaction(authorized(elements))).toThrow(
      expect.objectContaining({ code, retryable: false }),
    );
  });
});
