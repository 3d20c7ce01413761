import {
  currencyOf,
  divideRounded,
  fromWire,
  rateFromWire,
  rateToText,
  toDecimalText,
} from '@payments/domain';
import type { Money, Rate } from '@payments/schemas';
import { StandardizeError } from './errors.ts';

/** BaseOne25Rate: 25 digits, of which 13 are decimals. */
const RATE_DECIMALS_MAX = 13;
const RATE_INTEGER_DIGITS_MAX = 12;

/** A debit or a credit, as cain says it. */
export const CREDIT_DEBIT = { CREDIT: 'CRDT', DEBIT: 'DBIT' } as const;

/** The decimal text of an amount (ImpliedCurrencyAndAmount carries no currency). */
export function amountText(money: Money): string {
  return toDecimalText(fromWire(money));
}

/** The ISO 4217 numeric code that stands beside an amount. */
export function currencyNumber(money: Money): string {
  return currencyOf(money.currency).numeric;
}

/**
 * The decimal text of a rate, rounded to the decimals that cain has, which no network's DE9 or DE10 exceeds
 * (they have at most nine).
 *
 * @returns undefined when the rate is so small that nothing of it is left
 * @throws StandardizeError RATE_TOO_LARGE
 */
export function rateText(rate: Rate): string | undefined {
  let { digits, scale } = rateFromWire(rate);
  if (scale > RATE_DECIMALS_MAX) {
    digits = divideRounded(digits, 10n ** BigInt(scale - RATE_DECIMALS_MAX), 'HALF_EVEN');
    scale = RATE_DECIMALS_MAX;
  }
  if (digits === 0n) return undefined;
  const text = rateToText({ digits, scale });
  const [integer = ''] = text.split('.');
  if (integer.length > RATE_INTEGER_DIGITS_MAX)
    throw new StandardizeError('RATE_TOO_LARGE', `a conversion rate has ${integer.length} integer digits`);
  return text;
}
