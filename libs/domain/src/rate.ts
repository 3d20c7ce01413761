import type { Amount } from './amount.ts';
import { currencyOf } from './currency.ts';
import { divideRounded, type Rounding } from './rounding.ts';

/** A conversion rate as an exact decimal: digits / 10^scale units of the target for one of the source. */
export interface ConversionRate {
  readonly digits: bigint;
  readonly scale: number;
}

/** A rate on the wire (`schemas/shared/rate.v1.json`). */
export interface WireRate {
  readonly digits: string;
  readonly scale: number;
}

const BASIS_POINTS = 10_000n;

export function rateFromWire(rate: WireRate): ConversionRate {
  return { digits: BigInt(rate.digits), scale: rate.scale };
}

export function rateToWire(rate: ConversionRate): { digits: string; scale: number } {
  return { digits: rate.digits.toString(), scale: rate.scale };
}

/** The rate as decimal text without trailing zeros: 7912000 / 10^7 is `0.7912`. */
export function rateToText({ digits, scale }: ConversionRate): string {
  const text = digits.toString().padStart(scale + 1, '0');
  if (scale === 0) return text;
  const fraction = text.slice(-scale).replace(/0+$/, '');
  return fraction === '' ? text.slice(0, -scale) : `${text.slice(0, -scale)}.${fraction}`;
}

/**
 * Converts an amount with one rounding.
 *
 * @throws UnknownCurrencyError
 */
export function convert(amount: Amount, rate: ConversionRate, to: string, rounding: Rounding): Amount {
  const from = currencyOf(amount.currency).exponent;
  const target = currencyOf(to).exponent;
  const numerator = amount.minorUnits * rate.digits * 10n ** BigInt(target);
  const denominator = 10n ** BigInt(rate.scale + from);
  return { minorUnits: divideRounded(numerator, denominator, rounding), currency: to };
}

/** A share of an amount in basis points (1/100 of a per cent), with one rounding. */
export function share(amount: Amount, basisPoints: number, rounding: Rounding): Amount {
  return {
    minorUnits: divideRounded(amount.minorUnits * BigInt(basisPoints), BASIS_POINTS, rounding),
    currency: amount.currency,
  };
}
