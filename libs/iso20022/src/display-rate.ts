import { type ConversionRate, divideRounded, rateToText } from '@payments/domain';

/** BaseOneRate: 11 digits, of which at most 10 are decimals. */
const DIGITS_MAX = 11;
const DECIMALS_MAX = 10;

/**
 * The decimal text of a rate as camt can hold it. It is rounded for display only: amounts are never computed from it.
 *
 * @returns undefined when the rate has too many integer digits, or nothing of it is left
 */
export function displayRateOf({ digits, scale }: ConversionRate): string | undefined {
  const integerDigits = integerDigitsOf({ digits, scale });
  if (integerDigits > DIGITS_MAX) return undefined;
  const decimals = Math.min(DECIMALS_MAX, DIGITS_MAX - integerDigits, scale);
  const rounded = divideRounded(digits, 10n ** BigInt(scale - decimals), 'HALF_EVEN');
  if (rounded === 0n) return undefined;
  // Rounding may carry into one integer digit more, but what it leaves behind is then nothing but zeros.
  if (integerDigitsOf({ digits: rounded, scale: decimals }) > DIGITS_MAX) return undefined;
  return rateToText({ digits: rounded, scale: decimals });
}

/** How many digits stand before the point; none for a rate below one. */
function integerDigitsOf({ digits, scale }: ConversionRate): number {
  return Math.max(0, digits.toString().length - scale);
}
