import type { Runtime, Task } from './runtime.ts';

/** Whoever waits for nothing nearer than this may be at rest, in milliseconds. */
const REST_MS = 1000;
const HEX = '0123456789abcdef';
/** The places of a UUID's text where a hyphen follows. */
const HYPHEN_AFTER: ReadonlySet<number> = new Set([7, 11, 15, 19]);
const VERSION_AT = 12;
const VARIANT_AT = 16;
const UUID_DIGITS = 32;

interface Waiting {
  readonly dueAt: number;
  readonly task: Task;
}

/** When a recurring task has nothing to do, and how often it comes then. */
export interface IdleRule {
  /**
   * Counts all that could give a recurring task something to do. While the count stays the same, one that has come in
   * vain comes less often: with what happens next, or after `everyMs`.
   */
  changes(): number;
  readonly everyMs: number;
}

/** When a recurring task came last, and what the count of changes was. */
interface LastRun {
  readonly at: number;
  readonly changes: number;
}

/**
 * The runtime of a simulation: a virtual clock that jumps to the next due task, and one seed from which all
 * randomness comes. Tasks run one at a time to their end; among those that are due the seed picks, so one
 * seed is one interleaving and a failing one can be run again by its number.
 */
export class SimulatedRuntime implements Runtime {
  readonly #waiting: Waiting[] = [];
  readonly #idle: IdleRule | undefined;
  /** The last run of each recurring task, by its name. */
  readonly #lastRuns = new Map<string, LastRun>();
  #state: number;
  #now: number;
  #tasksRun = 0;

  /**
   * @param seed a 32-bit integer
   * @param startsAt the virtual time at which it begins, in epoch milliseconds
   * @param idle lets time jump over what would recur in vain; every task comes when it is due without it
   */
  constructor(seed: number, startsAt: number, idle?: IdleRule) {
    this.#idle = idle;
    this.#state = seed >>> 0;
    this.#now = startsAt;
  }

  get pendingTasks(): number {
    return this.#waiting.length;
  }

  /** How many tasks have run. */
  get tasksRun(): number {
    return this.#tasksRun;
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
    let text = '';
    for (let digit = 0; digit < UUID_DIGITS; digit += 1) {
      const drawn = Math.floor(this.random() * 16);
      text += digit === VERSION_AT ? '4' : digit === VARIANT_AT ? '?' : HEX[drawn];
      if (HYPHEN_AFTER.has(digit)) text += '-';
    }
    return text.replace('?', HEX[8 + Math.floor(this.random() * 4)] ?? '8');
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
   * Runs tasks until `done` or `atRest` says so or none is left, at most until the virtual time `until`.
   *
   * @param options `done` is asked before every task, `atRest` only when time is about to move on by a second or more
   * @returns true when it came to its end, false when the time ran out first
   */
  async run(options: { done?: () => boolean; atRest?: () => boolean; until: number }): Promise<boolean> {
    while (this.#waiting.length > 0) {
      if (options.done?.()) return true;
      const { at, due } = this.#next();
      if (at >= this.#now + REST_MS && options.atRest?.()) return true;
      if (at > options.until) return false;
      this.#now = at;
      const next = due[Math.floor(this.random() * due.length)];
      if (next === undefined) throw new Error('a due task was found and then was not');
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      if (this.#idle !== undefined && next.task.recurs === true)
        this.#lastRuns.set(next.task.name, { at, changes: this.#idle.changes() });
      this.#tasksRun += 1;
      await next.task.run();
    }
    return true;
  }

  /** The next time at which something is due, and what. */
  #next(): { at: number; due: Waiting[] } {
    const inVain = this.#idle === undefined ? [] : this.#waiting.filter((waiting) => this.#isInVain(waiting));
    if (inVain.length === 0) return this.#earliest(this.#waiting, (waiting) => waiting.dueAt);
    const others = this.#waiting.filter((waiting) => !inVain.includes(waiting));
    const happens = others.reduce(
      (earliest, { dueAt }) => Math.min(earliest, dueAt),
      Number.POSITIVE_INFINITY,
    );
    return this.#earliest(this.#waiting, (waiting) =>
      inVain.includes(waiting) ? this.#postponed(waiting, happens) : waiting.dueAt,
    );
  }

  #earliest(
    waiting: readonly Waiting[],
    dueAt: (waiting: Waiting) => number,
  ): { at: number; due: Waiting[] } {
    const earliest = waiting.reduce((least, each) => Math.min(least, dueAt(each)), Number.POSITIVE_INFINITY);
    const at = Math.max(earliest, this.#now);
    return { at, due: waiting.filter((each) => dueAt(each) <= at) };
  }

  /** True for a recurring task that came, since when nothing has changed. */
  #isInVain({ task }: Waiting): boolean {
    return task.recurs === true && this.#lastRuns.get(task.name)?.changes === this.#idle?.changes();
  }

  /** @param happens when something else is due */
  #postponed({ dueAt, task }: Waiting, happens: number): number {
    const last = this.#lastRuns.get(task.name)?.at ?? dueAt;
    return Math.max(dueAt, Math.min(happens, last + (this.#idle?.everyMs ?? 0)));
  }
}
