import type { CainBody, Card, TransactionStandardizedRecord } from '@payments/schemas';
import { type ReferenceKey, ReferenceRows } from './reference-rows.ts';

const CARD: Card = { token: '9208948425451111', lastFour: '1111', scheme: 'VISA', sequenceNumber: '001' };

const PURCHASE: CainBody = {
  Hdr: {
    MsgFctn: 'NOTI',
    PrtcolVrsn: '1.0',
    XchgId: '3f1a2b3c00005000800000000000abcd',
    CreDtTm: '2026-11-15T10:15:01Z',
    InitgPtyId: '412345',
  },
  TxChrtcs: { TxTp: '00' },
  Acqrr: { Id: '412345', Ctry: '826' },
  Card: { PAN: CARD.token, CardSeqNb: '001', Schme: 'VISA' },
  TxId: {
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

/** A standardized record: a domestic purchase with what differs. */
export function standardized(
  body: Partial<CainBody> = {},
  record: Partial<TransactionStandardizedRecord> = {},
): TransactionStandardizedRecord {
  return {
    transactionId: '3f1a2b3c-0000-5000-8000-00000000abcd',
    idempotencyKey: '3f1a2b3c-0000-5000-8000-00000000dcba',
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: 'VISA.412345.631910100001.9208948425451111',
    mti: '0100',
    card: CARD,
    document: { AuthstnInitn: { ...PURCHASE, ...body } },
    ...record,
  };
}

/** The same as a reversal of the transaction with trace number 100002. */
export function reversing(
  body: Partial<CainBody> = {},
  originalAmounts?: NonNullable<CainBody['OrgnlDataElmts']>['TxAmts'],
): TransactionStandardizedRecord {
  const OrgnlDataElmts = {
    MsgClss: 'AUTH' as const,
    MsgFctn: 'REQU' as const,
    TxId: { TrnsmssnDtTm: '2026-11-15T10:15:00Z', SysTracAudtNb: '100002' },
    ...(originalAmounts !== undefined && { TxAmts: originalAmounts }),
  };
  return standardized({}, { mti: '0400', document: { RvslInitn: { ...PURCHASE, OrgnlDataElmts, ...body } } });
}

/** 100.00 USD that the network bills at 79.12 GBP. */
export const USD_AMOUNTS: CainBody['TxAmts'] = {
  AmtQlfr: 'ACTL',
  Amt: '100.00',
  Ccy: '840',
  CrdhldrBllgAmt: '79.12',
  CrdhldrBllgCcy: '826',
  CrdhldrBllgFctvXchgRate: '0.7912',
};

/** The version of the reference data below. */
export const VERSION = '2026-11-15.1';

/** The reference data of one sterling account with one card. */
export const REFERENCE: ReadonlyMap<ReferenceKey, unknown> = new Map<ReferenceKey, unknown>([
  [
    'CARD#9208948425451111',
    { token: CARD.token, accountId: 'ACC-0001', status: 'ACTIVE', issuingCountry: 'GB' },
  ],
  [
    'ACCOUNT#ACC-0001',
    {
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
    },
  ],
  [
    'PRODUCT#CURRENT_STANDARD',
    {
      code: 'CURRENT_STANDARD',
      name: 'Current account',
      postingMode: 'POST_AT_AUTH',
      fxMarkupBasisPoints: 299,
      cashFeeBasisPoints: 300,
      cashFeeMinimum: { minorUnits: '300', currency: 'GBP' },
      taxBasisPoints: 2000,
      taxableFees: ['FX_FEE'],
      rounding: 'HALF_EVEN',
      taxRounding: 'HALF_EVEN',
      valueDays: { debit: 0, credit: 0 },
      refundFxMarkup: false,
      holdDays: 7,
      accountSet: 'STANDARD',
    },
  ],
  ['MCC#5411', { code: '5411', name: 'Grocery Stores, Supermarkets' }],
  ['MCC#7995', { code: '7995', name: 'Betting/Casino Gambling', risk: 'WARNING' }],
  ['RATE#USD#GBP', { from: 'USD', to: 'GBP', rate: { digits: '8000', scale: 4 }, date: '2026-11-15' }],
]);

/** The reference data with some rows replaced, or taken away where undefined. */
export function rowsWith(changes: Partial<Record<ReferenceKey, unknown>> = {}): ReferenceRows {
  const entries = [...REFERENCE, ...(Object.entries(changes) as [ReferenceKey, unknown][])];
  return new ReferenceRows(VERSION, new Map(entries));
}
