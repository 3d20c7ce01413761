import { digitsOf, type Encoding } from './encodings.ts';
import type { MessageReader, MessageWriter } from './message-bytes.ts';

/** How an element of variable length says how long it is. */
export interface LengthPrefix {
  /** The longest length that the prefix can say. */
  readonly max: number;
  /** @throws Iso8583FormatError */
  readonly read: (reader: MessageReader) => number;
  readonly write: (writer: MessageWriter, length: number) => void;
}

/** The length as so many decimal digits of a text encoding. */
export function decimalPrefix(text: Encoding, digits: number): LengthPrefix {
  const encoding = digitsOf(text);
  return {
    max: 10 ** digits - 1,
    read(reader) {
      const value = text.read(reader, digits);
      if (!/^\d+$/.test(value)) throw reader.fault('BAD_LENGTH', digits);
      return Number(value);
    },
    write: (writer, length) => encoding.write(writer, String(length).padStart(digits, '0')),
  };
}

/** The length as one binary byte. */
export const BYTE_PREFIX: LengthPrefix = {
  max: 255,
  read: (reader) => reader.take(1)[0] ?? 0,
  write: (writer, length) => writer.push(length),
};
