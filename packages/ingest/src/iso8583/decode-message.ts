import { Iso8583FormatError } from '../errors.ts';
import type { FieldSpec } from './field-table.ts';
import { bytesFromHex, nibbleOf } from './hex.ts';
import type { Iso8583Message } from './message.ts';
import { MessageReader } from './message-bytes.ts';
import { fieldTableFor } from './versions.ts';
import { WIRE_PROFILES, type WireProfile, type WireProfileName } from './wire-profiles.ts';

const MTI_DIGITS = 4;
const BITMAP_BYTES = 8;
const BITMAP_BITS = 64;

/** What is told of a message while it is read, part by part and in order. */
export interface MessageVisitor {
  readonly mti: (mti: string) => void;
  /** An element is about to be read: its first byte, counted from the start of the message. */
  readonly begins?: (number: number, byteOffset: number) => void;
  readonly element: (number: number, value: string) => void;
}

/**
 * Decodes a message. Every byte must be accounted for: what is cut short or has bytes left over is refused.
 *
 * @param hex the bytes in hex, without a network header
 * @throws Iso8583FormatError and nothing else
 */
export function decodeMessage(hex: string, profileName: WireProfileName): Iso8583Message {
  const elements = new Map<number, string>();
  let mti = '';
  readMessage(bytesFromHex(hex), profileName, {
    mti: (value) => {
      mti = value;
    },
    element: (number, value) => elements.set(number, value),
  });
  return { mti, elements };
}

/**
 * Reads a message and tells of each part once it was read; what came before a fault has been told.
 *
 * @throws Iso8583FormatError and nothing else
 */
export function readMessage(bytes: Uint8Array, profileName: WireProfileName, visitor: MessageVisitor): void {
  const profile = WIRE_PROFILES[profileName];
  const reader = new MessageReader(bytes);
  const mti = profile.mti.read(reader, MTI_DIGITS);
  const fields = fieldTableFor(mti);
  if (fields === undefined) throw new Iso8583FormatError('UNSUPPORTED_VERSION', 'MTI', 0);
  visitor.mti(mti);
  for (const number of readBitmaps(reader, profile)) {
    reader.part = number;
    visitor.begins?.(number, reader.offset);
    const field = fields.get(number);
    if (field === undefined) throw reader.fault('UNKNOWN_ELEMENT');
    visitor.element(number, readElement(reader, field, profile));
  }
  reader.part = 'MESSAGE';
  if (!reader.isAtEnd) throw reader.fault('TRAILING_BYTES');
}

/** The numbers of the elements that follow, in order; bit 1 says that there is a second bitmap. */
function readBitmaps(reader: MessageReader, profile: WireProfile): number[] {
  reader.part = 'BITMAP';
  const numbers = bitsOf(profile.bitmap.read(reader, BITMAP_BYTES), 0);
  if (numbers[0] !== 1) return numbers;
  return [...numbers.slice(1), ...bitsOf(profile.bitmap.read(reader, BITMAP_BYTES), BITMAP_BITS)];
}

function bitsOf(bitmapHex: string, before: number): number[] {
  const numbers: number[] = [];
  for (let index = 0; index < bitmapHex.length; index += 1) {
    const nibble = nibbleOf(bitmapHex.charCodeAt(index)) ?? 0;
    for (let bit = 0; bit < 4; bit += 1)
      if ((nibble & (8 >> bit)) !== 0) numbers.push(before + index * 4 + bit + 1);
  }
  return numbers;
}

function readElement(reader: MessageReader, field: FieldSpec, profile: WireProfile): string {
  const encoding = profile.content[field.type];
  if (field.length === 'FIXED') return encoding.read(reader, field.max);
  const length = profile.prefix[field.length].read(reader);
  if (length > field.max) throw reader.fault('BAD_LENGTH');
  return encoding.read(reader, length);
}
