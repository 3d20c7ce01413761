import type { Runtime, Task } from './runtime.ts';

/** A runtime whose tasks end with the cloud that scheduled them: after `close` none of them begins. */
export class ClosableRuntime implements Runtime {
  readonly #runtime: Runtime;
  readonly #cancels = new Set<() => void>();
  #closed = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get pendingTasks(): number {
    return this.#runtime.pendingTasks;
  }

  now(): number {
    return this.#runtime.now();
  }

  random(): number {
    return this.#runtime.random();
  }

  uuid(): string {
    return this.#runtime.uuid();
  }

  schedule(task: Task): () => void {
    if (this.#closed) return () => undefined;
    const cancel = this.#runtime.schedule({
      ...task,
      run: () => {
        this.#cancels.delete(forget);
        return this.#closed ? undefined : task.run();
      },
    });
    const forget = (): void => {
      this.#cancels.delete(forget);
      cancel();
    };
    this.#cancels.add(forget);
    return forget;
  }

  /** Cancels all tasks that have not begun. */
  close(): void {
    this.#closed = true;
    for (const cancel of [...this.#cancels]) cancel();
  }
}
