import type { CainBody, PostingEntry } from '@payments/schemas';
import type { Element } from './xml-document.ts';

/** Payments, customer card transactions: the domain and family of every entry. */
const DOMAIN = 'PMNT';
const FAMILY = 'CCRD';

/**
 * Sub-families of the external bank transaction code list: point of sale with a debit card, cash withdrawal at home
 * and abroad, reimbursement, fees, taxes, and what has none of its own.
 */
type SubFamily = 'POSD' | 'CWDL' | 'XBCW' | 'RIMB' | 'FEES' | 'TAXE' | 'OTHR';

/** Entries that are no principal say what they are by their tag. */
const BY_AMOUNT_TAG: Readonly<Record<string, SubFamily>> = {
  CASHBACK: 'CWDL',
  FX_FEE: 'FEES',
  CASH_FEE: 'FEES',
  SURCHARGE: 'FEES',
  TAX: 'TAXE',
};

/** A principal by its accounting event. */
const BY_EVENT_CODE: Readonly<Record<string, SubFamily>> = {
  CARDPUR: 'POSD',
  CARDCASH: 'CWDL',
  CARDREF: 'RIMB',
};

/** A principal by its ISO 8583 transaction type: a reversal has that of what it reverses, and no event of its own. */
const BY_TRANSACTION_TYPE: Readonly<Record<string, SubFamily>> = { '01': 'CWDL' };
const BY_TYPE_CLASS: Readonly<Record<string, SubFamily>> = { '0': 'POSD', '1': 'POSD', '2': 'RIMB' };

/**
 * The bank transaction code of an entry: the ISO code by what was done, and our own accounting event.
 *
 * @param transactionType ISO 8583 transaction type (DE3, first two digits), where it is known
 */
export function bankTransactionCodeOf(
  entry: PostingEntry,
  transactionType: CainBody['TxChrtcs']['TxTp'] | undefined,
): Element {
  const family: Element = [
    'Fmly',
    [
      ['Cd', FAMILY],
      ['SubFmlyCd', subFamilyOf(entry, transactionType)],
    ],
  ];
  return [
    'BkTxCd',
    [
      ['Domn', [['Cd', DOMAIN], family]],
      ['Prtry', [['Cd', entry.eventCode]]],
    ],
  ];
}

/** Cash in another currency than the account's was taken abroad. */
function subFamilyOf(entry: PostingEntry, transactionType: string | undefined): SubFamily {
  const { amountTag, eventCode, originalAmount, amount } = entry;
  const tagged = BY_AMOUNT_TAG[amountTag];
  if (tagged !== undefined) return tagged;
  const done = BY_EVENT_CODE[eventCode] ?? ofType(transactionType) ?? 'OTHR';
  const isForeign = originalAmount !== undefined && originalAmount.currency !== amount.currency;
  return done === 'CWDL' && isForeign ? 'XBCW' : done;
}

function ofType(type: string | undefined): SubFamily | undefined {
  return type === undefined ? undefined : (BY_TRANSACTION_TYPE[type] ?? BY_TYPE_CLASS[type.slice(0, 1)]);
}
