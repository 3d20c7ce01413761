import type { PostingEntry } from '@payments/schemas';

/** What stands on each account, debits less credits in minor units, where that is anything. */
export function accountSums(entries: readonly PostingEntry[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, amount, direction } of entries) {
    const key = `${account.accountId} ${amount.currency}`;
    const size = BigInt(amount.minorUnits);
    sums.set(key, (sums.get(key) ?? 0n) + (direction === 'DEBIT' ? size : -size));
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n).sort());
}
