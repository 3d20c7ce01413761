import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Iso8583FormatError } from '../errors.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import type { FieldSpec } from './field-table.ts';
import { FIELDS_1987 } from './fields-1987.ts';
import { FIELDS_1993 } from './fields-1993.ts';
import { FIELDS_2003 } from './fields-2003.ts';
import type { Iso8583Message } from './message.ts';
import { WIRE_PROFILES, type WireProfileName } from './wire-profiles.ts';

/** Long enough to need three digits of a prefix, short enough for a fast test. */
const LONGEST = 120;
const DIGIT = fc.constantFrom(...'0123456789');
const LATIN1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const CHARACTERS = {
  n: DIGIT,
  an: LATIN1,
  ans: LATIN1,
  z: fc.constantFrom(...'0123456789D'),
  b: fc.integer({ min: 0, max: 255 }).map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')),
};

function valuesFor(field: FieldSpec): fc.Arbitrary<string> {
  const maxLength = field.length === 'FIXED' ? field.max : Math.min(field.max, LONGEST);
  const minLength = field.length === 'FIXED' ? field.max : 0;
  return fc.string({ unit: CHARACTERS[field.type], minLength, maxLength });
}

const messages: fc.Arbitrary<Iso8583Message> = fc
  .constantFrom(
    { version: '0', fields: FIELDS_1987 },
    { version: '1', fields: FIELDS_1993 },
    { version: '2', fields: FIELDS_2003 },
  )
  .chain(({ version, fields }) =>
    fc.record({
      mti: fc.string({ unit: DIGIT, minLength: 3, maxLength: 3 }).map((rest) => version + rest),
      elements: fc
        .uniqueArray(fc.constantFrom(...fields.keys()), { maxLength: 25 })
        .chain((numbers) =>
          fc.tuple(
            ...numbers
              .sort((left, right) => left - right)
              .map((number) => {
                const field = fields.get(number);
                if (field === undefined) throw new Error('the table lacks its own key');
                return valuesFor(field).map((value) => [number, value] as const);
              }),
          ),
        )
        .map((entries) => new Map(entries)),
    }),
  );
const profiles = fc.constantFrom(...(Object.keys(WIRE_PROFILES) as WireProfileName[]));

/** The error that decoding ends with; anything but a format error fails the test. */
function faultOf(hex: string, profile: WireProfileName): Iso8583FormatError | undefined {
  try {
    decodeMessage(hex, profile);
    return undefined;
  } catch (error) {
    if (error instanceof Iso8583FormatError) return error;
    throw error;
  }
}

describe('the codec', () => {
  it('decodes what it encodes to the same message', () => {
    fc.assert(
      fc.property(messages, profiles, (message, profile) => {
        const decoded = decodeMessage(encodeMessage(message, profile), profile);
        expect(decoded).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every truncation of a message, and every message with bytes left over', () => {
    fc.assert(
      fc.property(
        messages,
        profiles,
        fc.nat(),
        fc.constantFrom('0', '00', 'F0'),
        (message, profile, cut, rest) => {
          const hex = encodeMessage(message, profile);
          expect(faultOf(hex.slice(0, cut % hex.length), profile)).toBeDefined();
          expect(faultOf(hex + rest, profile)).toBeDefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends in a message or a format error for any text, and the error never tells the content', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFf') })),
        messages,
        profiles,
        fc.nat(),
        (noise, message, profile, position) => {
          faultOf(noise, profile);
          const hex = encodeMessage(message, profile);
          const at = position % hex.length;
          const fault = faultOf(hex.slice(0, at) + noise + hex.slice(at + noise.length), profile);
          if (fault !== undefined)
            expect(fault.message).toMatch(/^(DE\d{1,3}|MESSAGE|MTI|BITMAP) at byte \d+: [A-Z_0-9]+$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
