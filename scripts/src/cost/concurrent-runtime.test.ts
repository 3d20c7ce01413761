import { describe, expect, it } from '@jest/globals';
import { ConcurrentRuntime } from './concurrent-runtime.ts';

const FOREVER = Number.MAX_SAFE_INTEGER;

describe('the concurrent runtime', () => {
  it('lets tasks that wait overlap', async () => {
    const runtime = new ConcurrentRuntime(1, 0);
    const ended: [string, number][] = [];
    for (const name of ['one', 'other'])
      runtime.schedule({
        name,
        delayMs: 10,
        run: async () => {
          await runtime.sleep(20);
          await runtime.sleep(5);
          ended.push([name, runtime.now()]);
        },
      });
    expect(await runtime.run({ done: () => ended.length === 2, until: FOREVER })).toBe(true);
    expect(ended).toEqual([
      ['one', 35],
      ['other', 35],
    ]);
    expect(runtime.pendingTasks).toBe(0);
  });

  it('does not run what was cancelled, and ends when nothing can happen any more', async () => {
    const runtime = new ConcurrentRuntime(1, 0);
    const ran: string[] = [];
    runtime.schedule({ name: 'kept', delayMs: 1, run: () => void ran.push('kept') });
    const cancel = runtime.schedule({ name: 'cancelled', delayMs: 1, run: () => void ran.push('cancelled') });
    cancel();
    cancel();
    expect(await runtime.run({ done: () => false, until: FOREVER })).toBe(false);
    expect(ran).toEqual(['kept']);
  });

  it('gives up when the time is over', async () => {
    const runtime = new ConcurrentRuntime(1, 0);
    runtime.schedule({ name: 'late', delayMs: 100, run: () => undefined });
    expect(await runtime.run({ done: () => false, until: 99 })).toBe(false);
    expect(runtime.now()).toBe(0);
  });
});
