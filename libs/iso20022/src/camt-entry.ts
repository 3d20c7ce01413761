import { rateFromWire } from '@payments/domain';
import type { PostingEntry } from '@payments/schemas';
import { amountElement, CREDIT_DEBIT } from './amount-text.ts';
import { bankTransactionCodeOf } from './bank-transaction-code.ts';
import { cardReferences, cardTransaction, merchantText } from './card-transaction.ts';
import { displayRateOf } from './display-rate.ts';
import { letterReferenceOf } from './letter-reference.ts';
import { bodyOf, type PostedSequence } from './posted-sequence.ts';
import type { Element } from './xml-document.ts';

/** What ISO 20022 has for a reference that nobody gave. */
const NOT_PROVIDED = 'NOTPROVIDED';

/** The reference of an entry: that of its sequence, its place in it, and how many there are. */
export function entryReferenceOf({ sequence }: PostingEntry): string {
  return `${letterReferenceOf(sequence.id)}/${sequence.number}-${sequence.count}`;
}

/**
 * One entry (`Ntry`), one leg of the sequence.
 *
 * `RvslInd` stands only with what is the result of a reversal, as its definition has it; `CdtDbtInd` is the way that
 * this entry goes, also there.
 */
export function camtEntry(entry: PostingEntry, sequence: PostedSequence): Element {
  return [
    'Ntry',
    [
      ['NtryRef', entryReferenceOf(entry)],
      amountElement(entry.amount),
      ['CdtDbtInd', CREDIT_DEBIT[entry.direction]],
      entry.reversal ? ['RvslInd', 'true'] : undefined,
      ['Sts', [['Cd', 'BOOK']]],
      ['BookgDt', [['Dt', entry.bookingDate]]],
      ['ValDt', [['Dt', entry.valueDate]]],
      ['AcctSvcrRef', letterReferenceOf(entry.entryId)],
      bankTransactionCodeOf(entry, bodyOf(sequence)?.TxChrtcs.TxTp),
      amountDetails(entry),
      ['NtryDtls', [batch(entry), transactionDetails(entry, sequence)]],
      ['AddtlNtryInf', entry.narrative],
    ],
  ];
}

/** What was paid in another currency, and the rate that made this entry of it. */
function amountDetails({ originalAmount, amount, rate }: PostingEntry): Element | undefined {
  if (originalAmount === undefined) return undefined;
  const instructed: Element = ['InstdAmt', [amountElement(originalAmount)]];
  if (originalAmount.currency === amount.currency) return ['AmtDtls', [instructed]];
  const displayed = rate === undefined ? undefined : displayRateOf(rateFromWire(rate));
  const exchange: Element | undefined =
    displayed === undefined
      ? undefined
      : [
          'CcyXchg',
          [
            ['SrcCcy', originalAmount.currency],
            ['TrgtCcy', amount.currency],
            ['UnitCcy', originalAmount.currency],
            ['XchgRate', displayed],
          ],
        ];
  return ['AmtDtls', [instructed, ['CntrValAmt', [amountElement(amount), exchange]]]];
}

/** The sequence is the batch: its reference, and how many entries it has over all accounts. */
function batch({ sequence }: PostingEntry): Element {
  return [
    'Btch',
    [
      ['MsgId', letterReferenceOf(sequence.id)],
      ['NbOfTxs', String(sequence.count)],
    ],
  ];
}

/** The bank's own accounts are told which sequence an entry is of; the customer's also which card and where. */
function transactionDetails(entry: PostingEntry, sequence: PostedSequence): Element {
  const isCustomer = entry.account.role === 'CUST';
  const retrievalReference = bodyOf(sequence)?.TxId.RtrvlRefNb?.trim();
  const merchant = isCustomer ? merchantText(sequence) : undefined;
  const references: Element = [
    'Refs',
    [
      ['EndToEndId', NOT_PROVIDED],
      retrievalReference === undefined || retrievalReference === ''
        ? undefined
        : ['TxId', retrievalReference],
      ...(isCustomer ? cardReferences(sequence) : []),
      reversedReference(entry),
      [
        'Prtry',
        [
          ['Tp', 'SEQUENCE'],
          ['Ref', `${entry.sequence.number}/${entry.sequence.count}`],
        ],
      ],
    ],
  ];
  return [
    'TxDtls',
    [
      references,
      amountElement(entry.amount),
      ['CdtDbtInd', CREDIT_DEBIT[entry.direction]],
      isCustomer ? cardTransaction(sequence) : undefined,
      merchant === undefined || merchant === '' ? undefined : ['AddtlTxInf', merchant],
    ],
  ];
}

/** The sequence that a reversal takes back. */
function reversedReference({ reversalOf }: PostingEntry): Element | undefined {
  if (reversalOf === undefined) return undefined;
  return [
    'Prtry',
    [
      ['Tp', 'REVERSAL_OF'],
      ['Ref', letterReferenceOf(reversalOf)],
    ],
  ];
}
