import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ibanOf, isIban } from './iban.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const country = fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 2 });
const account = fc.string({
  unit: fc.constantFrom(...letters, ...'0123456789'),
  minLength: 11,
  maxLength: 30,
});

describe('an IBAN', () => {
  it.each([
    // The registry's own examples.
    'GB29NWBK60161331926819',
    'IE29AIBK93115212345678',
    'DE89370400440532013000',
    'NL91ABNA0417164300',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])('%s is right', (iban) => {
    expect(isIban(iban)).toBe(true);
    expect(ibanOf(iban.slice(0, 2), iban.slice(4))).toBe(iban);
  });

  it.each([
    ['with other check digits', 'GB30NWBK60161331926819'],
    ['with blanks', 'GB29 NWBK 6016 1331 9268 19'],
    ['in small letters', 'gb29nwbk60161331926819'],
    ['without a country', '29NWBK60161331926819'],
    ['too short', 'NO93860111179'],
    ['of nothing', ''],
  ])('%s is wrong', (_what, text) => {
    expect(isIban(text)).toBe(false);
  });

  it('is right as it is made, and wrong with two check digits of the same remainder', () => {
    fc.assert(
      fc.property(country, account, (where, number) => {
        const iban = ibanOf(where, number);
        expect(isIban(iban)).toBe(true);
        const check = Number(iban.slice(2, 4));
        for (const other of [check - 97, check + 97].filter((each) => each >= 0 && each <= 99))
          expect(isIban(`${where}${String(other).padStart(2, '0')}${number}`)).toBe(false);
      }),
    );
  });

  it('shows any one wrong digit or letter, and two neighbouring ones that change places', () => {
    fc.assert(
      fc.property(
        country,
        account,
        fc.nat(),
        fc.constantFrom(...letters, ...'0123456789'),
        (where, number, at, other) => {
          const iban = ibanOf(where, number);
          const place = 4 + (at % number.length);
          const before = iban.charAt(place);
          if (other !== before && /\d/.test(other) === /\d/.test(before))
            expect(isIban(iban.slice(0, place) + other + iban.slice(place + 1))).toBe(false);
          const next = iban.charAt(place + 1);
          if (next !== '' && next !== before && /\d/.test(next) === /\d/.test(before))
            expect(isIban(iban.slice(0, place) + next + before + iban.slice(place + 2))).toBe(false);
        },
      ),
    );
  });
});
