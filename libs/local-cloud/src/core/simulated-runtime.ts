import type { Runtime, Task } from './runtime.ts';

interface Waiting {
  readonly dueAt: number;
  readonly task: Task;
}

/**
 * The runtime of a simulation: a virtual clock that jumps to the next due task, and one seed from which all
 * randomness comes. Tasks run one at a time to their end; among those that are due the seed picks, so one
 * seed is one interleaving and a failing one can be run again by its number.
 */
export class SimulatedRuntime implements Runtime {
  readonly #waiting: Waiting[] = [];
  #state: number;
  #now: number;

  /**
   * @param seed a 32-bit integer
   * @param startsAt the virtual time at which it begins, in epoch milliseconds
   */
  constructor(seed: number, startsAt: number) {
    this.#state = seed >>> 0;
    this.#now = startsAt;
  }

  get pendingTasks(): number {
    return this.#waiting.length;
  }

  now(): number {
    return this.#now;
  }

  /** Mulberry32: small, fast and good enough to choose interleavings. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16));
    hex[12] = '4';
    hex[16] = (8 + Math.floor(this.random() * 4)).toString(16);
    const text = hex.join('');
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
      '-',
    );
  }

  schedule(task: Task): () => void {
    const waiting = { dueAt: this.#now + Math.max(0, task.delayMs), task };
    this.#waiting.push(waiting);
    return () => {
      const index = this.#waiting.indexOf(waiting);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }

  /**
   * Runs tasks until `done` says so or none is left, at most until the virtual time `until`.
   *
   * @returns true when it came to its end, false when the time ran out first
   */
  async run(options: { done?: () => boolean; until: number }): Promise<boolean> {
    while (this.#waiting.length > 0) {
      if (options.done?.()) return true;
      let earliest = Number.POSITIVE_INFINITY;
      for (const waiting of this.#waiting) earliest = Math.min(earliest, waiting.dueAt);
      const at = Math.max(earliest, this.#now);
      if (at > options.until) return false;
      this.#now = at;
      const due = this.#waiting.filter((waiting) => waiting.dueAt <= at);
      const next = due[Math.floor(this.random() * due.length)];
      if (next === undefined) throw new Error('a due task was found and then was not');
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      await next.task.run();
    }
    return true;
  }
}
