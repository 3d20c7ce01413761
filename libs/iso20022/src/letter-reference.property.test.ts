import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { letterReferenceOf } from './letter-reference.ts';

describe('a reference in letters', () => {
  it('has 28 of them, and leads back to its UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const reference = letterReferenceOf(uuid);
        expect(reference).toMatch(/^[A-Z]{28}$/);
        let number = 0n;
        for (const letter of reference) number = number * 26n + BigInt(letter.charCodeAt(0) - 65);
        expect(number.toString(16).padStart(32, '0')).toBe(uuid.replaceAll('-', ''));
      }),
    );
  });
});
