import {
  type Amount,
  type ConversionRate,
  currencyByNumber,
  divideRounded,
  fromDecimalText,
} from '@payments/domain';
import type { CainBody, CainDocument, Transaction } from '@payments/schemas';
import { DocumentError } from './errors.ts';

/** Our rates carry at most 18 digits (`schemas/shared/rate.v1.json`); cain allows 25. */
const RATE_DIGITS_MAX = 18;

/** A document's building blocks, and what its root says of the message. */
export interface CainContent {
  readonly body: CainBody;
  readonly messageClass: Transaction['messageClass'];
}

/** @throws DocumentError DOCUMENT_ROOT_MISSING */
export function contentOf({ AuthstnInitn, FinInitn, RvslInitn }: CainDocument): CainContent {
  if (AuthstnInitn !== undefined) return { body: AuthstnInitn, messageClass: 'AUTHORIZATION' };
  if (FinInitn !== undefined) return { body: FinInitn, messageClass: 'FINANCIAL' };
  if (RvslInitn !== undefined) return { body: RvslInitn, messageClass: 'REVERSAL' };
  throw new DocumentError('DOCUMENT_ROOT_MISSING', 'the document has no message');
}

/**
 * An amount from its decimal text and the numeric code that stands beside it; undefined when either is absent.
 *
 * @throws AmountFormatError, UnknownCurrencyError
 */
export function amountOf(text: string | undefined, numeric: string | undefined): Amount | undefined {
  if (text === undefined || numeric === undefined) return undefined;
  return fromDecimalText(text, currencyByNumber(numeric).code);
}

/** An amount whose text and currency the message must have. */
export function requiredAmountOf({ Amt, Ccy }: { readonly Amt: string; readonly Ccy: string }): Amount {
  return fromDecimalText(Amt, currencyByNumber(Ccy).code);
}

/**
 * A rate from its decimal text, rounded where it has more digits than we carry; undefined when there is none, or when it
 * is zero, which converts nothing.
 */
export function rateOf(text: string | undefined): ConversionRate | undefined {
  if (text === undefined) return undefined;
  const [integer = '', fraction = ''] = text.split('.');
  const digits = BigInt(integer + fraction);
  if (digits === 0n) return undefined;
  return shortened({ digits, scale: fraction.length });
}

function shortened(rate: ConversionRate): ConversionRate {
  const excess = rate.digits.toString().length - RATE_DIGITS_MAX;
  if (excess <= 0) return rate;
  const digits = divideRounded(rate.digits, 10n ** BigInt(excess), 'HALF_EVEN');
  // Nines that are rounded up have one digit more, a zero at the end.
  return shortened({ digits, scale: rate.scale - excess });
}
