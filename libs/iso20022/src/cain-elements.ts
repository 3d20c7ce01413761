import type { CainDocument } from '@payments/schemas';

/** A message of the card families, version 05. */
export interface CainDefinition {
  /** The message identifier of the ISO 20022 catalogue. */
  readonly identifier: string;
  /**
   * The names of the elements that we can carry, in schema order, by the path of the element that holds them; the
   * empty path is the message itself. What has no name here cannot be written: no track, no PIN, no chip data.
   */
  readonly elements: Readonly<Record<string, string>>;
}

const FEE =
  'Tp Prgm Dscrptr Rate RateFix CdtDbt Amt Ccy RcncltnAmt RcncltnCcy RcncltnFctvXchgRate Assgnr Desc';
const AMOUNTS =
  'AmtQlfr Amt Ccy CrdhldrBllgAmt CrdhldrBllgCcy CrdhldrBllgFctvXchgRate RcncltnAmt RcncltnCcy RcncltnFctvXchgRate';
const PARTY = 'Id BizId Ctry BizNm LglCorpNm';

/** What the three messages have alike. */
const SHARED = {
  Hdr: 'MsgFctn PrtcolVrsn XchgId ReTrnsmssnCntr CreDtTm ColltnId BtchId MsgSeqNb InitgPtyId RcptPtyId',
  TxChrtcs: 'TxTp TxSubTp TxAttr MsgRsn AltrnMsgRsn TxDesc',
  Acqrr: PARTY,
  Sndr: PARTY,
  Card: 'PAN CardSeqNb PmtAcctRef Ctry PdctTp PdctSubTp Brnd Schme',
  AcctFr: 'Nm Tp Id',
  AcctTo: 'Nm Tp Id',
  Rcvr: PARTY,
  Issr: PARTY,
  TxId: 'LclDt LclTm TmZone TrnsmssnDtTm SysTracAudtNb RtrvlRefNb LifeCyclSpprt LifeCyclId AuthstnSeqNb AcqrrRefNb',
  ConvsDtTm: 'Dt Tm',
  TxAmts: `${AMOUNTS} DtldAmt`,
  'TxAmts/DtldAmt': 'Tp CdtDbt Amt CrdhldrBllgAmt RcncltnAmt Desc',
  AddtlAmt: 'AcctTp Tp OthrTp Amt Ccy CdtDbt Desc',
  Tax: 'Tp Desc Xmptn XmptRsn Amt Rate InclInTtl CdtDbt',
  OrgnlDataElmts: 'MsgClss MsgFctn AcqrrId SndrId TxTp TxId ConvsDtTm TxAmts AddtlFee RspnCd ApprvlCd',
  'OrgnlDataElmts/TxId':
    'LclDt LclTm TmZone TrnsmssnDtTm SysTracAudtNb RtrvlRefNb LifeCyclSpprt LifeCyclId AuthstnSeqNb AcqrrRefNb',
  'OrgnlDataElmts/ConvsDtTm': 'Dt Tm',
  'OrgnlDataElmts/TxAmts': AMOUNTS,
  'OrgnlDataElmts/AddtlFee': FEE,
  Accptr: 'Id SchmeAssgndId BizNm LglCorpNm NmAndLctn Adr',
  'Accptr/Adr':
    'Line1 Line2 StrtNm BldgNb PstlCd TwnNm CtrySubDvsnMnr CtrySubDvsnMjr CtrySubDvsnMjrNm CtrySubDvsnMnrNm Ctry',
  Termnl: 'Id Tp SubTp PINLngthCpblty PINNtryCpblty',
  SttlmSvc: 'PropsdTp PropsdId Tp Id DfrrdDt Dt Tm',
  AddtlFee: FEE,
  PrcgRslt: 'RspnSrcId RspnSrcTp RspnSrcCtry RspnSrcNm RspnCd ApprvlCd RspnRsn ActnCd',
} as const;

/** What cain.001 and cain.003 have alike; a reversal knows less of the point of service, in another order. */
const INITIATION = {
  ...SHARED,
  '': 'Hdr TxChrtcs Acqrr Sndr Card AcctFr AcctTo Rcvr Issr TxId ConvsDtTm XchgRate TxAmts AddtlAmt Tax OrgnlDataElmts Accptr Termnl Cntxt SttlmSvc AddtlFee PrcgRslt',
  XchgRate: 'Prvdr Id Dt Tm EndPt CntrCcyCd BaseCcyCd Rate RateTp',
  Cntxt:
    'CardDataNtryMd MrchntCtgyCd POSCondCd CardPres CrdhldrPres Attndd EComrc MOTOCd FnlAuthstn Reauthstn PrtlApprvlSpprtd ICCFllbck CaptrDt',
} as const;

/** The messages of the events by their root elements. */
export const CAIN: Readonly<Record<keyof CainDocument, CainDefinition>> = {
  AuthstnInitn: { identifier: 'cain.001.001.05', elements: INITIATION },
  FinInitn: { identifier: 'cain.003.001.05', elements: INITIATION },
  RvslInitn: {
    identifier: 'cain.005.001.05',
    elements: {
      ...SHARED,
      '': 'Hdr TxChrtcs Acqrr Sndr Card AcctFr AcctTo Rcvr Issr TxId ConvsDtTm TxAmts AddtlAmt Tax OrgnlDataElmts Accptr Termnl Cntxt SttlmSvc AddtlFee PrcgRslt',
      Cntxt:
        'CardDataNtryMd OthrCardDataNtryMd MrchntCtgyCd POSCondCd CardPres CrdhldrPres Attndd EComrc MOTOCd Reauthstn PrtlApprvlSpprtd CaptrDt ICCFllbck',
    },
  },
};
