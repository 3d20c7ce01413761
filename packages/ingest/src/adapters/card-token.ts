import { passesLuhn } from '@payments/schemas';

/** Bytes from a cryptographic source. */
export type RandomBytes = (length: number) => Uint8Array;

const FIRST_DIGIT = '9';
const LAST_DIGITS_KEPT = 4;
/** Bytes of 250 and more are thrown away, so that each digit is equally likely. */
const UNBIASED_BYTES = 250;

/**
 * A random surrogate for a card number: digits of the same length, first digit 9, which is outside the ranges of
 * card issuers, last four digits kept, and failing the Luhn check, so that a scanner tells it from a card number.
 *
 * @param cardNumber 12 to 19 digits
 */
export function randomToken(cardNumber: string, randomBytes: RandomBytes): string {
  const kept = cardNumber.slice(-LAST_DIGITS_KEPT);
  const length = cardNumber.length - FIRST_DIGIT.length - kept.length;
  const token = `${FIRST_DIGIT}${randomDigits(length, randomBytes)}${kept}`;
  if (!passesLuhn(token)) return token;
  // One digit more or less, not doubled or doubled, always breaks the check.
  const digit = (Number(token.charAt(1)) + 1) % 10;
  return `${FIRST_DIGIT}${digit}${token.slice(2)}`;
}

function randomDigits(length: number, randomBytes: RandomBytes): string {
  let digits = '';
  while (digits.length < length)
    for (const byte of randomBytes(length * 2)) {
      if (byte < UNBIASED_BYTES && digits.length < length) digits += String(byte % 10);
    }
  return digits;
}
