import { sequenceIdOf } from '@payments/domain';
import { bookedSidesOf } from './booked-side.ts';
import type { LedgerRow } from './break.ts';
import type { LedgerLookup } from './ledger-statement.ts';
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
  return settle(await store.add(mergedReports(reports)), store, false);
}

/**
 * Says what has not come for transactions that should have been posted and booked by now.
 *
 * @param ledger asked for what nobody has said to be booked: its news may have been lost on the way here
 */
export async function sweepOverdue(
  store: SideStore,
  max: number,
  ledger?: LedgerLookup,
): Promise<ReadonlyMap<string, Reconciliation>> {
  const overdue = await store.overdue(max);
  if (ledger === undefined) return settle(overdue, store, true);
  const rows = await rowsByTransaction(overdue, ledger);
  const unheard = overdue
    .filter(({ booked }) => booked === undefined)
    .flatMap(({ transactionId }) => bookedSidesOf(rows.get(transactionId) ?? []));
  const told = new Map(
    (await store.add(mergedReports(unheard))).map((sides) => [sides.transactionId, sides]),
  );
  const transactions = overdue.map((sides) => told.get(sides.transactionId) ?? sides);
  return settle(transactions, store, true, rows);
}

/** The rows of each transaction's sequence and of what corrects it. */
export async function rowsByTransaction(
  transactions: readonly TransactionSides[],
  ledger: LedgerLookup,
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  const owners = new Map<string, string>();
  for (const { transactionId, posted, booked, corrections } of transactions) {
    for (const id of [
      sequenceIdOf(transactionId),
      posted?.sequenceId,
      booked?.sequenceId,
      ...Object.keys(corrections ?? {}),
    ])
      if (id !== undefined) owners.set(id, transactionId);
  }
  const rows = owners.size === 0 ? [] : await ledger.rowsOf([...owners.keys()]);
  return Map.groupBy(rows, ({ sequenceId }) => owners.get(sequenceId) ?? '');
}

function mergedReports(reports: readonly TransactionSides[]): readonly TransactionSides[] {
  const merged = new Map<string, TransactionSides>();
  for (const report of reports) {
    const known = merged.get(report.transactionId);
    merged.set(report.transactionId, known === undefined ? report : mergeSides(known, report));
  }
  return [...merged.values()];
}

async function settle(
  transactions: readonly TransactionSides[],
  store: SideStore,
  overdue: boolean,
  rows?: ReadonlyMap<string, readonly LedgerRow[]>,
): Promise<ReadonlyMap<string, Reconciliation>> {
  const standing = new Map(
    transactions.map((sides) => [
      sides.transactionId,
      reconcileTransaction(sides, overdue, rows?.get(sides.transactionId)),
    ]),
  );
  const results = [...standing].flatMap(([transactionId, reconciliation]) => {
    if (reconciliation.kind === 'open') return [];
    if (reconciliation.kind === 'mismatch') return [{ transactionId, result: reconciliation.finding.type }];
    return [{ transactionId, result: reconciliation.kind.toUpperCase() }];
  });
  if (results.length > 0) await store.settle(results);
  return standing;
}
