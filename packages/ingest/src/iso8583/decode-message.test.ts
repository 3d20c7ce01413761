import { describe, expect, it } from '@jest/globals';
import { Iso8583FormatError } from '../errors.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { FIELDS_1987 } from './fields-1987.ts';
import type { WireProfileName } from './wire-profiles.ts';

function faultOf(hex: string, profile: WireProfileName) {
  try {
    decodeMessage(hex, profile);
  } catch (error) {
    if (error instanceof Iso8583FormatError)
      return { code: error.code, part: error.part, byteOffset: error.byteOffset };
    throw error;
  }
  return undefined;
}

const ascii = (text: string) =>
  [...text].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

describe('decoding', () => {
  it.each([
    ['hex of an odd length', 'A', '303', 'ODD_HEX', 'MESSAGE', 1],
    ['what is no hex', 'A', '30G0', 'BAD_HEX', 'MESSAGE', 1],
    ['nothing', 'A', '', 'CUT_SHORT', 'MTI', 0],
    ['an MTI with a letter', 'B', '010A', 'BAD_DIGIT', 'MTI', 1],
    ['a version that ISO reserves', 'B', '31000000000000000000', 'UNSUPPORTED_VERSION', 'MTI', 0],
    ['a bitmap cut short', 'B', '01002000', 'CUT_SHORT', 'BITMAP', 4],
    ['a bitmap that is no hex', 'A', ascii('010020000000000000Z0'), 'BAD_HEX', 'BITMAP', 18],
    ['a second bitmap cut short', 'B', '01008000000000000000', 'CUT_SHORT', 'BITMAP', 10],
    ['an element that no table has', 'B', `0100${'8000000000000000'.repeat(2)}`, 'UNKNOWN_ELEMENT', 65, 18],
    ['an element cut short', 'B', '010020000000000000000000', 'CUT_SHORT', 3, 12],
    ['a packed digit above nine', 'B', '01002000000000000000000A00', 'BAD_DIGIT', 3, 11],
    ['a pad nibble above nine', 'B', '01000000200000000000F826', 'BAD_DIGIT', 19, 10],
    ['a pad digit that is not zero', 'B', '010000002000000000001826', 'BAD_PADDING', 19, 10],
    ['a letter among digits', 'A', ascii('0100200000000000000000x000'), 'BAD_DIGIT', 3, 22],
    ['a length with a letter', 'A', ascii('010040000000000000001x4111'), 'BAD_LENGTH', 2, 20],
    ['a length over the maximum', 'A', ascii('0100400000000000000020'), 'BAD_LENGTH', 2, 22],
    ['bytes left over', 'B', '0100000000000000000000', 'TRAILING_BYTES', 'MESSAGE', 10],
  ] as const)('refuses %s', (_, profile, hex, code, part, byteOffset) => {
    expect(faultOf(hex, profile)).toEqual({ code, part, byteOffset });
  });

  it('takes hex in either case', () => {
    expect(decodeMessage('f0f1f0f00000000000000000', 'C').mti).toBe('0100');
  });

  it('reads an account identification of code page 500 with accents', () => {
    const message = { mti: '0100', elements: new Map([[43, 'CAFÉ À LA GARE'.padEnd(40)]]) };
    const hex = encodeMessage(message, 'C');
    expect(hex.slice(24, 32)).toBe('C3C1C671');
    expect(decodeMessage(hex, 'C')).toEqual(message);
  });
});

describe('encoding', () => {
  it.each([
    ['a number with a letter', 3, '00000A'],
    ['a fixed length that is not met', 3, '00000'],
    ['a length over the maximum', 2, '1'.repeat(20)],
    ['a character that no single byte has', 43, 'x€'.padEnd(40)],
    ['bytes that are no hex', 52, '00000000000000XX'],
    ['a length that the prefix of one byte cannot say', 48, ' '.repeat(256)],
    ['a separator that cannot be packed', 35, '1=2'],
  ])('refuses %s', (_, number, value) => {
    const message = { mti: '0100', elements: new Map([[number, value]]) };
    expect(() => encodeMessage(message, 'B')).toThrow(`DE${number} at byte 0: BAD_VALUE`);
  });

  it('refuses an element that the version lacks', () => {
    const message = { mti: '0100', elements: new Map([[65, '0']]) };
    expect(() => encodeMessage(message, 'A')).toThrow('UNKNOWN_ELEMENT');
  });
});

describe('the table of 1987', () => {
  it('has every element but the bitmaps', () => {
    const numbers = Array.from({ length: 127 }, (_, index) => index + 2).filter((number) => number !== 65);
    expect([...FIELDS_1987.keys()]).toEqual(numbers);
  });
});
