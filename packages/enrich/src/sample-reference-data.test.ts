import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explainProblem, isPanFree } from '@payments/schemas';
import { ReferenceData } from '@payments/schemas/closed/reference-data';
import { referenceItems } from './adapters/reference-items.ts';

const text = readFileSync(new URL('../../../sample/reference-data.json', import.meta.url), 'utf8');
const sample: unknown = JSON.parse(text);
if (!ReferenceData(sample)) throw new Error(`sample/reference-data.json: ${explainProblem(ReferenceData)}`);

/** ISO 13616: the country and check digits moved to the end, letters as numbers, modulo 97. */
function ibanRemainder(iban: string): bigint {
  const moved = iban.slice(4) + iban.slice(0, 4);
  return BigInt([...moved].map((letter) => Number.parseInt(letter, 36)).join('')) % 97n;
}

describe('the sample reference data', () => {
  it('names every row once', () => {
    const keys = referenceItems(sample).map(({ id }) => id);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.at(-1)).toBe('VERSION');
  });

  it('has a product for every account, and account numbers that are right and no card numbers', () => {
    const products = new Set(sample.products.map(({ code }) => code));
    for (const { productCode, iban = '', sortCode, number = '' } of sample.accounts) {
      expect(products).toContain(productCode);
      expect(ibanRemainder(iban)).toBe(1n);
      expect(iban.slice(8)).toBe(sortCode.replaceAll('-', '') + number);
    }
    expect(isPanFree(text)).toBe(true);
  });

  it('tells cash machines from counters, and knows what the bank watches', () => {
    const categories = new Map(sample.merchantCategories.map((row) => [row.code, row]));
    expect(categories.get('6011')?.name).toBe('Automated cash disbursement');
    expect(categories.get('6010')?.name).toBe('Manual cash disbursement');
    expect(categories.get('7995')?.risk).toBe('WARNING');
    expect(categories.get('5411')?.risk).toBeUndefined();
  });
});
