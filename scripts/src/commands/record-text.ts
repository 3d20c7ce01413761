import { currencyOf, rateFromWire, rateToText, toDecimalText } from '@payments/domain';
import type { JsonRecord } from './transaction-rows.ts';

/** How many characters of an account's number are shown. */
const SHOWN_LAST = 4;

/**
 * A member of a record, or undefined where a part of the path is absent.
 *
 * @param path names with dots between them, as in `transaction.billed`
 */
export function memberOf(record: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      record,
    );
}

/** A member as text; an absent one gives undefined. */
export function textOf(record: unknown, path: string): string | undefined {
  const value = memberOf(record, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The records in a list; an absent list gives none. */
export function listOf(record: unknown, path: string): readonly JsonRecord[] {
  const value = memberOf(record, path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Money as a person reads it, as in `GBP 25.99`; what is no money gives undefined. */
export function moneyText(money: unknown): string | undefined {
  const minorUnits = textOf(money, 'minorUnits');
  const currency = textOf(money, 'currency');
  if (minorUnits === undefined || currency === undefined || !/^-?\d+$/.test(minorUnits)) return undefined;
  return `${currency} ${toDecimalText({ minorUnits: BigInt(minorUnits), currency: currencyOf(currency).code })}`;
}

/** A rate as a decimal number; what is no rate gives undefined. */
export function rateText(rate: unknown): string | undefined {
  const digits = textOf(rate, 'digits');
  const scale = memberOf(rate, 'scale');
  if (digits === undefined || typeof scale !== 'number') return undefined;
  return rateToText(rateFromWire({ digits, scale }));
}

/** All but the last characters of a number hidden, as in `••••1111`. */
export function maskedText(text: string): string {
  return `••••${text.slice(-SHOWN_LAST)}`;
}

/** Parts with dots between them; absent ones are left out. */
export function joined(parts: readonly (string | undefined)[], separator = ' · '): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}

/** A part with words around it, or nothing where the part is absent. */
export function phrase(before: string, part: string | undefined, after = ''): string | undefined {
  return part === undefined ? undefined : `${before}${part}${after}`;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
