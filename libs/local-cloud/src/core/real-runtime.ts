import { randomUUID } from 'node:crypto';
import type { Runtime, Task } from './runtime.ts';

/** The runtime of a cloud that serves: the machine's clock, timers and randomness. */
export class RealRuntime implements Runtime {
  readonly #onDefect: (error: unknown, task: string) => void;
  #pending = 0;

  /** @param onDefect hears of a task that failed: a defect of the local cloud */
  constructor(onDefect: (error: unknown, task: string) => void) {
    this.#onDefect = onDefect;
  }

  get pendingTasks(): number {
    return this.#pending;
  }

  now(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  uuid(): string {
    return randomUUID();
  }

  schedule(task: Task): () => void {
    let begun = false;
    this.#pending += 1;
    const run = async (): Promise<void> => {
      begun = true;
      try {
        await task.run();
      } catch (error) {
        this.#onDefect(error, task.name);
      } finally {
        this.#pending -= 1;
      }
    };
    if (task.delayMs <= 0) {
      const immediate = setImmediate(run);
      return () => {
        if (begun) return;
        begun = true;
        clearImmediate(immediate);
        this.#pending -= 1;
      };
    }
    const timer = setTimeout(run, task.delayMs);
    return () => {
      if (begun) return;
      begun = true;
      clearTimeout(timer);
      this.#pending -= 1;
    };
  }
}
