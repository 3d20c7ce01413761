import type { BookedSequence, Damage } from './damage.ts';
import { inDrawnOrder } from './draw.ts';
import type { SideRow } from './side-rows.ts';

/** A closed account takes all its transactions with it, so one with few of them is chosen. */
const ACCOUNT_TRANSACTIONS_MAX = 4;

/** What the undamaged run says of the transactions that damage may be done to. */
export interface Undamaged {
  readonly sequences: readonly BookedSequence[];
  readonly sides: ReadonlyMap<string, SideRow>;
}

/** Who is hit by what. */
export interface Victims {
  /** Of each damage to an event or to the ledger: its transactions, by the damage's name. */
  readonly transactions: ReadonlyMap<string, readonly string[]>;
  /** The accounts that are closed, and their transactions. */
  readonly closedAccounts: ReadonlyMap<string, readonly string[]>;
}

/**
 * Chooses transactions for each damage, each for one at most: those that are posted when nothing is damaged, and that
 * have a life cycle for themselves, so that what becomes of one changes nothing for another.
 *
 * @param each how many for each damage; fewer where there are not so many
 */
export function chooseVictims(
  undamaged: Undamaged,
  damages: readonly Damage[],
  { seed, each }: { readonly seed: number; readonly each: number },
): Victims {
  const alone = aloneInLifecycle(undamaged);
  const free = new Map(inDrawnOrder(alone, idOf, seed, 'victims').map((one) => [one.transactionId, one]));
  const closedAccounts = new Map<string, readonly string[]>();
  if (damages.some(({ kind }) => kind === 'closed-account')) {
    for (const [accountId, transactionIds] of closableAccounts(undamaged, free, seed).slice(0, each)) {
      closedAccounts.set(accountId, transactionIds);
      for (const transactionId of transactionIds) free.delete(transactionId);
    }
  }
  const transactions = new Map<string, readonly string[]>();
  for (const damage of damages) {
    if (damage.kind !== 'lost-event' && damage.kind !== 'ledger') continue;
    const chosen = [...free.keys()].slice(0, each);
    for (const transactionId of chosen) free.delete(transactionId);
    transactions.set(damage.name, chosen);
  }
  return { transactions, closedAccounts };
}

function aloneInLifecycle({ sequences, sides }: Undamaged): BookedSequence[] {
  const members = new Map<string, number>();
  for (const { lifecycleId } of sides.values())
    if (lifecycleId !== undefined) members.set(lifecycleId, (members.get(lifecycleId) ?? 0) + 1);
  return sequences.filter(
    ({ lifecycleId, transactionId }) =>
      members.get(lifecycleId) === 1 && sides.get(transactionId)?.result === 'RECONCILED',
  );
}

/** Accounts with few transactions, all of which may be damaged; with those. */
function closableAccounts(
  { sequences }: Undamaged,
  free: ReadonlyMap<string, BookedSequence>,
  seed: number,
): [string, readonly string[]][] {
  const byAccount = new Map<string, Set<string>>();
  for (const { entries, transactionId } of sequences) {
    for (const { account } of entries) {
      if (account.role !== 'CUST') continue;
      byAccount.set(account.accountId, (byAccount.get(account.accountId) ?? new Set()).add(transactionId));
    }
  }
  const closable = [...byAccount].filter(
    ([, ids]) => ids.size <= ACCOUNT_TRANSACTIONS_MAX && [...ids].every((id) => free.has(id)),
  );
  const chosen = inDrawnOrder(closable, ([accountId]) => accountId, seed, 'accounts');
  return chosen.map(([accountId, ids]) => [accountId, [...ids]]);
}

function idOf({ transactionId }: BookedSequence): string {
  return transactionId;
}
