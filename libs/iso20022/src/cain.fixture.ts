import type { CainBody, CainDocument, TransactionStandardizedRecord } from '@payments/schemas';

/** A domestic purchase by chip at a terminal; tests say only what differs. */
const PURCHASE: CainBody = {
  Hdr: {
    MsgFctn: 'NOTI',
    PrtcolVrsn: '1.0',
    XchgId: 'BHGAPQVXLKCJMFQZTWESDYRUOINA',
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

/** The building blocks of the purchase, with what differs. */
export function purchaseBody(blocks: Partial<CainBody> = {}): CainBody {
  return { ...PURCHASE, ...blocks };
}

/** Every element that the contract has, none in schema order: the renderer has to find the order. */
export function fullBody(): CainBody {
  const { Hdr, TxId, Card, PrcgRslt: _result, TxAmts: _amounts, Cntxt: _context, ...others } = PURCHASE;
  return {
    PrcgRslt: { ActnCd: '0000', ApprvlCd: 'A10001', RspnCd: '00', RspnSrcTp: 'CISP' },
    AddtlFee: [
      { Assgnr: 'ACQR', Amt: '2.50', Ccy: '978', CdtDbt: 'DBIT', Tp: '00' },
      { Tp: '29', Amt: '0.1', Ccy: '826', CdtDbt: 'CRDT' },
    ],
    SttlmSvc: { Dt: '2026-11-16' },
    OrgnlDataElmts: {
      TxAmts: {
        RcncltnCcy: '826',
        RcncltnAmt: '79.12',
        CrdhldrBllgCcy: '826',
        CrdhldrBllgAmt: '79.12',
        Ccy: '840',
        Amt: '100.00',
      },
      TxId: {
        LifeCyclId: 'MCC1234560704  ',
        RtrvlRefNb: '631910100001',
        SysTracAudtNb: '100001',
        LclTm: '10:15:00',
        LclDt: '2026-11-15',
        TrnsmssnDtTm: '2026-11-15T10:15:00.123456Z',
      },
      SndrId: '00000400001',
      AcqrrId: '00000412345',
      MsgFctn: 'REQU',
      MsgClss: 'AUTH',
    },
    AddtlAmt: [
      { CdtDbt: 'DBIT', Ccy: '826', Amt: '20.00', Tp: '40', AcctTp: '00' },
      { Tp: '57', Amt: '80', Ccy: '392', CdtDbt: 'DBIT' },
    ],
    ConvsDtTm: { Dt: '2026-11-15' },
    ...others,
    TxAmts: {
      RcncltnFctvXchgRate: '0.7912',
      RcncltnCcy: '826',
      RcncltnAmt: '79.12',
      CrdhldrBllgFctvXchgRate: '123456789012.1234567890123',
      CrdhldrBllgCcy: '414',
      CrdhldrBllgAmt: '999999999999999.999',
      Ccy: '990',
      Amt: '0.0001',
      AmtQlfr: 'ESTM',
    },
    Card: { ...Card, Ctry: '826' },
    Cntxt: {
      EComrc: true,
      ICCFllbck: false,
      CaptrDt: '2026-11-15',
      POSCondCd: '59',
      MrchntCtgyCd: '5411',
      CardDataNtryMd: 'KEEN',
    },
    TxId: { LifeCyclId: '306281234567890', LifeCyclSpprt: 'AUTH', ...TxId },
    Hdr: { ReTrnsmssnCntr: '1', ...Hdr },
    TxChrtcs: { TxDesc: 'CARD PURCHASE <CORNER> & "FOODS"', TxAttr: ['INCR'], TxTp: '00' },
    Rcvr: { Id: '00000500001' },
    Termnl: { PINLngthCpblty: '04', Tp: 'POST', Id: 'TERM0001' },
  };
}

/** A document in the record that carries it. */
export function standardized(document: CainDocument): TransactionStandardizedRecord {
  return {
    transactionId: '3f1a2b3c-0000-5000-8000-00000000abcd',
    idempotencyKey: '3f1a2b3c-0000-5000-8000-00000000dcba',
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: 'VISA.412345.631910100001.9208948425451111',
    mti: '0100',
    card: { token: '9208948425451111', lastFour: '1111', scheme: 'VISA' },
    document,
  };
}
