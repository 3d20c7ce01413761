import type { SequenceRow } from './ledger-row.ts';

/** How a balance changes, in minor units. */
export interface BalanceChange {
  readonly accountId: string;
  readonly role: string;
  readonly currency: string;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly entries: number;
}

/** Sequences that are folded into the balances in one transaction, with what they change together. */
export interface Fold {
  readonly sequenceIds: readonly string[];
  readonly changes: readonly BalanceChange[];
}

/**
 * Divides booked sequences into folds of bounded size, in their order. Movements on one account are added up
 * first, so that a suspense or fee account, on which every sequence moves, is written once in each fold.
 *
 * @param actionsMax how many writes a fold may have: one for each sequence and one for each balance
 */
export function foldsOf(rows: readonly SequenceRow[], actionsMax: number): Fold[] {
  const folds: Fold[] = [];
  let sequenceIds: string[] = [];
  let changes = new Map<string, BalanceChange>();
  for (const row of rows) {
    const fresh = row.movements.filter((movement) => !changes.has(keyOf(movement))).length;
    if (sequenceIds.length > 0 && sequenceIds.length + 1 + changes.size + fresh > actionsMax) {
      folds.push({ sequenceIds, changes: [...changes.values()] });
      sequenceIds = [];
      changes = new Map();
    }
    sequenceIds.push(row.sequenceId);
    for (const movement of row.movements) {
      const change = changes.get(keyOf(movement));
      changes.set(keyOf(movement), {
        accountId: movement.accountId,
        role: movement.role,
        currency: movement.currency,
        debits: (change?.debits ?? 0n) + BigInt(movement.debits),
        credits: (change?.credits ?? 0n) + BigInt(movement.credits),
        entries: (change?.entries ?? 0) + movement.entries,
      });
    }
  }
  if (sequenceIds.length > 0) folds.push({ sequenceIds, changes: [...changes.values()] });
  return folds;
}

function keyOf({ accountId, currency }: { accountId: string; currency: string }): string {
  return `${accountId}|${currency}`;
}
