import { groupedCount } from './amount-text.ts';
import type { ReconciliationReport } from './report.ts';

/** What a report comes to, worst first. */
export interface Verdict {
  readonly kind: 'differs' | 'waits' | 'agrees' | 'nothing';
  readonly sentence: string;
}

/** What a person wants to know first. */
export function verdictOf({ controls, transactions, breaks }: ReconciliationReport): Verdict {
  if (transactions.length === 0 && controls.length === 0 && breaks.byType.length === 0)
    return { kind: 'nothing', sentence: 'Nothing was authorized, posted or booked on this date.' };
  const different = controls.some(({ standing }) => standing === 'DIFFERS');
  const corrected = controls.some(({ standing }) => standing === 'CORRECTED') ? ' after corrections' : '';
  const { waitingCount } = breaks;
  const waits =
    waitingCount === 0
      ? 'no break waits'
      : waitingCount === 1
        ? 'one break waits'
        : `${groupedCount(waitingCount)} breaks wait`;
  if (different) return { kind: 'differs', sentence: `What was posted and what is booked differ; ${waits}.` };
  if (waitingCount > 0) return { kind: 'waits', sentence: `Posted and booked agree${corrected}; ${waits}.` };
  return { kind: 'agrees', sentence: `Posted and booked agree${corrected}; no break waits.` };
}
