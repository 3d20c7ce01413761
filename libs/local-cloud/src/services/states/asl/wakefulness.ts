import type { Runtime } from '../../../core/runtime.ts';
import { Cancelled } from './states-error.ts';

/** A branch of an execution with all branches below it: they end together when one of them fails. */
export class CancelScope {
  readonly #children = new Set<CancelScope>();
  readonly #sleepers = new Set<() => void>();
  #cancelled = false;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** A scope that is cancelled with this one, until it is given back. */
  child(): CancelScope {
    const child = new CancelScope();
    if (this.#cancelled) child.cancel();
    this.#children.add(child);
    return child;
  }

  giveBack(child: CancelScope): void {
    this.#children.delete(child);
  }

  /** Wakes whoever sleeps, to end, and lets nobody else begin. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    for (const wake of this.#sleepers) wake();
    this.#sleepers.clear();
    for (const child of this.#children) child.cancel();
  }

  addSleeper(wake: () => void): void {
    this.#sleepers.add(wake);
  }

  removeSleeper(wake: () => void): void {
    this.#sleepers.delete(wake);
  }
}

/**
 * Counts which branches of an execution are awake. A runtime task that woke one up ends when all sleep again
 * or have ended: so the tasks of a simulation, which run one at a time, hold the whole of what they caused.
 */
export class Wakefulness {
  readonly #runtime: Runtime;
  readonly #taskName: string;
  #awake = 0;
  #waiting: { readonly resolve: () => void; readonly reject: (defect: unknown) => void }[] = [];

  constructor(runtime: Runtime, taskName: string) {
    this.#runtime = runtime;
    this.#taskName = taskName;
  }

  /**
   * Begins one branch.
   *
   * @returns a promise that resolves when everything sleeps or has ended, and rejects when the branch throws,
   *   which is a defect
   */
  begin(branch: () => Promise<void>): Promise<void> {
    this.#awake += 1;
    const settled = this.#settled();
    branch().then(
      () => this.#rest(),
      (defect: unknown) => {
        this.#awake -= 1;
        for (const { reject } of this.#taken()) reject(defect);
      },
    );
    return settled;
  }

  /** Says that the branch goes on as `count` branches at once. */
  fork(count: number): void {
    this.#awake += count - 1;
  }

  /** Says that one of the forked branches has ended while others go on. */
  join(): void {
    this.#rest();
  }

  /**
   * Sleeps.
   *
   * @throws Cancelled when the scope is cancelled meanwhile
   */
  sleep(ms: number, scope: CancelScope): Promise<void> {
    if (scope.cancelled) return Promise.reject(new Cancelled());
    return new Promise((resolve, reject) => {
      const cancelTask = this.#runtime.schedule({
        name: this.#taskName,
        delayMs: ms,
        run: () => {
          scope.removeSleeper(interrupt);
          this.#awake += 1;
          const settled = this.#settled();
          resolve();
          return settled;
        },
      });
      const interrupt = (): void => {
        cancelTask();
        this.#awake += 1;
        reject(new Cancelled());
      };
      scope.addSleeper(interrupt);
      this.#rest();
    });
  }

  #settled(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #rest(): void {
    this.#awake -= 1;
    if (this.#awake > 0) return;
    for (const { resolve } of this.#taken()) resolve();
  }

  #taken() {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
