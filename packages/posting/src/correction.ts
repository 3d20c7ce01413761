import { type CompleteSequence, controlTotalsOf, isBalanced } from './complete-sequence.ts';
import { type Movement, type MovingEntry, movementsOf, type SequenceRow } from './ledger-row.ts';

/**
 * What was added to a booked sequence after it was booked. Additions of one sequence are numbered 1, 2, 3, … and each is
 * written in the transaction that adds, on the condition that its number is free: whoever decided by what the ledger
 * held before is thrown out by whoever was first, and decides again.
 */
export interface Addition {
  /** The sequence that was there: the corrected one, or the one whose rows were missing. */
  readonly sequenceId: string;
  readonly number: number;
  readonly kind: 'CORRECTION' | 'MISSING_ROWS';
  /** The sequence whose rows were added: the correcting one, or the one whose rows were missing. */
  readonly added: string;
  /** How many entries that sequence has. */
  readonly count: number;
  /** What a correction moves in the balances. */
  readonly movements?: readonly Movement[];
}

/** Why a correction is refused. */
export interface CorrectionRefusal {
  readonly reason: 'CORRECTS_NOTHING' | 'CORRECTS_CORRECTION' | 'UNBALANCED_CORRECTION';
  readonly explanation: string;
}

/** The sequence under which the additions to a sequence are numbered: the one that it corrects, or itself. */
export function additionsKeyOf({ correction, sequenceId }: CompleteSequence): string {
  return correction?.sequenceId ?? sequenceId;
}

/**
 * Why there is nothing that a sequence could correct, if there is not.
 *
 * @param corrected the row of the sequence that it names, if that is booked
 */
export function nothingToCorrect(
  corrected: Pick<SequenceRow, 'correction'> | undefined,
): CorrectionRefusal | undefined {
  if (corrected === undefined)
    return { reason: 'CORRECTS_NOTHING', explanation: 'the sequence that it corrects is not booked' };
  if (corrected.correction === undefined) return undefined;
  return {
    reason: 'CORRECTS_CORRECTION',
    explanation: `it has to name ${corrected.correction.sequenceId}, which that one corrects`,
  };
}

/**
 * Why a correcting sequence is refused for its sums, if it is: one that does not balance by itself has to balance
 * together with what is booked of the corrected sequence and of all corrections of it, in each currency.
 *
 * @param booked the entry rows of the corrected sequence and of all its corrections, as the ledger has them now
 */
export function unbalancedWith(
  sequence: CompleteSequence,
  booked: readonly MovingEntry[],
): CorrectionRefusal | undefined {
  const sums = controlTotalsOf([...booked, ...sequence.entries]).currencies;
  const off = sums.find(({ debits, credits }) => debits !== credits);
  if (off === undefined || isBalanced(sequence.controlTotals)) return undefined;
  return {
    reason: 'UNBALANCED_CORRECTION',
    explanation: `with it, ${off.currency} has debits of ${off.debits} and credits of ${off.credits}`,
  };
}

/**
 * What a correction moves in the balances, so that they are what the ledger's rows add up to. Balances are folded from
 * what a sequence was when it was booked, and know nothing of what happened to its rows since: that is made up for
 * here, and an entry that stands for a lost row moves nothing.
 *
 * @param booked the entry rows of the corrected sequence and of all its corrections, as the ledger has them now
 * @param folded what those sequences have moved
 */
export function correctingMovements(
  { entries }: CompleteSequence,
  booked: readonly MovingEntry[],
  folded: readonly Movement[],
): readonly Movement[] {
  const movements = new Map(movementsOf([...booked, ...entries]).map((each) => [keyOf(each), each]));
  for (const before of folded) {
    const after = movements.get(keyOf(before)) ?? { ...before, debits: '0', credits: '0', entries: 0 };
    movements.set(keyOf(before), {
      ...after,
      debits: (BigInt(after.debits) - BigInt(before.debits)).toString(),
      credits: (BigInt(after.credits) - BigInt(before.credits)).toString(),
      entries: after.entries - before.entries,
    });
  }
  return [...movements.values()].filter(
    ({ debits, credits, entries: count }) => debits !== '0' || credits !== '0' || count !== 0,
  );
}

function keyOf({ accountId, currency }: Movement): string {
  return `${accountId}|${currency}`;
}

/**
 * Says whether rows of a sequence that are missing may be added by sending it again. They may not once it was
 * corrected: the correction may stand for them, and adding them then would book them twice.
 */
export function mayComplete({ sequenceId }: CompleteSequence, additions: readonly Addition[]): boolean {
  const own = additions.find(({ kind, added }) => kind === 'CORRECTION' && added === sequenceId)?.number ?? 0;
  return !additions.some(({ kind, number }) => kind === 'CORRECTION' && number > own);
}
