import type { PostingEntry } from '@payments/schemas';
import { type CompleteSequence, controlTotalsOf, isBalanced } from './complete-sequence.ts';
import type { SequenceRow } from './ledger-row.ts';

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
}

/** Why a correction is refused. */
export interface CorrectionRefusal {
  readonly reason: 'CORRECTS_NOTHING' | 'CORRECTS_CORRECTION' | 'UNBALANCED_CORRECTION';
  readonly explanation: string;
}

/** What of a booked row counts when a sequence is held against its corrections. */
export type BookedEntry = Pick<PostingEntry, 'account' | 'amount' | 'direction'>;

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
  booked: readonly BookedEntry[],
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
 * Says whether rows of a sequence that are missing may be added by sending it again. They may not once it was
 * corrected: the correction may stand for them, and adding them then would book them twice.
 */
export function mayComplete({ sequenceId }: CompleteSequence, additions: readonly Addition[]): boolean {
  const own = additions.find(({ kind, added }) => kind === 'CORRECTION' && added === sequenceId)?.number ?? 0;
  return !additions.some(({ kind, number }) => kind === 'CORRECTION' && number > own);
}
