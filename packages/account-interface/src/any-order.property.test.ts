import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountSums } from './account-sums.fixture.ts';
import { anyStory, playInAnyOrder, recordsOf, sumsOf } from './any-order.fixture.ts';
import { MemoryLifecycles } from './memory-lifecycles.fixture.ts';
import { StageRun, WINDOW_MS } from './stage-run.fixture.ts';

const DAY_MS = 86_400_000;

describe('a life cycle', () => {
  it('comes to the same on every account, in any order, repeated, and in runs beside each other', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory('VISA-1'), fc.infiniteStream(fc.nat(1000)), async (story, numbers) => {
        const random = (below: number): number => (numbers.next().value ?? 0) % below;
        const lifecycles = new MemoryLifecycles(WINDOW_MS, async () => {
          for (let turns = random(6); turns > 0; turns -= 1) await Promise.resolve();
        });
        const run = new StageRun(lifecycles);
        await playInAnyOrder(run, recordsOf(story), random);
        expect(accountSums(run.entries())).toEqual(await sumsOf(story));
      }),
      { numRuns: 500 },
    );
  });

  it('numbers the entries of each message 1 to n, in whatever order it was decided', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory('VISA-1'), fc.infiniteStream(fc.nat(1000)), async (story, numbers) => {
        const random = (below: number): number => (numbers.next().value ?? 0) % below;
        const run = new StageRun();
        await playInAnyOrder(run, recordsOf(story), random);
        for (const [, entries] of Map.groupBy(run.entries(), ({ sequence }) => sequence.id)) {
          expect(entries.map(({ sequence }) => sequence.number).sort((a, b) => a - b)).toEqual(
            entries.map((_entry, index) => index + 1),
          );
          expect([...accountSums(entries).values()].reduce((sum, each) => sum + each, 0n)).toBe(0n);
        }
      }),
    );
  });

  it('places every hold once, and ends it once', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyStory('VISA-1').filter(({ holds }) => holds),
        fc.infiniteStream(fc.nat(1000)),
        async (story, numbers) => {
          const random = (below: number): number => (numbers.next().value ?? 0) % below;
          const run = new StageRun();
          await playInAnyOrder(run, recordsOf(story), random);
          run.now += 30 * DAY_MS;
          await run.sweep();
          const changes = [...run.said.values()].flatMap((saying) =>
            saying.event === 'HoldChanged' ? [saying.record.hold] : [],
          );
          const holds = [...Map.groupBy(changes, ({ holdId }) => holdId).values()];
          expect(holds).toHaveLength(story.authorizations.length);
          for (const hold of holds) {
            expect(hold.filter(({ action }) => action === 'HOLD')).toHaveLength(1);
            expect(hold.filter(({ after }) => after.minorUnits === '0')).toHaveLength(1);
          }
        },
      ),
    );
  });
});
