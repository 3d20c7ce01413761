import { describe, expect, it } from '@jest/globals';
import { enriched } from './enriched.fixture.ts';
import { observedPath, observedValues } from './observed-values.ts';

const observed = (path: string, differences: Parameters<typeof enriched>[0] = {}) =>
  observedValues(enriched(differences), [observedPath(path)])[0]?.value;

describe('what a rule looked at', () => {
  it.each([
    ['account.status', 'ACTIVE'],
    ['transaction.standIn', 'false'],
    ['transaction.billed', 'GBP 25.99'],
    ['product.taxBasisPoints', '2000'],
    ['transaction.reversal', '(none)'],
    ['transaction.reversal.full', '(none)'],
    ['merchant', '(present)'],
  ])('%s is told as %s', (path, value) => {
    expect(observed(path)).toBe(value);
  });

  it.each([
    'card.token',
    'card.lastFour',
    'account.holder',
    'account.accountId',
    'lifecycleId',
    'card',
    'account',
  ])('%s is never told, only that there is one', (path) => {
    expect(observed(path)).toBe('(withheld)');
  });

  it('is never told from the document, which holds the token', () => {
    expect(observed('document.AuthstnInitn.Card.PAN')).toBe('(withheld)');
  });

  it('is in one line and not longer than a text may be', () => {
    expect(observed('merchant.name', { merchant: { name: `A\nB${'C'.repeat(200)}` } })).toBe(
      `A B${'C'.repeat(137)}`,
    );
  });

  it('is not told where it looks like a card number', () => {
    // The published test number, as a product of chance in an amount or a name.
    const minorUnits = `4${'1'.repeat(15)}`;
    expect(
      observed('transaction.billed.minorUnits', { transaction: { billed: { minorUnits, currency: 'GBP' } } }),
    ).toBe('(withheld)');
  });
});
