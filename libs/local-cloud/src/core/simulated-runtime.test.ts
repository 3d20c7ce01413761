import { describe, expect, it } from '@jest/globals';
import { SimulatedRuntime } from './simulated-runtime.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A runtime in which something recurs every minute; gives the minutes at which it came. */
function withTicks(idle?: { readonly everyMs: number }) {
  const state = { changes: 0, ticks: [] as number[] };
  const runtime = new SimulatedRuntime(1, 0, idle && { ...idle, changes: () => state.changes });
  const tick = (): void => {
    state.ticks.push(runtime.now() / MINUTE_MS);
    runtime.schedule({ name: 'tick', delayMs: MINUTE_MS, recurs: true, run: tick });
  };
  tick();
  const change = (minute: number): void => {
    const run = (): void => {
      state.changes += 1;
    };
    runtime.schedule({ name: 'change', delayMs: minute * MINUTE_MS, run });
  };
  return { runtime, state, change };
}

describe('the simulated runtime', () => {
  it('gives ids as UUIDs, the same for the same seed', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => new SimulatedRuntime(seed, 0).uuid());
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('runs what recurs whenever it is due', async () => {
    const { runtime, state } = withTicks();
    await runtime.run({ until: 5 * MINUTE_MS });
    expect(state.ticks).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('lets what recurs in vain come less often, also before what happens next, and as often after a change', async () => {
    const { runtime, state, change } = withTicks({ everyMs: 10 * MINUTE_MS });
    change(14.5);
    await runtime.run({ until: 30 * MINUTE_MS });
    // Whether a tick at 14.5 comes before or after the change is the seed's choice.
    expect(state.ticks.slice(0, 4)).toEqual([0, 1, 11, 14.5]);
    expect(state.ticks.slice(4)).toEqual([15.5, 25.5]);
  });

  it('asks whether all is at rest when time moves on, and not between tasks of the same moment', async () => {
    const runtime = new SimulatedRuntime(1, 0);
    const asked: number[] = [];
    for (const delayMs of [0, 0, 10, 5000]) runtime.schedule({ name: 'work', delayMs, run: () => undefined });
    const atRest = (): boolean => {
      asked.push(runtime.now());
      return false;
    };
    expect(await runtime.run({ atRest, until: HOUR_MS })).toBe(true);
    expect(asked).toEqual([10]);
    expect(runtime.tasksRun).toBe(4);
  });
});
