import type { SideStore } from './ports.ts';
import { type Reconciliation, reconcileTransaction } from './reconcile-transaction.ts';
import { mergeSides, type TransactionSides } from './transaction-sides.ts';

/**
 * Adds reports of transactions and says how each of them stands now. Whatever comes last completes a
 * transaction, so no order is needed; the same report again leads to the same answer.
 *
 * @returns how each transaction stands, by its id
 */
export async function reconcileReports(
  reports: readonly TransactionSides[],
  store: SideStore,
): Promise<ReadonlyMap<string, Reconciliation>> {
  const merged = new Map<string, TransactionSides>();
  for (const report of reports) {
    const known = merged.get(report.transactionId);
    merged.set(report.transactionId, known === undefined ? report : mergeSides(known, report));
  }
  const transactions = await store.add([...merged.values()]);
  return settle(transactions, store, false);
}

/** Says what has not come for transactions that should have been posted and booked by now. */
export async function sweepOverdue(
  store: SideStore,
  max: number,
): Promise<ReadonlyMap<string, Reconciliation>> {
  return settle(await store.overdue(max), store, true);
}

async function settle(
  transactions: readonly TransactionSides[],
  store: SideStore,
  overdue: boolean,
): Promise<ReadonlyMap<string, Reconciliation>> {
  const standing = new Map(
    transactions.map((sides) => [sides.transactionId, reconcileTransaction(sides, overdue)]),
  );
  const results = [...standing].flatMap(([transactionId, reconciliation]) => {
    if (reconciliation.kind === 'open') return [];
    if (reconciliation.kind === 'mismatch')
      return [{ transactionId, result: reconciliation.record.mismatch.type }];
    return [{ transactionId, result: reconciliation.kind.toUpperCase() }];
  });
  if (results.length > 0) await store.settle(results);
  return standing;
}
