import { ASCII, BCD, BINARY, digitsOf, EBCDIC, type Encoding, HEX_TEXT, PACKED_TRACK } from './encodings.ts';
import type { FieldLength, FieldType } from './field-table.ts';
import { binaryPrefix, decimalPrefix, type LengthPrefix } from './prefixes.ts';

/** How one network puts ISO 8583 on the wire: an encoding for each kind of content, a prefix for each length. */
export interface WireProfile {
  readonly mti: Encoding;
  /** A bitmap of 8 bytes. */
  readonly bitmap: Encoding;
  readonly content: Readonly<Record<FieldType, Encoding>>;
  readonly prefix: Readonly<Record<Exclude<FieldLength, 'FIXED'>, LengthPrefix>>;
}

export type WireProfileName = 'A' | 'B' | 'C';

/**
 * The profiles are close to, and not certified against, what the networks use; their manuals are not public.
 *  A: ASCII throughout, bitmaps and binary data as hex digits.
 *  B: BASE I style. Digits packed, text EBCDIC, bitmaps and binary data as bytes, lengths in one byte that
 *     counts digits where digits are packed and bytes otherwise; in two bytes for the long elements of 2003.
 *  C: Mastercard CIS style. EBCDIC throughout, bitmaps and binary data as bytes.
 */
export const WIRE_PROFILES: Readonly<Record<WireProfileName, WireProfile>> = {
  A: {
    mti: digitsOf(ASCII),
    bitmap: HEX_TEXT,
    content: { n: digitsOf(ASCII), an: ASCII, ans: ASCII, z: ASCII, b: HEX_TEXT },
    prefix: { LL: decimalPrefix(ASCII, 2), LLL: decimalPrefix(ASCII, 3), LLLL: decimalPrefix(ASCII, 4) },
  },
  B: {
    mti: BCD,
    bitmap: BINARY,
    content: { n: BCD, an: EBCDIC, ans: EBCDIC, z: PACKED_TRACK, b: BINARY },
    prefix: { LL: binaryPrefix(1), LLL: binaryPrefix(1), LLLL: binaryPrefix(2) },
  },
  C: {
    mti: digitsOf(EBCDIC),
    bitmap: BINARY,
    content: { n: digitsOf(EBCDIC), an: EBCDIC, ans: EBCDIC, z: EBCDIC, b: BINARY },
    prefix: { LL: decimalPrefix(EBCDIC, 2), LLL: decimalPrefix(EBCDIC, 3), LLLL: decimalPrefix(EBCDIC, 4) },
  },
};
