// The package's main entry registers country names in eighty languages; its index has the codes alone.
import countries from 'i18n-iso-countries/index.js';

/** ISO 3166 numeric to alpha-2: `826` is `GB`; undefined for a number that is no country. */
export function countryByNumber(numeric: string | undefined): string | undefined {
  return numeric === undefined ? undefined : countries.numericToAlpha2(numeric);
}

/** A country as cain carries it, alpha-2 or alpha-3, as alpha-2; undefined for one that there is not. */
export function countryByLetters(letters: string | undefined): string | undefined {
  if (letters === undefined) return undefined;
  return letters.length === 2 ? letters : countries.alpha3ToAlpha2(letters);
}
