import { CP500_TO_LATIN1, LATIN1_TO_CP500 } from './cp500.ts';
import { hexOf, nibbleOf } from './hex.ts';
import type { MessageReader, MessageWriter } from './message-bytes.ts';

/**
 * How characters stand in bytes. A length is in characters, and for binary data in bytes; its value is then
 * upper-case hex, two characters a byte.
 */
export interface Encoding {
  /** How many bytes so many characters take. */
  readonly bytesFor: (length: number) => number;
  /** @throws Iso8583FormatError */
  readonly read: (reader: MessageReader, length: number) => string;
  /** @throws Iso8583FormatError */
  readonly write: (writer: MessageWriter, value: string) => void;
}

const DIGIT_NINE = 9;
const LATIN1_MAX = 255;

function singleByteText(toLatin1: Uint8Array | undefined, fromLatin1: Uint8Array | undefined): Encoding {
  return {
    bytesFor: (length) => length,
    read(reader, length) {
      const bytes = reader.take(length);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(toLatin1?.[byte] ?? byte);
      return text;
    },
    write(writer, value) {
      for (let index = 0; index < value.length; index += 1) {
        const code = value.charCodeAt(index);
        if (code > LATIN1_MAX) throw writer.fault('BAD_VALUE');
        writer.push(fromLatin1?.[code] ?? code);
      }
    },
  };
}

/** One byte a character; bytes above 127 are taken as Latin-1, so that no byte is without a character. */
export const ASCII = singleByteText(undefined, undefined);

/** One byte a character, code page 500. */
export const EBCDIC = singleByteText(CP500_TO_LATIN1, LATIN1_TO_CP500);

/** Two characters a byte, with a zero nibble on the left of an odd length; `highest` is 9 for digits. */
function packed(highest: number): Encoding {
  return {
    bytesFor: (length) => (length + 1) >> 1,
    read(reader, length) {
      const bytes = reader.take((length + 1) >> 1);
      const padding = length % 2;
      let text = '';
      for (let index = 0; index < bytes.length; index += 1) {
        const byte = bytes[index] ?? 0;
        const bytesBack = bytes.length - index;
        if (byte >> 4 > highest || (byte & 15) > highest) throw reader.fault('BAD_DIGIT', bytesBack);
        if (index === 0 && padding === 1 && byte > 15) throw reader.fault('BAD_PADDING', bytesBack);
        text += hexOf(byte);
      }
      return padding === 0 ? text : text.slice(1);
    },
    write(writer, value) {
      const padded = value.length % 2 === 0 ? value : `0${value}`;
      for (let index = 0; index < padded.length; index += 2) {
        const high = nibbleOf(padded.charCodeAt(index));
        const low = nibbleOf(padded.charCodeAt(index + 1));
        if (high === undefined || low === undefined || high > highest || low > highest)
          throw writer.fault('BAD_VALUE');
        writer.push((high << 4) | low);
      }
    },
  };
}

/** Binary coded decimal: two digits a byte. */
export const BCD = packed(DIGIT_NINE);

/** Track data packed as its digits are, the separator as the nibble D. */
export const PACKED_TRACK = packed(15);

/** Bytes as they are. */
export const BINARY: Encoding = {
  bytesFor: (length) => length,
  read(reader, length) {
    let hex = '';
    for (const byte of reader.take(length)) hex += hexOf(byte);
    return hex;
  },
  write(writer, value) {
    PACKED_TRACK.write(writer, value);
  },
};

/** Bytes as two ASCII hex digits each; a length still counts bytes. */
export const HEX_TEXT: Encoding = {
  bytesFor: (length) => length * 2,
  read(reader, length) {
    const text = ASCII.read(reader, length * 2).toUpperCase();
    for (let index = 0; index < text.length; index += 1)
      if (nibbleOf(text.charCodeAt(index)) === undefined) throw reader.fault('BAD_HEX', text.length - index);
    return text;
  },
  write(writer, value) {
    ASCII.write(writer, value);
  },
};

/** Digits in one byte each: the text encoding, with anything but digits refused. */
export function digitsOf(text: Encoding): Encoding {
  return {
    bytesFor: text.bytesFor,
    read(reader, length) {
      const digits = text.read(reader, length);
      for (let index = 0; index < digits.length; index += 1) {
        const code = digits.charCodeAt(index);
        if (code < 48 || code > 57) throw reader.fault('BAD_DIGIT', digits.length - index);
      }
      return digits;
    },
    write: text.write,
  };
}
