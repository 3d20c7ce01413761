import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPanFree, passesLuhn, withoutPans } from './pan-free.ts';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const RUNS = { numRuns: 2000 };
const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });

/** 13 to 19 digits with the check digit that makes them pass. */
const luhnValid = digits(12, 18).map((payload) => `${payload}${checkDigitOf(payload, true)}`);
/** A token: as long as a card number, starts with 9, fails. */
const token = fc
  .tuple(digits(11, 17), fc.nat(8))
  .map(([payload, other]) => `9${payload}${checkDigitOf(`9${payload}`, false, other)}`);

/** The number in groups, with blanks or dashes between them. */
const grouped = (number: fc.Arbitrary<string>) =>
  fc
    .tuple(number, fc.array(fc.constantFrom('', '', ' ', '-'), { minLength: 18, maxLength: 18 }))
    .map(([text, separators]) =>
      [...text].map((digit, index) => (index === 0 ? digit : `${separators[index - 1]}${digit}`)).join(''),
    );

/** Anything that does not go on with the digits: it ends, or begins, with neither a digit nor what joins. */
const around = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'0123456789 -aF'), maxLength: 40 }),
  )
  .map((text) => text.replace(/\d+$|^\d+/g, ''));

describe('what looks like a card number', () => {
  it('is found in any text, with or without blanks and dashes', () => {
    fc.assert(
      fc.property(around, grouped(luhnValid), around, (before, number, after) => {
        // A UUID that the parts happen to make is the one thing that may hold such digits.
        fc.pre(!UUID.test(`${before}${number}${after}`));
        expect(isPanFree(`${before}${number}${after}`)).toBe(false);
      }),
      RUNS,
    );
  });

  it('is found beside other numbers', () => {
    fc.assert(
      fc.property(
        digits(1, 30),
        luhnValid,
        digits(1, 30),
        fc.constantFrom(' ', '-'),
        (before, number, after, joint) => {
          expect(isPanFree([before, number, after].join(joint))).toBe(false);
        },
      ),
      RUNS,
    );
  });

  it('is gone after it was replaced, and nothing but digits and what joins them was', () => {
    const unit = fc.constantFrom(...'0123456789 -aF*.');
    const text = fc.oneof(
      fc.string({ unit, maxLength: 120 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.tuple(around, grouped(luhnValid), around, fc.uuid(), around).map((parts) => parts.join('')),
      fc
        .array(fc.oneof(luhnValid, fc.uuid(), digits(1, 8)), { maxLength: 6 })
        .map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (original) => {
        const cleaned = withoutPans(original);
        expect(isPanFree(cleaned)).toBe(true);
        expect(cleaned).toHaveLength(original.length);
        expect(cleaned === original).toBe(isPanFree(original));
        for (let index = 0; index < original.length; index += 1)
          if (cleaned[index] !== original[index]) expect(original[index]).toMatch(/[\d -]/);
        expect(withoutPans(cleaned)).toBe(cleaned);
      }),
      RUNS,
    );
  });

  it('is no token and no UUID', () => {
    const quoted = (text: fc.Arbitrary<string>) =>
      fc.tuple(fc.constantFrom('', 'SEQUENCE ', '"'), text, fc.constantFrom('', ' LACKS 2', '"'));
    fc.assert(
      fc.property(fc.oneof(quoted(token), quoted(fc.uuid())), (parts) => {
        expect(isPanFree(parts.join(''))).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});

/** The digit after which Luhn passes, or one of the nine others. */
function checkDigitOf(payload: string, passing: boolean, other = 0): string {
  const candidates = [...'0123456789'].filter((digit) => passesLuhn(`${payload}${digit}`) === passing);
  return candidates[passing ? 0 : other] ?? '';
}
