import type { BookedSequence, Damage } from './damage.ts';
import { inDrawnOrder } from './draw.ts';
import type { SideRow } from './side-rows.ts';

/** What the undamaged run says of the transactions that damage may be done to. */
export interface Undamaged {
  readonly sequences: readonly BookedSequence[];
  readonly sides: ReadonlyMap<string, SideRow>;
  /** In which part of the load each transaction came. */
  readonly chunkOf: ReadonlyMap<string, number>;
}

/** Who is hit by what. */
export interface Victims {
  /** Of each damage to an event or to the ledger: its transactions, by the damage's name. */
  readonly transactions: ReadonlyMap<string, readonly string[]>;
  /** The accounts that are closed, each with its one transaction. */
  readonly closedAccounts: ReadonlyMap<string, string>;
  /** The parts of the load in which accounts are closed. */
  readonly closingChunks: ReadonlySet<number>;
}

/**
 * Chooses transactions for each damage, each for one at most: those that are posted when nothing is damaged, and that
 * have a life cycle for themselves, or with what they take back alone, so that what becomes of one changes nothing for
 * another. Those of whom events are lost each have a part of the load for themselves: what travels in one event is lost
 * together.
 *
 * @param each how many for each damage; fewer where there are not so many
 */
export function chooseVictims(
  undamaged: Undamaged,
  damages: readonly Damage[],
  { seed, each }: { readonly seed: number; readonly each: number },
): Victims {
  const drawnOf = (sequences: readonly BookedSequence[]): Map<string, BookedSequence> =>
    new Map(inDrawnOrder(sequences, idOf, seed, 'victims').map((one) => [one.transactionId, one]));
  const free = drawnOf(aloneInLifecycle(undamaged));
  const reversals = drawnOf(onlyReversals(undamaged));
  const usedChunks = new Set<number>();
  const chunkOf = (transactionId: string): number => undamaged.chunkOf.get(transactionId) ?? 0;
  const take = (transactionId: string): void => {
    free.delete(transactionId);
    reversals.delete(transactionId);
    usedChunks.add(chunkOf(transactionId));
  };
  const hasOwnChunk = (transactionId: string): boolean => !usedChunks.has(chunkOf(transactionId));
  const transactions = new Map<string, readonly string[]>();
  const choose = (damage: Damage, among: Iterable<string>): void => {
    const chosen: string[] = [];
    for (const transactionId of among) {
      if (chosen.length === each) break;
      if (damage.kind === 'lost-event' && !hasOwnChunk(transactionId)) continue;
      chosen.push(transactionId);
      if (damage.kind === 'lost-event') take(transactionId);
      else free.delete(transactionId);
    }
    transactions.set(damage.name, chosen);
  };
  const closedAccounts = new Map<string, string>();
  if (damages.some(({ kind }) => kind === 'closed-account')) {
    for (const [accountId, transactionId] of accountsOfOne(undamaged, free, seed)) {
      if (closedAccounts.size === each) break;
      if (!hasOwnChunk(transactionId)) continue;
      closedAccounts.set(accountId, transactionId);
      take(transactionId);
    }
  }
  // Chunks are few and the ledger needs none for itself, so what is lost chooses first; reversals are fewer still.
  const ofReversals = damages.filter((damage) => damage.kind === 'lost-event' && damage.ofReversal === true);
  for (const damage of ofReversals) choose(damage, reversals.keys());
  for (const damage of damages)
    if (damage.kind === 'lost-event' && !ofReversals.includes(damage)) choose(damage, free.keys());
  // What shares its part of the load with what is lost may be lost with it.
  const safeFirst = [...free.keys()].sort((a, b) => Number(hasOwnChunk(b)) - Number(hasOwnChunk(a)));
  for (const damage of damages)
    if (damage.kind === 'ledger')
      choose(
        damage,
        safeFirst.filter((transactionId) => free.has(transactionId)),
      );
  const closingChunks = new Set([...closedAccounts.values()].map(chunkOf));
  return { transactions, closedAccounts, closingChunks };
}

function aloneInLifecycle(undamaged: Undamaged): BookedSequence[] {
  const members = membersOfLifecycles(undamaged);
  return reconciledOf(undamaged).filter(({ lifecycleId }) => members.get(lifecycleId) === 1);
}

/** Reversals that share their life cycle with what they take back alone. */
function onlyReversals(undamaged: Undamaged): BookedSequence[] {
  const members = membersOfLifecycles(undamaged);
  return reconciledOf(undamaged).filter(
    ({ lifecycleId, transactionId }) =>
      members.get(lifecycleId) === 2 && undamaged.sides.get(transactionId)?.authorized?.reverses === true,
  );
}

function reconciledOf({ sequences, sides }: Undamaged): BookedSequence[] {
  return sequences.filter(({ transactionId }) => sides.get(transactionId)?.result === 'RECONCILED');
}

function membersOfLifecycles({ sides }: Undamaged): ReadonlyMap<string, number> {
  const members = new Map<string, number>();
  for (const { lifecycleId } of sides.values())
    if (lifecycleId !== undefined) members.set(lifecycleId, (members.get(lifecycleId) ?? 0) + 1);
  return members;
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
