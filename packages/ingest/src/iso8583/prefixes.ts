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

/** The length as so many binary bytes, the highest first. */
export function binaryPrefix(bytes: number): LengthPrefix {
  return {
    max: 256 ** bytes - 1,
    read(reader) {
      let length = 0;
      for (const byte of reader.take(bytes)) length = length * 256 + byte;
      return length;
    },
    write(writer, length) {
      for (let index = bytes - 1; index >= 0; index -= 1)
        writer.push(Math.floor(length / 256 ** index) % 256);
    },
  };
}
