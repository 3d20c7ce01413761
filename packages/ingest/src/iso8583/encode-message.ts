import type { FieldSpec } from './field-table.ts';
import { hexFromBytes } from './hex.ts';
import type { Iso8583Message } from './message.ts';
import { MessageWriter } from './message-bytes.ts';
import { fieldTableFor } from './versions.ts';
import { WIRE_PROFILES, type WireProfile, type WireProfileName } from './wire-profiles.ts';

const BITMAP_BITS = 64;
const HIGHEST_ELEMENT = 128;
const DIGITS = /^\d*$/;
const TRACK = /^[0-9A-F=]*$/;
const HEX_BYTES = /^([0-9A-F]{2})*$/;

/**
 * Encodes a message; what it gives, `decodeMessage` takes back to the same values.
 *
 * @returns upper-case hex
 * @throws Iso8583FormatError BAD_VALUE for a value that its element cannot hold, UNKNOWN_ELEMENT,
 *   UNSUPPORTED_VERSION
 */
export function encodeMessage(message: Iso8583Message, profileName: WireProfileName): string {
  const profile = WIRE_PROFILES[profileName];
  const writer = new MessageWriter();
  const fields = fieldTableFor(message.mti);
  if (fields === undefined) throw writer.fault('UNSUPPORTED_VERSION');
  if (message.mti.length !== 4 || !DIGITS.test(message.mti)) throw writer.fault('BAD_VALUE');
  profile.mti.write(writer, message.mti);

  const numbers = [...message.elements.keys()].sort((left, right) => left - right);
  writeBitmaps(writer, numbers, profile);
  for (const number of numbers) {
    writer.part = number;
    const field = fields.get(number);
    const value = message.elements.get(number);
    if (field === undefined || value === undefined) throw writer.fault('UNKNOWN_ELEMENT');
    writeElement(writer, field, value, profile);
  }
  return hexFromBytes(writer.bytes);
}

function writeBitmaps(writer: MessageWriter, numbers: readonly number[], profile: WireProfile): void {
  writer.part = 'BITMAP';
  const hasSecond = numbers.some((number) => number > BITMAP_BITS);
  const bits = hasSecond ? [1, ...numbers] : numbers;
  const bytes = new Uint8Array((hasSecond ? HIGHEST_ELEMENT : BITMAP_BITS) / 8);
  for (const number of bits) {
    const index = (number - 1) >> 3;
    bytes[index] = (bytes[index] ?? 0) | (128 >> ((number - 1) & 7));
  }
  profile.bitmap.write(writer, hexFromBytes(bytes));
}

function writeElement(writer: MessageWriter, field: FieldSpec, value: string, profile: WireProfile): void {
  if (field.type === 'n' && !DIGITS.test(value)) throw writer.fault('BAD_VALUE');
  // A packed profile refuses the separator "=" itself: its own is the nibble D.
  if (field.type === 'z' && !TRACK.test(value)) throw writer.fault('BAD_VALUE');
  if (field.type === 'b' && !HEX_BYTES.test(value)) throw writer.fault('BAD_VALUE');
  const length = field.type === 'b' ? value.length / 2 : value.length;
  if (field.length === 'FIXED') {
    if (length !== field.max) throw writer.fault('BAD_VALUE');
  } else {
    const prefix = profile.prefix[field.length];
    if (length > Math.min(field.max, prefix.max)) throw writer.fault('BAD_VALUE');
    prefix.write(writer, length);
  }
  profile.content[field.type].write(writer, value);
}
