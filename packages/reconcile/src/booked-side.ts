import type { ControlTotals } from '@payments/schemas';
import type { LedgerRow } from './break.ts';
import type { TransactionSides } from './transaction-sides.ts';

/** How many decimal digits the hash total of a sequence keeps (`schemas/shared/control-totals.v1.json`). */
const HASH_TOTAL_MODULUS = 10n ** 12n;

/**
 * What rows of a ledger tell of their transactions: the `booked` side, one report for each sequence. Rows that correct
 * another sequence tell nothing of it; a ledger that does not say whose rows they are tells nothing.
 */
export function bookedSidesOf(rows: readonly LedgerRow[]): TransactionSides[] {
  const sequences = Map.groupBy(
    rows.filter(({ corrects }) => corrects === undefined),
    ({ sequenceId }) => sequenceId,
  );
  return [...sequences].flatMap(([sequenceId, group]) => {
    // Any row may be the one that says it.
    const { transactionId, scheme, loggedAt, lifecycleId } = Object.assign({}, ...group) as LedgerRow;
    if (transactionId === undefined || scheme === undefined || loggedAt === undefined) return [];
    const booked = { sequenceId, controlTotals: rowTotalsOf(group) };
    return [{ transactionId, scheme, loggedAt, ...(lifecycleId !== undefined && { lifecycleId }), booked }];
  });
}

/** Count, sums by currency in alphabetic order, and the hash total over account ids. */
export function rowTotalsOf(
  rows: readonly Pick<LedgerRow, 'accountId' | 'direction' | 'minorUnits' | 'currency'>[],
): ControlTotals {
  const sums = new Map<string, { debits: bigint; credits: bigint }>();
  let hash = 0n;
  for (const { currency, minorUnits, direction, accountId } of rows) {
    const sum = sums.get(currency) ?? { debits: 0n, credits: 0n };
    if (direction === 'DEBIT') sum.debits += BigInt(minorUnits);
    else sum.credits += BigInt(minorUnits);
    sums.set(currency, sum);
    hash += BigInt(accountId.replace(/\D/g, '') || '0');
  }
  const currencies = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { debits, credits }]) => ({
      currency,
      debits: debits.toString(),
      credits: credits.toString(),
    }));
  return { count: rows.length, currencies, hashTotal: (hash % HASH_TOTAL_MODULUS).toString() };
}
