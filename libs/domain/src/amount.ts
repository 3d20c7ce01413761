import { currencyOf } from './currency.ts';
import { DomainError } from './domain-error.ts';

/** Money in code: minor units as a bigint, never negative where direction is a field of its own. */
export interface Amount {
  readonly minorUnits: bigint;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

/** Money on the wire (`schemas/shared/money.v1.json`). */
export interface WireMoney {
  readonly minorUnits: string;
  readonly currency: string;
}

/** Two amounts of different currencies met where only one currency makes sense. */
export class CurrencyMismatchError extends DomainError {
  constructor(left: string, right: string) {
    super('CURRENCY_MISMATCH', `${left} and ${right} cannot be added or compared`, { retryable: false });
  }
}

/** A text that should be a decimal amount of a currency is not. */
export class AmountFormatError extends DomainError {
  constructor(text: string, currency: string) {
    super('AMOUNT_FORMAT', `"${text}" is no amount of ${currency}`, { retryable: false });
  }
}

export function fromWire(money: WireMoney): Amount {
  return { minorUnits: BigInt(money.minorUnits), currency: money.currency };
}

export function toWire(amount: Amount): { minorUnits: string; currency: string } {
  return { minorUnits: amount.minorUnits.toString(), currency: amount.currency };
}

/** @throws CurrencyMismatchError */
export function add(left: Amount, right: Amount): Amount {
  if (left.currency !== right.currency) throw new CurrencyMismatchError(left.currency, right.currency);
  return { minorUnits: left.minorUnits + right.minorUnits, currency: left.currency };
}

/** @throws CurrencyMismatchError */
export function subtract(left: Amount, right: Amount): Amount {
  if (left.currency !== right.currency) throw new CurrencyMismatchError(left.currency, right.currency);
  return { minorUnits: left.minorUnits - right.minorUnits, currency: left.currency };
}

/**
 * The decimal text that ISO 20022 and people use: 2599 GBP is `25.99`, 12345 JPY is `12345`.
 *
 * @throws UnknownCurrencyError
 */
export function toDecimalText({ minorUnits, currency }: Amount): string {
  const { exponent } = currencyOf(currency);
  const digits = (minorUnits < 0n ? -minorUnits : minorUnits).toString().padStart(exponent + 1, '0');
  const sign = minorUnits < 0n ? '-' : '';
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads a non-negative decimal text as an amount; decimals that the currency lacks must be zero.
 *
 * @throws AmountFormatError, UnknownCurrencyError
 */
export function fromDecimalText(text: string, currency: string): Amount {
  const { exponent } = currencyOf(currency);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (match?.[1] === undefined || /[1-9]/.test(fraction.slice(exponent)))
    throw new AmountFormatError(text, currency);
  return { minorUnits: BigInt(match[1] + fraction.slice(0, exponent).padEnd(exponent, '0')), currency };
}
