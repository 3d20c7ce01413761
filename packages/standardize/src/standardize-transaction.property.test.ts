import { describe, expect, it } from '@jest/globals';
import { explainProblem } from '@payments/schemas';
import { TransactionStandardizedRecord } from '@payments/schemas/closed/transaction-standardized';
import { TransactionAuthorizedRecord as accepts } from '@payments/schemas/open/transaction-authorized';
import fc from 'fast-check';
import { anyAuthorized } from './any-authorized.fixture.ts';
import { standardizeTransaction } from './standardize-transaction.ts';

describe('whatever is authorized', () => {
  it('becomes a document that the closed contract takes', () => {
    fc.assert(
      fc.property(anyAuthorized, (input) => {
        expect(accepts(input) || explainProblem(accepts)).toBe(true);
        const output = standardizeTransaction(input);
        expect(TransactionStandardizedRecord(output) || explainProblem(TransactionStandardizedRecord)).toBe(
          true,
        );
      }),
    );
  });

  it('becomes the same document again, and leaves its input alone', () => {
    fc.assert(
      fc.property(anyAuthorized, (input) => {
        const before = structuredClone(input);
        const first = standardizeTransaction(input);
        expect(standardizeTransaction(structuredClone(input))).toEqual(first);
        expect(input).toEqual(before);
      }),
    );
  });
});
