import type { Iso8583Version } from './versions.ts';

/** What PCI DSS asks of an element: tokenize it, never store it after authorization, protect it beside a PAN. */
export type PciClass = 'TOKENIZE' | 'NEVER_STORE' | 'PROTECT' | 'NONE';

/**
 * What may be seen of an element: its value; its last four characters; the same of a customer's account, which is
 * confidential and carried nowhere; its length because it is protected; its length because it leaves memory nowhere.
 */
export type Visibility = 'PLAIN' | 'LAST_FOUR' | 'CONFIDENTIAL' | 'PROTECTED' | 'NEVER_KEPT';

/** How the value of an element is to be read; the kinds are those of `explain-element.ts`. */
export type ValueKind =
  | 'TEXT'
  | 'AMOUNT'
  | 'SIGNED_FEE'
  | 'ADDITIONAL_AMOUNTS'
  | 'REPLACEMENT_AMOUNTS'
  | 'ORIGINAL_AMOUNTS'
  | 'PROCESSING_CODE'
  | 'RATE'
  | 'TRANSMISSION_TIME'
  | 'LOCAL_TIME'
  | 'DATE'
  | 'CURRENCY'
  | 'CATEGORY'
  | 'ENTRY_MODE'
  | 'CONDITION'
  | 'FUNCTION'
  | 'RESPONSE'
  | 'NAME_AND_LOCATION'
  | 'LIFE_CYCLE'
  | 'ORIGINAL';

/** What is known of a data element beside its format. */
export interface ElementNote {
  readonly kind: ValueKind;
  /** Paths below AuthstnInitn, FinInitn or RvslInitn of cain.001, 003 and 005.001.05; none for what is not carried. */
  readonly cain: readonly string[];
  readonly pci: PciClass;
  readonly visibility: Visibility;
}

const ALL = ['1987', '1993', '2003'] as const;
const OLD = ['1987'] as const;
const NEW = ['1993', '2003'] as const;
const COUNTED = ['1987', '1993'] as const;

/** One row: element, versions, kind of value, cain path, PCI class, what may be seen. */
type NoteRow = readonly [
  number: number,
  versions: readonly Iso8583Version[],
  kind: ValueKind,
  cain: string | readonly string[],
  pci?: PciClass,
  visibility?: Visibility,
];

/**
 * The table that ISO 8583 is mapped to ISO 20022 by, and that says what may be kept. A number that stands in two rows
 * of a version takes the later one; an element without a row is plain text that is carried nowhere.
 */
