import countries from 'i18n-iso-countries/index.js';
import type { Countries } from '../ports.ts';

/** The countries of the library `i18n-iso-countries`, without its names in eighty languages. */
export class Iso3166Countries implements Countries {
  alpha2Of(alpha3: string): string | undefined {
    return countries.alpha3ToAlpha2(alpha3);
  }
}
