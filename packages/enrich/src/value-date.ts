import type { Product, Transaction } from '@payments/schemas';

const MILLISECONDS_PER_DAY = 86_400_000;
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/**
 * When interest counts from: the booking date and the calendar days that the product grants for the direction in which
 * the account moves. A reversal takes the days of its own direction. Without a product it is the booking date.
 *
 * @param bookingDate `YYYY-MM-DD`
 */
export function valueDateOf(
  bookingDate: string,
  direction: Transaction['direction'],
  product: Product | undefined,
): string {
  const days = product?.valueDays[direction === 'DEBIT' ? 'debit' : 'credit'] ?? 0;
  if (days === 0) return bookingDate;
  return new Date(Date.parse(bookingDate) + days * MILLISECONDS_PER_DAY).toISOString().slice(0, DATE_LENGTH);
}
