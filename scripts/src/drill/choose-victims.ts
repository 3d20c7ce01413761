import type { BookedSequence, Damage } from './damage.ts';
import { inDrawnOrder } from './draw.ts';
import type { DrillCase } from './drill-cases.ts';
import type { SideRow } from './side-rows.ts';

/** What the undamaged run says of the transactions that damage may be done to. */
export interface Undamaged {
  readonly sequences: readonly BookedSequence[];
  readonly sides: ReadonlyMap<string, SideRow>;
  /** In which part of the load each transaction came. */
  readonly chunkOf: ReadonlyMap<string, number>;
  /** What is found without any damage, such as an account that was closed before. */
  readonly cases: readonly Pick<DrillCase, 'transactionId'>[];
}

/** Who is hit by what. */
export interface Victims {
  /** Of each damage to an event or to the ledger: its transactions, by the damage's name. */
  readonly transactions: ReadonlyMap<string, readonly string[]>;
  /** The accounts that are closed, each with its one transaction. */
  readonly closedAccounts: ReadonlyMap<string, string>;
}

/**
 * Chooses transactions for each damage, each for one at most: those that are posted when nothing is damaged, and that
 * have a life cycle for themselves, so that what becomes of one changes nothing for another. Events are lost of one
 * transaction at most of two parts of the load that follow each other: what is replayed for it would put the other one
 * right before it is found.
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
  const usedChunks = new Set<number>();
  const chunkOf = (transactionId: string): number => undamaged.chunkOf.get(transactionId) ?? 0;
  const take = (transactionId: string): void => {
    free.delete(transactionId);
    usedChunks.add(chunkOf(transactionId));
  };
  // What is found in any case is replayed too.
  const busyChunks = new Set(undamaged.cases.map(({ transactionId }) => chunkOf(transactionId)));
  const hasOwnChunk = (transactionId: string): boolean =>
    !busyChunks.has(chunkOf(transactionId)) &&
    [-1, 0, 1].every((distance) => !usedChunks.has(chunkOf(transactionId) + distance));
  const closedAccounts = new Map<string, string>();
  if (damages.some(({ kind }) => kind === 'closed-account')) {
    for (const [accountId, transactionId] of accountsOfOne(undamaged, free, seed)) {
      if (closedAccounts.size === each) break;
      if (!hasOwnChunk(transactionId)) continue;
      closedAccounts.set(accountId, transactionId);
      take(transactionId);
    }
  }
  const transactions = new Map<string, readonly string[]>();
  // Chunks are few and the ledger needs none for itself, so what is lost chooses first.
  for (const kind of ['lost-event', 'ledger'] as const) {
    for (const { name } of damages.filter((damage) => damage.kind === kind)) {
      const chosen: string[] = [];
      for (const transactionId of free.keys()) {
        if (chosen.length === each) break;
        if (kind === 'lost-event' && !hasOwnChunk(transactionId)) continue;
        chosen.push(transactionId);
        if (kind === 'lost-event') take(transactionId);
        else free.delete(transactionId);
      }
      transactions.set(name, chosen);
    }
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

/** Accounts with one transaction, which may be damaged; with that. */
function accountsOfOne(
  { sequences }: Undamaged,
  free: ReadonlyMap<string, BookedSequence>,
  seed: number,
): [string, string][] {
  const byAccount = new Map<string, Set<string>>();
  for (const { entries, transactionId } of sequences) {
    for (const { account } of entries) {
      if (account.role !== 'CUST') continue;
      byAccount.set(account.accountId, (byAccount.get(account.accountId) ?? new Set()).add(transactionId));
    }
  }
  const ofOne = [...byAccount].flatMap(([accountId, ids]): [string, string][] => {
    const [only, ...others] = ids;
    return only !== undefined && others.length === 0 && free.has(only) ? [[accountId, only]] : [];
  });
  return inDrawnOrder(ofOne, ([accountId]) => accountId, seed, 'accounts');
}

function idOf({ transactionId }: BookedSequence): string {
  return transactionId;
}
