import { type Find, isCardNumber } from './find.ts';
import { CARD_DIGITS_MAX, CARD_DIGITS_MIN } from './issuer-ranges.ts';

/** The lengths of hashes in hexadecimal (MD5, SHA-1, SHA-2); what is as long is taken for one. */
const DIGEST_LENGTHS: ReadonlySet<number> = new Set([32, 40, 48, 56, 64, 96, 128]);
/** How an ISO 8583 message begins whose digits are packed: the type with version, class, function and origin. */
const PACKED_MESSAGE_TYPE = /^[0-2][1-8]\d[0-5]/;
/** Of hexadecimal digits by chance, 0.63 are decimal; of a message that is written so, more. */
const DECIMAL_SHARE_MIN = 0.75;
/** Hexadecimal digits of the type, and of a bitmap. */
const TYPE_DIGITS = 4;
const BITMAP_DIGITS = 16;
/** In the first byte of the bitmap: a second bitmap follows; the card number is there. */
const HAS_SECOND_BITMAP = 0x80;
const HAS_CARD_NUMBER = 0x40;
/** Packed track 2: `D` after the number, then expiry as YYMM. */
const TRACK_END = /D\d{2}(?:0[1-9]|1[0-2])/g;

/**
 * Card numbers in packed decimal digits (two to a byte), in the hexadecimal text of an ISO 8583 message: after a byte
 * that counts them, in decimal or in binary, or before the `D` of track 2. Without the count such digits could
 * not be told from any others. A text that is as long as a hash, or has as few decimal digits, and does not begin as a
 * message is taken for one.
 *
 * @param hex hexadecimal digits only
 */
export function packedCardNumbersIn(hex: string): Find[] {
  const upper = hex.toUpperCase();
  if (DIGEST_LENGTHS.has(hex.length)) return inMessage(upper);
  if (!PACKED_MESSAGE_TYPE.test(hex) && decimalShare(hex) < DECIMAL_SHARE_MIN) return [];
  return [...countedIn(upper, 0), ...tracksIn(upper)];
}

function decimalShare(hex: string): number {
  return hex.replace(/\D/g, '').length / hex.length;
}

/** The card number of an ISO 8583 message, in the one place where it stands: DE2, the first field there can be. */
export function inMessage(hex: string): Find[] {
  if (!PACKED_MESSAGE_TYPE.test(hex)) return [];
  const bitmap = Number.parseInt(hex.slice(TYPE_DIGITS, TYPE_DIGITS + 2), 16);
  if ((bitmap & HAS_CARD_NUMBER) === 0) return [];
  const bitmaps = (bitmap & HAS_SECOND_BITMAP) === 0 ? 1 : 2;
  const first = TYPE_DIGITS + bitmaps * BITMAP_DIGITS;
  return [...countedIn(hex, first, first)];
}

function* countedIn(hex: string, from: number, to = hex.length): Generator<Find> {
  // A field begins at a byte.
  for (let at = from; at <= to && at + 2 + CARD_DIGITS_MIN <= hex.length; at += 2) {
    const byte = hex.slice(at, at + 2);
    for (const count of new Set([Number(byte), Number.parseInt(byte, 16)])) {
      if (!(count >= CARD_DIGITS_MIN && count <= CARD_DIGITS_MAX)) continue;
      // An odd number of digits is filled up to whole bytes at either end.
      for (const start of count % 2 === 0 ? [at + 2] : [at + 2, at + 3]) {
        const digits = hex.slice(start, start + count);
        if (digits.length === count && /^\d+$/.test(digits) && isCardNumber(digits))
          yield { kind: 'card number', at: start, length: count, digits };
      }
    }
  }
}

function* tracksIn(hex: string): Generator<Find> {
  for (const match of hex.matchAll(TRACK_END)) {
    const before = /\d*$/.exec(hex.slice(Math.max(0, match.index - CARD_DIGITS_MAX), match.index))?.[0] ?? '';
    for (let count = CARD_DIGITS_MIN; count <= before.length; count += 1) {
      const digits = before.slice(-count);
      if (isCardNumber(digits))
        yield { kind: 'track data', at: match.index - count, length: count + match[0].length, digits };
    }
  }
}
