import type { KeptBreak } from '@payments/reconcile/ports';
import {
  type BreakCount,
  type ReconciliationReport,
  WAITING_SHOWN_MAX,
  type WaitingBreak,
} from './report.ts';

/** What is taken of a case. */
export type CountedBreak = Pick<
  KeptBreak,
  'breakId' | 'transactionId' | 'type' | 'state' | 'openedAt' | 'explanation'
> &
  Partial<Pick<KeptBreak, 'owner' | 'parkedBecause' | 'atRisk'>>;

type Counts = { -readonly [Name in keyof BreakCount]: BreakCount[Name] };

/** The states in which a case has not ended, as columns of the counts. */
const COLUMN_OF_STATE = {
  OPEN: 'open',
  PATCHING: 'open',
  PROPOSED: 'proposed',
  PARKED: 'parked',
  PATCHED: 'patched',
  CLOSED: 'closed',
} as const;

/** Counts the cases of one date by type, and keeps the oldest that have not ended: no more than a report names. */
export class BreakCounts {
  readonly #byType = new Map<string, Counts>();
  #waiting: WaitingBreak[] = [];
  #waitingCount = 0;

  add(kept: CountedBreak): void {
    const counts = this.#countsOf(kept.type);
    counts.opened += 1;
    counts[COLUMN_OF_STATE[kept.state]] += 1;
    if (kept.state === 'PATCHED' || kept.state === 'CLOSED') return;
    if (counts.oldestSince === undefined || kept.openedAt < counts.oldestSince)
      counts.oldestSince = kept.openedAt;
    this.#waitingCount += 1;
    this.#waiting.push(waitingOf(kept));
    if (this.#waiting.length >= 2 * WAITING_SHOWN_MAX) this.#waiting = oldestOf(this.#waiting);
  }

  get result(): Omit<ReconciliationReport['breaks'], 'oldest'> {
    return {
      byType: [...this.#byType.values()].sort((a, b) => (a.type < b.type ? -1 : 1)),
      waiting: oldestOf(this.#waiting),
      waitingCount: this.#waitingCount,
    };
  }

  #countsOf(type: BreakCount['type']): Counts {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const made = { type, opened: 0, patched: 0, closed: 0, parked: 0, proposed: 0, open: 0 };
    this.#byType.set(type, made);
    return made;
  }
}

function oldestOf(waiting: readonly WaitingBreak[]): WaitingBreak[] {
  return [...waiting]
    .sort((a, b) => (`${a.openedAt} ${a.breakId}` < `${b.openedAt} ${b.breakId}` ? -1 : 1))
    .slice(0, WAITING_SHOWN_MAX);
}

/** What a report says of a case that waits. */
export function waitingOf(kept: CountedBreak): WaitingBreak {
  const { breakId, transactionId, type, state, openedAt, explanation, owner, parkedBecause, atRisk } = kept;
  return {
    breakId,
    transactionId,
    type,
    state,
    openedAt,
    explanation,
    ...(owner === undefined ? {} : { owner }),
    ...(parkedBecause === undefined ? {} : { parkedBecause }),
    ...(atRisk === undefined ? {} : { atRisk }),
  };
}
