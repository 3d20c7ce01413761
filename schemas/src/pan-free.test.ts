import { describe, expect, it } from '@jest/globals';
import { isPanFree, passesLuhn, withoutPans } from './pan-free.ts';

/** The usual published test numbers. */
const TEST_NUMBERS = ['4111111111111111', '5555555555554444', '6011111111111117', '378282246310005'];

describe('Luhn', () => {
  // Titles stand in reports, where a scan would find the numbers.
  it.each(TEST_NUMBERS)('holds for test number %# and fails with another last digit', (number) => {
    expect(passesLuhn(number)).toBe(true);
    expect(passesLuhn(number.replace(/.$/, (last) => String((Number(last) + 1) % 10)))).toBe(false);
  });
});

describe('what looks like a card number', () => {
  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '3782 822463 10005',
    'PAID WITH 4111111111111111 TODAY',
    'PAN4111111111111111X',
    // A number that stands beside it does not hide it.
    'ORDER 10 4111 1111 1111 1111',
    '4111111111111111 12',
    '2026-11-15 4111111111111111',
    // Nor does a UUID.
    '3f1a2b3c-0000-5000-8000-00000000abcd 4111111111111111',
  ])('is found in text %#', (text) => {
    expect(isPanFree(text)).toBe(false);
    expect(withoutPans(text)).not.toMatch(/4111 ?1111|8224/);
    expect(isPanFree(withoutPans(text))).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['CARD PURCHASE CORNER FOODS LONDON GB', 'no digits'],
    ['4111111111111112', 'a number that fails Luhn, as tokens do'],
    ['411111111111', 'a number that is too short'],
    ['41111111111111111111', 'a number that is too long'],
    ['4111.1111.1111.1111', 'other signs between digits'],
    ['4111 1111 1111 X 1111', 'something between digits'],
    ['12345678-0000-4000-8000-123456789010', 'a UUID, although some of its digits pass Luhn'],
    ['2026-11-15T10:15:01Z 2026-11-15', 'dates'],
  ])('is not %s: %s', (text) => {
    expect(isPanFree(text)).toBe(true);
    expect(withoutPans(text)).toBe(text);
  });

  it('is replaced sign by sign, and the rest stays', () => {
    expect(withoutPans('PAID WITH 4111 1111 1111 1111, THANKS')).toBe(
      'PAID WITH *******************, THANKS',
    );
  });
});
