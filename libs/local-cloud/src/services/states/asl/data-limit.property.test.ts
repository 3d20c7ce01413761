import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DATA_BYTES_MAX, isTextTooLarge, isTooLarge } from './data-limit.ts';

describe('the size limit of data', () => {
  it('says the same of a value as of its text, however its bytes are made up', () => {
    const character = fc.constantFrom('a', 'é', '€', '😀', '"', '\\', '\u0000', '\n');
    const filler = fc.tuple(character, fc.integer({ min: 1, max: DATA_BYTES_MAX + 10 }));
    fc.assert(
      fc.property(filler, fc.jsonValue(), ([text, bytes], other) => {
        const value = { filler: text.repeat(Math.floor(bytes / Buffer.byteLength(text))), other };
        const normal = JSON.parse(JSON.stringify(value));
        expect(isTooLarge(normal)).toBe(Buffer.byteLength(JSON.stringify(normal)) > DATA_BYTES_MAX);
      }),
      { numRuns: 200 },
    );
  });

  it('says it of many small values too', () => {
    const numbers = (count: number) => Array.from({ length: count }, () => -1.5e-7);
    expect(isTooLarge(numbers(20_000))).toBe(false);
    expect(isTooLarge(numbers(60_000))).toBe(true);
    expect(isTooLarge(Array.from({ length: DATA_BYTES_MAX / 2 }, () => 1))).toBe(true);
    expect(isTooLarge(Array.from({ length: DATA_BYTES_MAX / 2 - 1 }, () => 1))).toBe(false);
  });

  it('takes exactly the limit', () => {
    expect(isTextTooLarge('x'.repeat(DATA_BYTES_MAX))).toBe(false);
    expect(isTextTooLarge('x'.repeat(DATA_BYTES_MAX + 1))).toBe(true);
    expect(isTextTooLarge('é'.repeat(DATA_BYTES_MAX / 2 + 1))).toBe(true);
  });
});
