import type { Money } from '@payments/schemas';

/**
 * The rules' own operation `exceeds`: is one money more than another? Amounts are texts, which JSON Logic would compare
 * letter by letter or as floats; this compares whole minor units.
 *
 * @returns false where either is absent, or they are in different currencies, which nothing here converts
 */
export function exceeds(money: unknown, limit: unknown): boolean {
  if (!isMoney(money) || !isMoney(limit) || money.currency !== limit.currency) return false;
  return BigInt(money.minorUnits) > BigInt(limit.minorUnits);
}

/** Says whether a member of a record that keeps its contract is money. */
export function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minorUnits' in value && 'currency' in value;
}
