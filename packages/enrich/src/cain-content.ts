import {
  type Amount,
  type ConversionRate,
  currencyByNumber,
  divideRounded,
  fromDecimalText,
} from '@payments/domain';
import type { CainBody, CainDocument } from '@payments/schemas';
import { DocumentError } from './errors.ts';

/** Our rates carry at most 18 digits (`schemas/shared/rate.v1.json`); cain allows 25. */
const RATE_DIGITS_MAX = 18;

/** A document's building blocks, and whether it is a reversal. */
export interface CainContent {
  readonly body: CainBody;
  readonly isReversal: boolean;
}

/** @throws DocumentError DOCUMENT_ROOT_MISSING */
export function contentOf({ AuthstnInitn, FinInitn, RvslInitn }: CainDocument): CainContent {
  const body = AuthstnInitn ?? FinInitn ?? RvslInitn;
  if (body === undefined) throw new DocumentError('DOCUMENT_ROOT_MISSING', 'the document has no message');
  return { body, isReversal: body === RvslInitn };
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

/** A rate from its decimal text; undefined when there is none, or when it is zero, which converts nothing. */
export function rateOf(text: string | undefined): ConversionRate | undefined {
  if (text === undefined) return undefined;
  const [integer = '', fraction = ''] = text.split('.');
  const digits = BigInt(integer + fraction);
  if (digits === 0n) return undefined;
  const excess = Math.max(0, digits.toString().length - RATE_DIGITS_MAX);
  return {
    digits: divideRounded(digits, 10n ** BigInt(excess), 'HALF_EVEN'),
    scale: fraction.length - excess,
  };
}
