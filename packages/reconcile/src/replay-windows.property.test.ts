import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenCase } from './finding.fixture.ts';
import type { ReplayStage, ReplayWindow } from './ports.ts';
import { covers, mergeWindows, replayNameOf, windowOf } from './replay-windows.ts';

const STAGES: readonly ReplayStage[] = ['standardize', 'account-interface', 'reconcile'];
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');

const windows: fc.Arbitrary<ReplayWindow[]> = fc.array(
  fc
    .record({
      stage: fc.constantFrom(...STAGES),
      from: fc.integer({ min: 0, max: 20 * HOUR_MS }),
      length: fc.integer({ min: 1, max: HOUR_MS }),
    })
    .map(({ stage, from, length }) => ({ stage, from, to: from + length })),
  { maxLength: 40 },
);

describe('windows of the archive', () => {
  it('are merged to few that cover each of them', () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 4, max: 10 }), (each, max) => {
        const merged = mergeWindows(each, max);
        expect(merged.length).toBeLessThanOrEqual(Math.min(max, each.length));
        for (const window of each) expect(merged.some((one) => covers(one, window))).toBe(true);
      }),
    );
  });

  it('are merged to the same in whatever order they come', () => {
    fc.assert(
      fc.property(windows, (each) => {
        expect(mergeWindows([...each].reverse(), 5)).toEqual(mergeWindows(each, 5));
      }),
    );
  });

  it.each([
    ['TransactionAuthorized', 'RE_EMIT', 'standardize'],
    ['TransactionPostingApproved', 'RE_EMIT', 'account-interface'],
    ['TransactionPosted', 'RESEND', 'account-interface'],
  ] as const)('go from %s by %s to %s', (event, action, stage) => {
    const found = brokenCase({
      lastGood: { event, producedAt: '2026-11-22T09:00:00Z' },
      approvedAt: '2026-11-22T09:00:00Z',
    });
    const window = windowOf(found, action, 1, NOW);
    expect(window?.stage).toBe(stage);
    expect(window?.from).toBeLessThan(Date.parse('2026-11-22T09:00:00Z'));
    expect(window?.to).toBeGreaterThan(Date.parse('2026-11-22T09:00:00Z'));
  });

  it('begin where it was approved when it is sent again, however long posting took', () => {
    const found = brokenCase({
      lastGood: { event: 'TransactionPosted', producedAt: '2026-11-22T11:00:00Z' },
      approvedAt: '2026-11-22T09:00:00Z',
    });
    const window = windowOf(found, 'RESEND', 1, NOW);
    expect(window?.to).toBeLessThan(Date.parse('2026-11-22T09:05:00Z'));
  });

  it('go to reconciliation alone where it alone missed something', () => {
    expect(windowOf(brokenCase({ unheard: ['authorized'] }), 'RE_EMIT', 1, NOW)?.stage).toBe('reconcile');
  });

  it('grow with each attempt, and never reach into what is yet to come', () => {
    const [first, second] = [1, 2].map((attempt) => windowOf(brokenCase(), 'RE_EMIT', attempt, NOW));
    if (first === undefined || second === undefined) throw new Error('there is no window');
    expect(covers(second, first)).toBe(true);
    expect(covers(first, second)).toBe(false);
    const soon = windowOf(brokenCase(), 'RE_EMIT', 1, Date.parse('2026-11-22T09:00:02Z'));
    expect(soon?.to).toBe(Date.parse('2026-11-22T09:00:02Z'));
  });

  it('are nothing where no event is known, or none that a stage consumes', () => {
    expect(windowOf({}, 'RE_EMIT', 1, NOW)).toBeUndefined();
    const unknown = brokenCase({
      lastGood: { event: 'TransactionReconciled', producedAt: '2026-11-22T09:00:00Z' },
    });
    expect(windowOf(unknown, 'RE_EMIT', 1, NOW)).toBeUndefined();
  });

  it('name a replay by what it gives to whom, and for what', () => {
    const window = { stage: 'standardize', from: 1, to: 2 } as const;
    expect(replayNameOf(window, ['b#1', 'a#1'])).toBe(replayNameOf(window, ['a#1', 'b#1']));
    expect(replayNameOf(window, ['a#1'])).not.toBe(replayNameOf(window, ['a#2']));
    expect(replayNameOf(window, ['a#1'])).toMatch(/^[.\-_A-Za-z0-9]{1,64}$/);
  });
});
