/** What kind of value a source of the posting input gives, which decides how it can be written. */
export type SourceKind = 'text' | 'number' | 'flag' | 'date' | 'money' | 'rate' | 'sums' | 'structure';

/** A place of the posting input that a field can be made from. */
export interface Source {
  readonly kind: SourceKind;
  /** Every value that it can have, where they are few; a mapping to texts must name them all. */
  readonly values?: readonly string[];
}

const TEXT: Source = { kind: 'text' };
const NUMBER: Source = { kind: 'number' };
const DATE: Source = { kind: 'date' };
const MONEY: Source = { kind: 'money' };

/** Every place that a mapping can name (`schemas/configuration/posting-input.v1.json`). */
export const SOURCES: Readonly<Record<string, Source>> = {
  'header.sourceSystem': TEXT,
  'header.sequenceId': TEXT,
  'header.seqCount': NUMBER,
  'header.transactionId': TEXT,
  'header.scheme': TEXT,
  'header.lifecycleId': TEXT,
  'header.mode': { kind: 'text', values: ['BATCH', 'NRT', 'RT'] },
  'header.bookingDate': DATE,
  'header.valueDate': DATE,
  'header.reversalOf': TEXT,
  'header.correctionOf': TEXT,
  'header.controlTotals': { kind: 'structure' },
  'header.controlTotals.count': NUMBER,
  'header.controlTotals.currencies': { kind: 'sums' },
  'header.controlTotals.hashTotal': TEXT,
  'leg.seqNo': NUMBER,
  'leg.seqCount': NUMBER,
  'leg.entryId': TEXT,
  'leg.eventCode': TEXT,
  'leg.amountTag': {
    kind: 'text',
    values: ['PRINCIPAL', 'CASHBACK', 'FX_FEE', 'CASH_FEE', 'TAX', 'ROUNDING'],
  },
  'leg.direction': { kind: 'text', values: ['DEBIT', 'CREDIT'] },
  'leg.accountId': TEXT,
  'leg.accountRole': {
    kind: 'text',
    values: ['CUST', 'SUSP', 'HO', 'FXPOS', 'FEE_INC', 'TAX', 'ROUND', 'BREAK'],
  },
  'leg.accountCurrency': TEXT,
  'leg.branch': TEXT,
  'leg.sortCode': TEXT,
  'leg.amount': MONEY,
  'leg.amount.minorUnits': TEXT,
  'leg.amount.currency': TEXT,
  'leg.originalAmount': MONEY,
  'leg.originalAmount.minorUnits': TEXT,
  'leg.originalAmount.currency': TEXT,
  'leg.rate': { kind: 'rate' },
  'leg.rate.digits': TEXT,
  'leg.rate.scale': NUMBER,
  'leg.holdRef': TEXT,
  'leg.holdRelease': { kind: 'text', values: ['FULL', 'PARTIAL'] },
  'leg.bookingDate': DATE,
  'leg.valueDate': DATE,
  'leg.narrative': TEXT,
  'leg.reversal': { kind: 'flag', values: ['true', 'false'] },
  'leg.sourceEventId': TEXT,
};

/** What a posting must say, each with the sources that say it; a mapping that loses one is refused. */
export const REQUIRED_FACTS: readonly { readonly fact: string; readonly sources: readonly string[] }[] = [
  { fact: 'reference', sources: ['header.sequenceId'] },
  { fact: 'serial number', sources: ['leg.seqNo'] },
  { fact: 'direction', sources: ['leg.direction'] },
  { fact: 'account', sources: ['leg.accountId'] },
  { fact: 'amount', sources: ['leg.amount', 'leg.amount.minorUnits'] },
  { fact: 'currency', sources: ['leg.accountCurrency', 'leg.amount.currency'] },
];
