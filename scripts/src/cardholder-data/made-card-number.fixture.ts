import { passesLuhn } from '@payments/schemas';
import fc from 'fast-check';
import { issuerRanges } from './issuer-ranges.ts';

/** Digits with the check digit that makes them pass Luhn in place of `?`, which is the last. */
export function withCheckDigit(digits: string): string {
  const found = [...'0123456789'].map((check) => digits + check).find(passesLuhn);
  if (found === undefined) throw new Error(`there is always a check digit, also for ${digits}`);
  return found;
}

/** A card number of any issuer's range and length: made up, and passing Luhn. */
export const madeCardNumber = fc
  .constantFrom(...issuerRanges())
  .chain(({ from, to, lengths }) =>
    fc.tuple(
      fc.integer({ min: Number(from), max: Number(to) }).map(String),
      fc.constantFrom(...lengths),
      fc.stringMatching(/^\d{19}$/),
    ),
  )
  .map(([prefix, length, filler]) => withCheckDigit((prefix + filler).slice(0, length - 1)));
