import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommandUsageError } from './command.ts';
import { descriptionOf, partSecondsOf, partsOf, planOf, type ReplayPlan, runName } from './replay-plan.ts';
import { readTime } from './replay-time.ts';

const FROM = Date.parse('2026-11-22T12:00:00Z') / 1000;
const HOUR = 3600;

const plan = (changes: Partial<ReplayPlan> = {}): ReplayPlan => ({
  name: 'local-posting-20261122T120000-3600s',
  stage: 'posting',
  from: FROM,
  until: FROM + HOUR,
  partSeconds: HOUR,
  ...changes,
});

describe('the parts of a replay', () => {
  it('cover every second of the window, in order, each beginning with the second that the one before ends with', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 60, max: HOUR }),
        (length, partSeconds) => {
          const parts = partsOf(plan({ until: FROM + length, partSeconds }));
          expect(parts[0]?.from).toBe(FROM);
          expect(parts.at(-1)?.until).toBe(FROM + length);
          for (const [index, part] of parts.entries()) {
            expect(part.from).toBeLessThan(part.until);
            expect(part.until - part.from).toBeLessThanOrEqual(partSeconds);
            if (index > 0) expect(part.from).toBe(parts[index - 1]?.until);
          }
          expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
        },
      ),
    );
  });

  it('are one without a rate, and with one as long as a minute at it allows', () => {
    const tenASecond = ({ from, until }: { from: number; until: number }): number => (until - from) * 10;
    const window = { from: FROM, until: FROM + HOUR };
    expect(partSecondsOf(window, undefined, tenASecond)).toBe(HOUR);
    expect(partSecondsOf(window, 600, tenASecond)).toBe(3600);
    expect(partSecondsOf(window, 50, tenASecond)).toBe(300);
    // EventBridge replays by the minute: no part is shorter, however low the rate.
    expect(partSecondsOf(window, 1, tenASecond)).toBe(60);
  });

  it('look at the fullest part, not at the mean', () => {
    const burst = ({ from, until }: { from: number; until: number }): number =>
      from <= FROM + 90 && FROM + 90 <= until ? 1000 : 0;
    expect(partSecondsOf({ from: FROM, until: FROM + HOUR }, 10, burst)).toBe(60);
  });

  it('are refused where they would be too many', () => {
    const window = { from: FROM, until: FROM + 30 * 24 * HOUR };
    expect(() => partSecondsOf(window, 1, () => 1_000_000)).toThrow('say a higher rate or a shorter window');
  });
});

describe('a run', () => {
  it('has the same name for the same window, and another one each time again', () => {
    const name = runName('local', 'posting', plan(), 1);
    expect(name).toBe('local-posting-20261122T120000-3600s');
    expect(runName('local', 'posting', plan(), 2)).toBe(`${name}-again2`);
    expect(runName('local', 'posting', plan({ until: FROM + 60 }), 1)).not.toBe(name);
    expect(runName('localbatch', 'account-interface', plan(), 1).length).toBeLessThanOrEqual(55);
  });

  it.each([plan(), plan({ rate: 0.5, partSeconds: 60 }), plan({ stage: 'account-interface', rate: 200 })])(
    'can be told from what its parts say: %o',
    (each) => {
      for (const { number } of partsOf(each)) {
        const description = descriptionOf(each, number);
        expect(description.length).toBeLessThanOrEqual(512);
        expect(planOf(each.name, description)).toEqual(each);
      }
    },
  );

  it('is not told from a replay of somebody else', () => {
    expect(planOf('x', 'What posting is given once more for reconciliation')).toBeUndefined();
  });
});

describe('a time of the command line', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T11:00+01:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['now', '2026-11-22T12:00:00.000Z'],
    ['90m', '2026-11-22T10:30:00.000Z'],
    ['2d', '2026-11-20T12:00:00.000Z'],
  ])('%s', (text, time) => {
    expect(new Date(readTime('from', text, now)).toISOString()).toBe(time);
  });

  it.each(['2026-11-22T10:00:00', 'yesterday', '2026-13-40', '90', ''])('is refused: "%s"', (text) => {
    expect(() => readTime('from', text, now)).toThrow(CommandUsageError);
  });
});
