import { passesLuhn } from '@payments/schemas';
import { CARD_DIGITS_MAX, CARD_DIGITS_MIN, networkOf } from './issuer-ranges.ts';

/** What was found. */
export type FindKind = 'card number' | 'track data' | 'security code' | 'PIN block';

/** Cardholder data at a place of a text. */
export interface Find {
  readonly kind: FindKind;
  /** Where it begins, in characters of the text. */
  readonly at: number;
  readonly length: number;
  /** The digits as they are; they must go no further than `maskedFind`. */
  readonly digits: string;
}

/** How many digits of a card number may be shown at either end (PCI DSS 3.4.1: at most the first six and last four). */
const SHOWN_FIRST = 6;
const SHOWN_LAST = 4;

/** True for 13 to 19 digits that pass Luhn and that an issuer's range holds. */
export function isCardNumber(digits: string): boolean {
  return (
    digits.length >= CARD_DIGITS_MIN &&
    digits.length <= CARD_DIGITS_MAX &&
    passesLuhn(digits) &&
    networkOf(digits) !== undefined
  );
}

/** What may be shown of a find. */
export function maskedFind({ kind, digits }: Find): string {
  if (kind === 'security code' || kind === 'PIN block') return '•'.repeat(digits.length);
  const hidden = digits.length - SHOWN_FIRST - SHOWN_LAST;
  return `${digits.slice(0, SHOWN_FIRST)}${'•'.repeat(hidden)}${digits.slice(-SHOWN_LAST)}`;
}
