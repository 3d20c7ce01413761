/**
 * Merchant categories that ISO 18245 gives to single companies, a range for each trade. New companies come into
 * them every year, so a code there that the bank's list lacks still says what trade it is.
 */
const RANGES = [
  { from: 3000, to: 3350, name: 'Airlines, Air Carriers' },
  { from: 3351, to: 3500, name: 'Car Rental Agencies' },
  { from: 3501, to: 3999, name: 'Hotels, Motels, and Resorts' },
] as const;

/** What a category is called that neither the list nor a range knows; an unknown category is never a failure. */
const OTHER = 'OTHER';

/** The name of a merchant category that the bank's list lacks. */
export function categoryByRange(code: string): string {
  const number = Number(code);
  return RANGES.find(({ from, to }) => from <= number && number <= to)?.name ?? OTHER;
}