const NOTES: readonly NoteRow[] = [
  [2, ALL, 'TEXT', 'Card/PAN', 'TOKENIZE', 'LAST_FOUR'],
  [3, ALL, 'PROCESSING_CODE', ['TxChrtcs/TxTp', 'AcctFr/Tp', 'AcctTo/Tp']],
  [4, ALL, 'AMOUNT', 'TxAmts/Amt'],
  [4, ['2003'], 'AMOUNT', ['TxAmts/Amt', 'TxAmts/Ccy']],
  [5, ALL, 'AMOUNT', 'TxAmts/RcncltnAmt'],
  [5, ['2003'], 'AMOUNT', ['TxAmts/RcncltnAmt', 'TxAmts/RcncltnCcy']],
  [6, ALL, 'AMOUNT', 'TxAmts/CrdhldrBllgAmt'],
  [6, ['2003'], 'AMOUNT', ['TxAmts/CrdhldrBllgAmt', 'TxAmts/CrdhldrBllgCcy']],
  [7, ALL, 'TRANSMISSION_TIME', 'TxId/TrnsmssnDtTm'],
  [8, ALL, 'AMOUNT', 'AddtlFee'],
  [9, ALL, 'RATE', 'TxAmts/RcncltnFctvXchgRate'],
  [10, ALL, 'RATE', 'TxAmts/CrdhldrBllgFctvXchgRate'],
  [11, ALL, 'TEXT', 'TxId/SysTracAudtNb'],
  [12, OLD, 'LOCAL_TIME', 'TxId/LclTm'],
  [12, NEW, 'LOCAL_TIME', ['TxId/LclDt', 'TxId/LclTm']],
  [13, OLD, 'DATE', 'TxId/LclDt'],
  [14, ALL, 'TEXT', 'Card/XpryDt', 'PROTECT', 'PROTECTED'],
  [15, ALL, 'DATE', 'SttlmSvc/Dt'],
  [16, ALL, 'DATE', 'ConvsDtTm/Dt'],
  [17, ALL, 'DATE', 'Cntxt/CaptrDt'],
  [18, OLD, 'CATEGORY', 'Cntxt/MrchntCtgyCd'],
  [19, ALL, 'TEXT', 'Acqrr/Ctry'],
  [20, ALL, 'TEXT', 'Card/Ctry'],
  [21, ['2003'], 'LIFE_CYCLE', ['TxId/LifeCyclSpprt', 'TxId/LifeCyclId']],
  [22, ALL, 'ENTRY_MODE', ['Cntxt/CardDataNtryMd', 'Termnl/PINNtryCpblty']],
  // The bits of 2003 are read by nothing yet.
  [22, ['2003'], 'ENTRY_MODE', []],
  [23, ALL, 'TEXT', 'Card/CardSeqNb', 'PROTECT'],
  [24, NEW, 'FUNCTION', []],
  [25, OLD, 'CONDITION', 'Cntxt/POSCondCd'],
  [26, OLD, 'TEXT', 'Termnl/PINLngthCpblty'],
  [26, NEW, 'CATEGORY', 'Cntxt/MrchntCtgyCd'],
  [28, OLD, 'SIGNED_FEE', 'AddtlFee'],
  [29, OLD, 'SIGNED_FEE', 'AddtlFee'],
  [30, OLD, 'SIGNED_FEE', 'AddtlFee'],
  [30, NEW, 'ORIGINAL_AMOUNTS', 'OrgnlDataElmts/TxAmts'],
  [31, OLD, 'SIGNED_FEE', 'AddtlFee'],
  [32, ALL, 'TEXT', 'Acqrr/Id'],
  [33, ALL, 'TEXT', 'Sndr/Id'],
  [34, ALL, 'TEXT', [], 'TOKENIZE', 'NEVER_KEPT'],
  [35, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [36, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [37, ALL, 'TEXT', 'TxId/RtrvlRefNb'],
  [38, ALL, 'TEXT', 'PrcgRslt/ApprvlCd'],
  [39, OLD, 'RESPONSE', 'PrcgRslt/RspnCd'],
  [39, NEW, 'RESPONSE', 'PrcgRslt/ActnCd'],
  [41, ALL, 'TEXT', 'Termnl/Id'],
  [42, ALL, 'TEXT', 'Accptr/Id'],
  [43, ALL, 'NAME_AND_LOCATION', ['Accptr/NmAndLctn', 'Accptr/Adr/TwnNm', 'Accptr/Adr/Ctry']],
  [45, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [46, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [47, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [48, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [49, COUNTED, 'CURRENCY', 'TxAmts/Ccy'],
  [50, COUNTED, 'CURRENCY', 'TxAmts/RcncltnCcy'],
  [51, COUNTED, 'CURRENCY', 'TxAmts/CrdhldrBllgCcy'],
  // 2003 gives these to verification data, among it the card verification value, and to ISO.
  [49, ['2003'], 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [50, ['2003'], 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [51, ['2003'], 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [52, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [53, ALL, 'TEXT', [], 'NONE', 'NEVER_KEPT'],
  [54, ALL, 'ADDITIONAL_AMOUNTS', 'AddtlAmt'],
  [55, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [56, OLD, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [
    56,
    NEW,
    'ORIGINAL',
    [
      'OrgnlDataElmts/MsgClss',
      'OrgnlDataElmts/TxId/SysTracAudtNb',
      'OrgnlDataElmts/TxId/LclDt',
      'OrgnlDataElmts/TxId/LclTm',
      'OrgnlDataElmts/AcqrrId',
    ],
  ],
  [57, OLD, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [58, OLD, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [59, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [60, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [61, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [62, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [63, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [64, ALL, 'TEXT', [], 'NONE', 'NEVER_KEPT'],
  [71, ['2003'], 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [72, NEW, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  [
    90,
    OLD,
    'ORIGINAL',
    [
      'OrgnlDataElmts/MsgClss',
      'OrgnlDataElmts/MsgFctn',
      'OrgnlDataElmts/TxId/SysTracAudtNb',
      'OrgnlDataElmts/TxId/TrnsmssnDtTm',
      'OrgnlDataElmts/AcqrrId',
      'OrgnlDataElmts/SndrId',
    ],
  ],
  [95, OLD, 'REPLACEMENT_AMOUNTS', ['TxAmts/Amt', 'TxAmts/RcncltnAmt']],
  [96, ALL, 'TEXT', [], 'NONE', 'NEVER_KEPT'],
  [100, ALL, 'TEXT', 'Rcvr/Id'],
  // cain has AcctFr/Id and AcctTo/Id for what the network says here. It stays out: the bank knows the account by the
  // card, and a customer's account number that nothing needs is not to be passed on.
  [102, ALL, 'TEXT', [], 'NONE', 'CONFIDENTIAL'],
  [103, ALL, 'TEXT', [], 'NONE', 'CONFIDENTIAL'],
  [104, COUNTED, 'TEXT', 'TxChrtcs/TxDesc'],
  [104, ['2003'], 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  ...Array.from(
    { length: 23 },
    (_, index): NoteRow => [105 + index, ALL, 'TEXT', [], 'NEVER_STORE', 'NEVER_KEPT'],
  ),
  [128, ALL, 'TEXT', [], 'NONE', 'NEVER_KEPT'],
];

const PLAIN_NOTE: ElementNote = { kind: 'TEXT', cain: [], pci: 'NONE', visibility: 'PLAIN' };

const BY_VERSION: Readonly<Record<Iso8583Version, ReadonlyMap<number, ElementNote>>> = {
  '1987': notesOf('1987'),
  '1993': notesOf('1993'),
  '2003': notesOf('2003'),
};

function notesOf(version: Iso8583Version): ReadonlyMap<number, ElementNote> {
  return new Map(
    NOTES.filter(([, versions]) => versions.includes(version)).map(
      ([number, , kind, cain, pci = 'NONE', visibility = 'PLAIN']) => [
        number,
        { kind, cain: [cain].flat(), pci, visibility },
      ],
    ),
  );
}

/** What is known of an element in a version; an element that the table lacks is plain text. */
export function elementNote(version: Iso8583Version, number: number): ElementNote {
  return BY_VERSION[version].get(number) ?? PLAIN_NOTE;
}

/**
 * Says whether an element leaves a message before anything looks at it (PCI DSS 3: no storage after authorization):
 * card numbers, which become tokens, track data, PIN blocks and keys, chip data, which repeats track 2, verification
 * values, and private elements, which may hold any of these.
 */
export function isForbidden(version: Iso8583Version, number: number): boolean {
  const { pci, visibility } = elementNote(version, number);
  return pci === 'TOKENIZE' || visibility === 'NEVER_KEPT';
}
