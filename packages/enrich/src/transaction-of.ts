import { type Amount, rateFromWire, toWire } from '@payments/domain';
import type { Account, CainBody, Product, Transaction } from '@payments/schemas';
import { type Billing, bill, type ConversionTerms, converted, networkBillingOf } from './billed-amount.ts';
import { amountOf, type CainContent, requiredAmountOf } from './cain-content.ts';
import { DocumentError } from './errors.ts';
import type { ReferenceKey, ReferenceRows } from './reference-rows.ts';
import { kindOf } from './transaction-kind.ts';
import { valueDateOf } from './value-date.ts';

/** ISO 8583 amount types of DE54. */
const CASHBACK = '40';
const ORIGINAL_AMOUNT = '57';

/** ISO 8583 fee type of DE28, what the acquirer charges the customer. */
const TRANSACTION_FEE = '00';

/** Money is rounded half to even unless the product says otherwise. */
const DEFAULT_ROUNDING = 'HALF_EVEN';

/** The transaction, and whether its amount could be brought into the account's currency. */
export interface TransactionAndRate {
  readonly transaction: Transaction;
  readonly isRateKnown: boolean;
}

/**
 * Reads a message as a transaction on an account. Where no account is known, or no rate, what is billed is the
 * network's figure or else the amount itself, for information; such a transaction is not posted.
 *
 * Booked on the day (UTC) that the authorization system logged it, not on the day that this runs, so that a
 * replay books the same.
 */
export function transactionOf(
  content: CainContent,
  loggedAt: string,
  { account, product }: { readonly account?: Account | undefined; readonly product?: Product | undefined },
  rows: ReferenceRows,
): TransactionAndRate {
  const { body, messageClass } = content;
  const isReversal = messageClass === 'REVERSAL';
  const amount = originalAmountOf(content);
  const network = networkBillingOf(content);
  const currency = account?.currency ?? network.currency ?? amount.currency;
  const terms: ConversionTerms = {
    currency,
    network,
    referenceRate: referenceRateOf(amount.currency, currency, rows),
    rounding: product?.rounding ?? DEFAULT_ROUNDING,
  };
  const billing = bill(amount, terms);
  const { billed, conversion }: Billing = billing ?? { billed: network.amount ?? amount };
  const { RspnSrcTp, RspnCd, ActnCd, ApprvlCd } = body.PrcgRslt;
  const responseCode = RspnCd ?? ActnCd;
  if (responseCode === undefined)
    throw new DocumentError('RESPONSE_CODE_MISSING', 'the message has no response or action code');
  const bookingDate = loggedAt.slice(0, 'YYYY-MM-DD'.length);
  const { kind, direction } = kindOf({
    type: body.TxChrtcs.TxTp,
    isReversal,
    isZero: amount.minorUnits === 0n,
    responseCode,
  });
  const transaction: Transaction = {
    kind,
    messageClass,
    direction,
    amount: toWire(amount),
    billed: toWire(billed),
    responseCode,
    standIn: RspnSrcTp === 'CISP',
    stan: body.TxId.SysTracAudtNb,
    transmittedAt: body.TxId.TrnsmssnDtTm,
    bookingDate,
    valueDate: valueDateOf(bookingDate, direction, product),
    ...additionsOf(body),
    ...originalOf(body),
    ...(conversion !== undefined && { conversion }),
    ...(ApprvlCd !== undefined && { approvalCode: ApprvlCd }),
    ...(isReversal && { reversal: reversalOf(body, amount, terms) }),
  };
  return { transaction, isRateKnown: billing !== undefined };
}

/**
 * The reference rate that a message on an account needs, undefined where none is: same currency, or the network
 * gave a figure or a rate for that currency.
 */
export function rateKeyOf(content: CainContent, { currency }: Account): ReferenceKey | undefined {
  const amount = originalAmountOf(content);
  const network = networkBillingOf(content);
  const isConverted = network.currency === currency && (network.amount ?? network.rate) !== undefined;
  return amount.currency === currency || isConverted ? undefined : `RATE#${amount.currency}#${currency}`;
}

/**
 * The transaction's own amount: in a partial reversal `TxAmts` is what stays of it. A completion's own amount is what
 * moves, whatever was authorized before.
 */
function originalAmountOf({ body: { OrgnlDataElmts, TxAmts }, messageClass }: CainContent): Amount {
  const original = messageClass === 'REVERSAL' ? OrgnlDataElmts?.TxAmts : undefined;
  return requiredAmountOf(original ?? TxAmts);
}

/** The message that this one refers to: what a reversal takes back, what a completion completes. */
function originalOf({ OrgnlDataElmts }: CainBody): Pick<Transaction, 'original'> {
  if (OrgnlDataElmts === undefined) return {};
  const { SysTracAudtNb: stan, TrnsmssnDtTm: transmittedAt } = OrgnlDataElmts.TxId;
  return { original: { stan, ...(transmittedAt !== undefined && { transmittedAt }) } };
}

/** What was asked for, given in cash, and charged by the acquirer. */
function additionsOf({
  AddtlAmt = [],
  AddtlFee = [],
}: CainBody): Pick<Transaction, 'requested' | 'cashback' | 'surcharge'> {
  const requested = AddtlAmt.find(({ Tp }) => Tp === ORIGINAL_AMOUNT);
  const cashback = AddtlAmt.find(({ Tp }) => Tp === CASHBACK);
  const surcharge = AddtlFee.find(({ Tp, CdtDbt }) => Tp === TRANSACTION_FEE && CdtDbt === 'DBIT');
  return {
    ...(requested !== undefined && { requested: toWire(requiredAmountOf(requested)) }),
    ...(cashback !== undefined && { cashback: toWire(requiredAmountOf(cashback)) }),
    ...(surcharge !== undefined && { surcharge: toWire(requiredAmountOf(surcharge)) }),
  };
}

/**
 * What is reversed and what stays of it. What stays on the account is the network's figure where it gives one in the
 * account's currency, for billing or for settlement (DE95), as the network's figure goes before a computed one.
 *
 * @throws DocumentError ORIGINAL_DATA_MISSING, REPLACEMENT_UNREADABLE
 */
function reversalOf(
  body: CainBody,
  amount: Amount,
  terms: ConversionTerms,
): NonNullable<Transaction['reversal']> {
  const { OrgnlDataElmts: original, TxAmts } = body;
  if (original === undefined)
    throw new DocumentError('ORIGINAL_DATA_MISSING', 'the reversal does not say what it reverses');
  if (original.TxAmts === undefined) return { full: true };
  const replacement = requiredAmountOf(TxAmts);
  if (replacement.currency !== amount.currency || replacement.minorUnits > amount.minorUnits)
    throw new DocumentError('REPLACEMENT_UNREADABLE', 'the reversal leaves what is no part of its original');
  const { currency } = terms;
  const billed = amountOf(TxAmts.CrdhldrBllgAmt, TxAmts.CrdhldrBllgCcy);
  const settled = amountOf(TxAmts.RcncltnAmt, TxAmts.RcncltnCcy);
  const isSameCurrency = replacement.currency === currency;
  const [figure] = isSameCurrency ? [] : [billed, settled].filter((each) => each?.currency === currency);
  const replacementBilled = figure ?? converted(replacement, terms)?.billed;
  return {
    full: false,
    replacement: toWire(replacement),
    ...(replacementBilled !== undefined && { replacementBilled: toWire(replacementBilled) }),
  };
}

function referenceRateOf(from: string, to: string, rows: ReferenceRows): ConversionTerms['referenceRate'] {
  const row = rows.get(`RATE#${from}#${to}`);
  return row && rateFromWire(row.rate);
}
