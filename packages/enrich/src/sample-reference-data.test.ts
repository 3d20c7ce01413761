import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explainProblem, isPanFree } from '@payments/schemas';
import { ReferenceData } from '@payments/schemas/closed/reference-data';
import { referenceProblems } from './reference-problems.ts';

const text = readFileSync(new URL('../../../sample/reference-data.json', import.meta.url), 'utf8');
const sample: unknown = JSON.parse(text);
if (!ReferenceData(sample)) throw new Error(`sample/reference-data.json: ${explainProblem(ReferenceData)}`);

describe('the sample reference data', () => {
  it('contradicts itself nowhere', () => {
    expect(referenceProblems(sample)).toEqual([]);
  });

  it('has a number and an IBAN for every account, and no card numbers', () => {
    for (const account of sample.accounts)
      expect(account).toMatchObject({ number: expect.any(String), iban: expect.any(String) });
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
