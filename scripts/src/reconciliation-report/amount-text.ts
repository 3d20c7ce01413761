import { toDecimalText, UnknownCurrencyError } from '@payments/domain';

/** Every place after which a comma stands in a whole number. */
const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/**
 * An amount with the decimals of its currency, in groups of three: `1,234.56`. Of a currency that there is not, as damaged
 * rows may have, the minor units as they are.
 *
 * @param minorUnits as text
 */
export function groupedAmount(minorUnits: string, currency: string): string {
  const [whole = '', decimals] = decimalText(BigInt(minorUnits), currency).split('.');
  const grouped = whole.replace(THOUSANDS, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

function decimalText(minorUnits: bigint, currency: string): string {
  try {
    return toDecimalText({ minorUnits, currency });
  } catch (error) {
    if (error instanceof UnknownCurrencyError) return String(minorUnits);
    throw error;
  }
}

/** A whole number in groups of three. */
export function groupedCount(count: number): string {
  return count.toLocaleString('en-GB');
}
