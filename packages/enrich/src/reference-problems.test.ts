import { describe, expect, it } from '@jest/globals';
import type { Account, Product, ReferenceData } from '@payments/schemas';
import { referenceDataWith } from './reference-data.fixture.ts';
import { checkReferenceData, referenceProblems } from './reference-problems.ts';

const data = referenceDataWith();
const [account] = data.accounts as [Account];
const [product] = data.products as [Product];
const [card] = data.cards;

const withProduct = (changes: Partial<Product>) => ({ products: [{ ...product, ...changes }] });
const withAccount = (changes: Partial<Account>) => ({ accounts: [{ ...account, ...changes }] });

describe('reference data', () => {
  it('that agrees with itself has no problem', () => {
    expect(referenceProblems(data, { accountSets: ['STANDARD'] })).toEqual([]);
  });

  it.each<[string, Partial<ReferenceData>, ...string[]]>([
    ['a version that means another', { version: 'CURRENT' }, 'version: CURRENT is no name for a version'],
    ['a row twice', { accounts: [account, account] }, 'accounts: ACCOUNT#ACC-0001 is there twice'],
    ['a rate twice', { rates: [...data.rates, ...data.rates] }, 'rates: RATE#USD#GBP is there twice'],
    [
      'a card of no account',
      { cards: [{ token: '9208948425451111', status: 'ACTIVE', accountId: 'ACC-0009' }] },
      'card 9208948425451111: accountId: there is no account ACC-0009',
    ],
    [
      'an account of no product',
      withAccount({ productCode: 'SAVINGS' }),
      'account ACC-0001: productCode: there is no product SAVINGS',
    ],
    [
      'an account in no currency',
      withAccount({ currency: 'ZZZ' }),
      'account ACC-0001: currency: ZZZ is no currency of ISO 4217',
      'product CURRENT_STANDARD: cashFeeMinimum: it is in GBP, account ACC-0001 of the product in ZZZ',
    ],
    [
      'an IBAN of another country',
      withAccount({ country: 'FR' }),
      'account ACC-0001: iban: it is of GB, the account of FR',
    ],
    [
      'an IBAN of another branch',
      withAccount({ sortCode: '40-12-08' }),
      'account ACC-0001: iban: it says another sort code or account number than the account',
    ],
    [
      'an IBAN of another number',
      withAccount({ number: '31926848' }),
      'account ACC-0001: iban: it says another sort code or account number than the account',
    ],
    [
      'a fee in a currency that no account of the product has',
      withProduct({ cashFeeMinimum: { minorUnits: '300', currency: 'EUR' } }),
      'product CURRENT_STANDARD: cashFeeMinimum: it is in EUR, account ACC-0001 of the product in GBP',
    ],
    [
      'a limit in such a currency',
      withProduct({ transactionLimit: { minorUnits: '100', currency: 'USD' } }),
      'product CURRENT_STANDARD: transactionLimit: it is in USD, account ACC-0001 of the product in GBP',
    ],
    [
      'a limit of nothing',
      withProduct({ transactionLimit: { minorUnits: '0', currency: 'GBP' } }),
      'product CURRENT_STANDARD: transactionLimit: a limit of nothing refuses every transaction',
    ],
    [
      'a tax of no fee',
      withProduct({ taxableFees: [] }),
      'product CURRENT_STANDARD: taxBasisPoints: there is a tax, and no fee in taxableFees that it is of',
    ],
    [
      'a mark-up to give back that nobody takes',
      withProduct({ refundFxMarkup: true, fxMarkupBasisPoints: 0 }),
      'product CURRENT_STANDARD: refundFxMarkup: there is no mark-up in fxMarkupBasisPoints to give back',
    ],
    [
      'an account set that there is not',
      withProduct({ accountSet: 'PREMIUM' }),
      'product CURRENT_STANDARD: accountSet: there is no set PREMIUM; there is: STANDARD',
    ],
    [
      'a rate between one currency',
      { rates: [{ from: 'GBP', to: 'GBP', rate: { digits: '1', scale: 0 }, date: '2026-11-15' }] },
      'rate GBP to GBP: from and to are the same',
    ],
    [
      'a rate of no currency',
      { rates: [{ from: 'QQQ', to: 'GBP', rate: { digits: '1', scale: 0 }, date: '2026-11-15' }] },
      'rate QQQ to GBP: from: QQQ is no currency of ISO 4217',
    ],
  ])('with %s is refused, by row and member', (_what, changes, ...problems) => {
    expect(referenceProblems(referenceDataWith(changes), { accountSets: ['STANDARD'] })).toEqual(problems);
  });

  it('may lack what no account or card needs', () => {
    expect(referenceProblems(referenceDataWith({ cards: [], rates: [], merchantCategories: [] }))).toEqual(
      [],
    );
    const unused: Product = {
      ...product,
      code: 'EURO',
      cashFeeMinimum: { minorUnits: '1', currency: 'EUR' },
    };
    expect(referenceProblems(referenceDataWith({ products: [product, unused] }))).toEqual([]);
    expect(referenceProblems(referenceDataWith(withProduct({ taxBasisPoints: 0, taxableFees: [] })))).toEqual(
      [],
    );
    expect(referenceProblems(referenceDataWith(withProduct({ accountSet: 'ELSEWHERE' })))).toEqual([]);
  });

  it('is refused with everything that is wrong with it', () => {
    const wrong = referenceDataWith({
      version: 'v9',
      accounts: [],
      cards: card === undefined ? [] : [card, card],
    });
    expect(() => checkReferenceData(wrong)).toThrow(
      expect.objectContaining({
        code: 'REFERENCE_DATA_REFUSED',
        retryable: false,
        problems: expect.arrayContaining([
          'cards: CARD#9208948425451111 is there twice',
          'card 9208948425451111: accountId: there is no account ACC-0001',
        ]),
        message: expect.stringContaining('the reference data v9 cannot be used:\n  cards: CARD#'),
      }),
    );
    expect(() => checkReferenceData(data)).not.toThrow();
  });
});
