import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { passesLuhn } from '@payments/schemas';
import fc from 'fast-check';
import { visaCard } from '../reading.fixture.ts';
import { randomToken } from './card-token.ts';

const cardNumbers = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 19 });

describe('a token', () => {
  it('has the length and the last four digits of its card, begins with 9, and is no card number', () => {
    fc.assert(
      fc.property(cardNumbers, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (cardNumber, bytes) => {
        // Any bytes will do, but a source that gives only bytes above 249 gives no digit at all.
        const source = (length: number) =>
          Uint8Array.from([...bytes.take(length)].map((byte, index) => (index === 0 ? byte % 250 : byte)));
        const token = randomToken(cardNumber, source);
        expect(token).toHaveLength(cardNumber.length);
        expect(token.charAt(0)).toBe('9');
        expect(token.slice(-4)).toBe(cardNumber.slice(-4));
        expect(passesLuhn(token)).toBe(false);
      }),
    );
  });

  it('says nothing of the digits between: those of one card are all over the place', () => {
    const tokens = Array.from({ length: 500 }, () => randomToken(visaCard, randomBytes));
    expect(new Set(tokens).size).toBe(tokens.length);
    for (let place = 1; place < 12; place += 1)
      expect(new Set(tokens.map((token) => token.charAt(place))).size).toBe(10);
  });
});
