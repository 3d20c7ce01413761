import { type Runtime, SimulatedRuntime } from '@payments/local-cloud';

/** What a task does when its time has come, as the local cloud schedules it. */
type Task = Parameters<Runtime['schedule']>[0];

interface Waiting {
  readonly task: Task;
  cancelled: boolean;
}

/** A function's code goes on over so many turns of the event loop, at the most, between two calls. */
const TURNS_TO_SETTLE = 4;
/** What the event loop calls a file that is being read: the code of a function that starts. */
const READING = 'FSReq';

/**
 * A virtual clock under which tasks overlap, as they do on AWS: one that waits for the answer of a call does not hold
 * up another. The clock goes on when nobody can go on without it. `SimulatedRuntime` instead runs one task at a time
 * to its end, so that under it a call cannot take time.
 */
export class ConcurrentRuntime implements Runtime {
  readonly #byTime = new Map<number, Waiting[]>();
  readonly #chance: SimulatedRuntime;
  #running = 0;
  #waiting = 0;
  #now: number;

  /**
   * @param seed of all randomness
   * @param startsAt the virtual time at which it begins, in epoch milliseconds
   */
  constructor(seed: number, startsAt: number) {
    this.#chance = new SimulatedRuntime(seed, startsAt);
    this.#now = startsAt;
  }

  get pendingTasks(): number {
    return this.#waiting + this.#running;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#chance.random();
  }

  uuid(): string {
    return this.#chance.uuid();
  }

  schedule(task: Task): () => void {
    const at = this.#now + Math.max(0, Math.ceil(task.delayMs));
    const waiting: Waiting = { task, cancelled: false };
    this.#byTime.set(at, [...(this.#byTime.get(at) ?? []), waiting]);
    this.#waiting += 1;
    return () => {
      if (waiting.cancelled) return;
      waiting.cancelled = true;
      this.#waiting -= 1;
    };
  }

  /** Resolves when so much virtual time has passed; somebody has to `run` meanwhile. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule({ name: 'sleep', delayMs: milliseconds, run: resolve });
    });
  }

  /**
   * Lets time pass until `done` says so.
   *
   * @param until the virtual time at which it is given up
   * @returns false when that time came first, or when nothing is left that could happen
   */
  async run({ done, until }: { readonly done: () => boolean; readonly until: number }): Promise<boolean> {
    while (!done()) {
      const next = Math.min(...this.#byTime.keys());
      if (next > until || !Number.isFinite(next)) return false;
      this.#now = Math.max(this.#now, next);
      const due = this.#byTime.get(next) ?? [];
      this.#byTime.delete(next);
      for (const waiting of due) this.#begin(waiting);
      await settled();
    }
    return true;
  }

  #begin(waiting: Waiting): void {
    if (waiting.cancelled) return;
    waiting.cancelled = true;
    this.#waiting -= 1;
    this.#running += 1;
    const ended = (): void => {
      this.#running -= 1;
    };
    void Promise.resolve(waiting.task.run()).then(ended, ended);
  }
}

/** Resolves when whoever can go on without time has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS_TO_SETTLE; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (process.getActiveResourcesInfo().some((resource) => resource.startsWith(READING))) turn = -1;
  }
}
