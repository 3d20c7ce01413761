import { currencyOf, UnknownCurrencyError } from '@payments/domain';
import type { Account, Product, ReferenceData } from '@payments/schemas';
import { ReferenceDataRefusedError } from './errors.ts';
import { type KeyedRow, keyedRows, REFERENCE_SETS } from './reference-sets.ts';

/** What a version may not be called: enrich is told by this word to read the current one. */
const RESERVED_VERSION = 'CURRENT';

/** In these countries an IBAN is bank, sort code and account number: after four letters, six and eight digits. */
const SORT_CODE_COUNTRIES: ReadonlySet<string> = new Set(['GB', 'IE']);
const SORT_CODE_AT = 8;

/** What lies outside the file that it refers to. */
export interface ReferenceSurroundings {
  /** The sets of the bank's own accounts that products may post against; not looked at when absent. */
  readonly accountSets?: readonly string[] | undefined;
}

/**
 * What is wrong with reference data that its contract cannot say: rows that come twice, refer to what is not there,
 * or contradict themselves or each other.
 *
 * @param data valid by its contract
 * @returns a sentence for each problem, naming row and member; none when it can be loaded
 */
export function referenceProblems(data: ReferenceData, surroundings: ReferenceSurroundings = {}): string[] {
  return [
    ...(data.version === RESERVED_VERSION ? [`version: ${RESERVED_VERSION} is no name for a version`] : []),
    ...REFERENCE_SETS.flatMap((set) =>
      repeated(keyedRows(data, set)).map((key) => `${set}: ${key} is there twice`),
    ),
    ...cardProblems(data),
    ...data.accounts.flatMap((account) => accountProblems(account, data.products)),
    ...data.products.flatMap((product) => productProblems(product, data.accounts, surroundings)),
    ...data.rates.flatMap(({ from, to }) => {
      const name = `rate ${from} to ${to}`;
      const same = from === to ? [`${name}: from and to are the same`] : [];
      return [...same, ...currencyProblems(`${name}: from`, from), ...currencyProblems(`${name}: to`, to)];
    }),
  ];
}

/**
 * Refuses reference data that contradicts itself.
 *
 * @throws ReferenceDataRefusedError with everything that is wrong
 */
export function checkReferenceData(data: ReferenceData, surroundings?: ReferenceSurroundings): void {
  const problems = referenceProblems(data, surroundings);
  if (problems.length > 0) throw new ReferenceDataRefusedError(data.version, problems);
}

function repeated(rows: readonly KeyedRow[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { key } of rows) (seen.has(key) ? twice : seen).add(key);
  return [...twice];
}

function cardProblems({ cards, accounts }: ReferenceData): string[] {
  const known = new Set(accounts.map(({ accountId }) => accountId));
  return cards.flatMap(({ token, accountId }) =>
    known.has(accountId) ? [] : [`card ${token}: accountId: there is no account ${accountId}`],
  );
}

function accountProblems(account: Account, products: readonly Product[]): string[] {
  const name = `account ${account.accountId}`;
  const { iban, country, sortCode, number, productCode } = account;
  const problems = currencyProblems(`${name}: currency`, account.currency);
  if (!products.some(({ code }) => code === productCode))
    problems.push(`${name}: productCode: there is no product ${productCode}`);
  if (iban === undefined) return problems;
  const ibanCountry = iban.slice(0, 2);
  if (country !== undefined && country !== ibanCountry)
    problems.push(`${name}: iban: it is of ${ibanCountry}, the account of ${country}`);
  const says = sortCode.replaceAll('-', '') + (number ?? '');
  if (SORT_CODE_COUNTRIES.has(ibanCountry) && !iban.slice(SORT_CODE_AT).startsWith(says))
    problems.push(`${name}: iban: it says another sort code or account number than the account`);
  return problems;
}

function productProblems(
  product: Product,
  accounts: readonly Account[],
  { accountSets }: ReferenceSurroundings,
): string[] {
  const name = `product ${product.code}`;
  const problems = [
    ...moneyProblems(product, 'cashFeeMinimum', accounts),
    ...moneyProblems(product, 'transactionLimit', accounts),
  ];
  if (product.taxBasisPoints > 0 && product.taxableFees.length === 0)
    problems.push(`${name}: taxBasisPoints: there is a tax, and no fee in taxableFees that it is of`);
  if (product.refundFxMarkup && product.fxMarkupBasisPoints === 0)
    problems.push(`${name}: refundFxMarkup: there is no mark-up in fxMarkupBasisPoints to give back`);
  if (product.transactionLimit?.minorUnits === '0')
    problems.push(`${name}: transactionLimit: a limit of nothing refuses every transaction`);
  if (accountSets !== undefined && !accountSets.includes(product.accountSet))
    problems.push(
      `${name}: accountSet: there is no set ${product.accountSet}; there is: ${accountSets.join(', ')}`,
    );
  return problems;
}

/** Money of a product is compared with what its accounts are billed, so it has their currency. */
function moneyProblems(
  product: Product,
  member: 'cashFeeMinimum' | 'transactionLimit',
  accounts: readonly Account[],
): string[] {
  const currency = product[member]?.currency;
  if (currency === undefined) return [];
  const name = `product ${product.code}: ${member}`;
  const other = accounts.find(
    (account) => account.productCode === product.code && account.currency !== currency,
  );
  const mixed =
    other === undefined
      ? []
      : [`${name}: it is in ${currency}, account ${other.accountId} of the product in ${other.currency}`];
  return [...currencyProblems(name, currency), ...mixed];
}

function currencyProblems(name: string, currency: string): string[] {
  try {
    currencyOf(currency);
    return [];
  } catch (error) {
    if (!(error instanceof UnknownCurrencyError)) throw error;
    return [`${name}: ${error.message}`];
  }
}
