import { DomainError } from './domain-error.ts';
import table from './iso4217.json' with { type: 'json' };

/** A currency of ISO 4217. */
export interface Currency {
  /** Alphabetic code, as money on our events carries it. */
  readonly code: string;
  /** Three-digit numeric code, as ISO 8583 and cain carry it. */
  readonly numeric: string;
  /** How many decimals its minor unit has: 2 for GBP, 0 for JPY, 3 for KWD. */
  readonly exponent: number;
}

/** A currency code that the list does not have. */
export class UnknownCurrencyError extends DomainError {
  constructor(code: string) {
    super('UNKNOWN_CURRENCY', `${code} is no currency of ISO 4217`, { retryable: false });
  }
}

const BY_CODE = new Map<string, Currency>();
const BY_NUMBER = new Map<string, Currency>();
for (const [code, numeric, exponent] of table as [string, string, number][]) {
  const currency: Currency = { code, numeric, exponent };
  BY_CODE.set(code, currency);
  BY_NUMBER.set(numeric, currency);
}

/** @throws UnknownCurrencyError */
export function currencyOf(code: string): Currency {
  const currency = BY_CODE.get(code);
  if (currency === undefined) throw new UnknownCurrencyError(code);
  return currency;
}

/**
 * @param numeric the three-digit code, for example `826`
 * @throws UnknownCurrencyError
 */
export function currencyByNumber(numeric: string): Currency {
  const currency = BY_NUMBER.get(numeric);
  if (currency === undefined) throw new UnknownCurrencyError(numeric);
  return currency;
}
