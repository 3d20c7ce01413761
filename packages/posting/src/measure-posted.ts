import type { SequenceRow } from './ledger-row.ts';

/** What booked sequences come to, in numbers for people who watch. */
export interface PostedMeasures {
  /** How many transactions were posted; what corrects one is not a second. */
  readonly transactions: number;
  readonly corrections: number;
  /** What was debited for transactions, by currency, in minor units. */
  readonly debits: ReadonlyMap<string, bigint>;
}

/** Measures sequences that have just been booked. */
export function measurePosted(
  rows: readonly Pick<SequenceRow, 'controlTotals' | 'correction'>[],
): PostedMeasures {
  const transactions = rows.filter(({ correction }) => correction === undefined);
  const debits = new Map<string, bigint>();
  for (const { controlTotals } of transactions) {
    for (const sum of controlTotals.currencies)
      debits.set(sum.currency, (debits.get(sum.currency) ?? 0n) + BigInt(sum.debits));
  }
  return {
    transactions: transactions.length,
    corrections: rows.length - transactions.length,
    debits,
  };
}
