import type { Runtime, Task } from '../../../core/runtime.ts';

/**
 * A runtime with a virtual clock that does not wait for its tasks: when nothing more happens by itself the
 * clock jumps to the next task. It lets tests have calls that are never answered.
 */
export class VirtualTime implements Runtime {
  readonly #tasks = new Set<{ readonly dueAt: number; readonly task: Task }>();
  readonly #defects: unknown[] = [];
  #now: number;
  #drawn = 0;

  constructor(startsAt: number) {
    this.#now = startsAt;
  }

  get pendingTasks(): number {
    return this.#tasks.size;
  }

  now(): number {
    return this.#now;
  }

  /** Evenly spread and always the same. */
  random(): number {
    this.#drawn += 1;
    return (this.#drawn * 0.618_033_988_749) % 1;
  }

  uuid(): string {
    this.#drawn += 1;
    return `00000000-0000-4000-8000-${String(this.#drawn).padStart(12, '0')}`;
  }

  schedule(task: Task): () => void {
    const waiting = { dueAt: this.#now + Math.max(0, task.delayMs), task };
    this.#tasks.add(waiting);
    return () => void this.#tasks.delete(waiting);
  }

  /** Runs until nothing is left to do; throws the first defect of a task. */
  async run(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#defects.length > 0) throw this.#defects[0];
      const [first] = [...this.#tasks].sort((a, b) => a.dueAt - b.dueAt);
      if (first === undefined) return;
      this.#tasks.delete(first);
      this.#now = Math.max(this.#now, first.dueAt);
      Promise.resolve(first.task.run()).catch((defect: unknown) => this.#defects.push(defect));
    }
  }
}
