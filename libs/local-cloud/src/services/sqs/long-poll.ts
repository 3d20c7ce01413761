import type { ServiceContext } from '../../core/seams.ts';

/** What a long poll needs to know of its queue. */
export interface PolledQueue {
  /** Calls back when the queue gets a message; gives how to stop. */
  onMessages(wake: () => void): () => void;
  /** When a hidden or delayed message becomes visible, if there is one (epoch ms). */
  nextVisibleAt(): number | undefined;
}

/**
 * Tries again and again until something is found or the time is over: when messages come, and when hidden
 * ones become visible.
 *
 * @param attempt gives what it found, or undefined for nothing
 * @returns what was found, or undefined when the time was over
 */
export function longPoll<T>(
  context: ServiceContext,
  queue: PolledQueue,
  waitMs: number,
  attempt: () => T | undefined,
): Promise<T | undefined> {
  const deadline = context.runtime.now() + waitMs;
  return new Promise((resolve, reject) => {
    let cancelTimer: () => void = () => undefined;
    let cancelWake: (() => void) | undefined;
    const stop = queue.onMessages(() => {
      if (cancelWake !== undefined) return;
      cancelWake = context.runtime.schedule({ name: 'sqs-long-poll-wake', delayMs: 0, run: look });
    });
    const finish = (result: T | undefined): void => {
      stop();
      cancelTimer();
      cancelWake?.();
      resolve(result);
    };
    function look(): void {
      cancelWake = undefined;
      cancelTimer();
      try {
        const found = attempt();
        const now = context.runtime.now();
        if (found !== undefined || now >= deadline) {
          finish(found);
          return;
        }
        const next = Math.min(deadline, queue.nextVisibleAt() ?? deadline);
        cancelTimer = context.runtime.schedule({
          name: 'sqs-long-poll',
          delayMs: Math.max(1, next - now),
          run: look,
        });
      } catch (error) {
        stop();
        reject(error);
      }
    }
    look();
  });
}
