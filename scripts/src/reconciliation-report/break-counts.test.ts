import { describe, expect, it } from '@jest/globals';
import type { BreakState, MismatchType } from '@payments/reconcile/break';
import { BreakCounts, type CountedBreak } from './break-counts.ts';
import { WAITING_SHOWN_MAX } from './report.ts';

function kept(number: number, state: BreakState, type: MismatchType = 'P_NOT_L'): CountedBreak {
  const openedAt = new Date(Date.UTC(2026, 10, 22) + number * 1000).toISOString();
  return {
    breakId: `break-${number}`,
    transactionId: `transaction-${number}`,
    type,
    state,
    openedAt,
    explanation: '',
  };
}

describe('the counts of breaks', () => {
  it('come to what was opened, type by type', () => {
    const counts = new BreakCounts();
    const states: BreakState[] = ['OPEN', 'PATCHING', 'PROPOSED', 'PARKED', 'PATCHED', 'PATCHED', 'CLOSED'];
    for (const [number, state] of states.entries()) counts.add(kept(number, state));
    counts.add(kept(20, 'PATCHED', 'A_NOT_P'));
    const figures = { patched: 1, closed: 0, parked: 0, proposed: 0, open: 0 };
    expect(counts.result.byType).toEqual([
      { type: 'A_NOT_P', opened: 1, ...figures },
      {
        type: 'P_NOT_L',
        opened: 7,
        patched: 2,
        closed: 1,
        parked: 1,
        proposed: 1,
        open: 2,
        oldestSince: '2026-11-22T00:00:00.000Z',
      },
    ]);
    expect(counts.result.waitingCount).toBe(4);
  });

  it('name the oldest that wait, and no more than a report has room for', () => {
    const counts = new BreakCounts();
    const many = 5 * WAITING_SHOWN_MAX;
    // In an order that is neither the oldest first nor the youngest.
    for (let number = 0; number < many; number += 1) counts.add(kept((number * 7) % many, 'PARKED'));
    const { waiting, waitingCount } = counts.result;
    expect(waitingCount).toBe(many);
    expect(waiting.map(({ breakId }) => breakId)).toEqual(
      Array.from({ length: WAITING_SHOWN_MAX }, (_, number) => `break-${number}`),
    );
  });
});
