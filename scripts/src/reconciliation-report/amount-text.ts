import { toDecimalText } from '@payments/domain';

/** Every place after which a comma stands in a whole number. */
const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/**
 * An amount with the decimals of its currency, in groups of three: `1,234.56`.
 *
 * @param minorUnits as text
 * @throws UnknownCurrencyError
 */
export function groupedAmount(minorUnits: string, currency: string): string {
  const [whole = '', decimals] = toDecimalText({ minorUnits: BigInt(minorUnits), currency }).split('.');
  const grouped = whole.replace(THOUSANDS, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** A whole number in groups of three. */
export function groupedCount(count: number): string {
  return count.toLocaleString('en-GB');
}
