import { Iso8583FormatError } from '../errors.ts';

const NOT_HEX = 255;
const HEX_DIGITS = '0123456789ABCDEF';

/** The value of a hex digit by its character code; 255 for any other character. */
const NIBBLES = new Uint8Array(256).fill(NOT_HEX);
for (let value = 0; value < 16; value += 1) {
  NIBBLES[HEX_DIGITS.charCodeAt(value)] = value;
  NIBBLES[HEX_DIGITS.toLowerCase().charCodeAt(value)] = value;
}

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
);

/** The value of a hex digit, or undefined when the character code is none. */
export function nibbleOf(characterCode: number): number | undefined {
  const nibble = NIBBLES[characterCode];
  return nibble === NOT_HEX ? undefined : nibble;
}

/** Two upper-case hex digits. */
export function hexOf(byte: number): string {
  return PAIRS[byte] ?? '';
}

/** @throws Iso8583FormatError ODD_HEX, BAD_HEX */
export function bytesFromHex(hex: string): Uint8Array {
  const length = hex.length >> 1;
  if (hex.length % 2 === 1) throw new Iso8583FormatError('ODD_HEX', 'MESSAGE', length);
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const high = nibbleOf(hex.charCodeAt(index * 2));
    const low = nibbleOf(hex.charCodeAt(index * 2 + 1));
    if (high === undefined || low === undefined) throw new Iso8583FormatError('BAD_HEX', 'MESSAGE', index);
    bytes[index] = (high << 4) | low;
  }
  return bytes;
}

/** Upper-case hex. */
export function hexFromBytes(bytes: ArrayLike<number>): string {
  let hex = '';
  for (let index = 0; index < bytes.length; index += 1) hex += hexOf(bytes[index] ?? 0);
  return hex;
}
