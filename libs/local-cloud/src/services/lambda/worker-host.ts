import { availableParallelism } from 'node:os';
import type { Runtime } from '../../core/runtime.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { HandleRequest } from '../../transport/wire.ts';
import { openBundle } from './bundle.ts';
import type { FunctionConfiguration, FunctionHost, FunctionLog, Invocation } from './function-host.ts';
import { WorkerThread } from './worker-thread.ts';

/** How many instances of one function run at once unless said otherwise. */
const DEFAULT_CONCURRENCY = 10;

interface LoadedFunction {
  readonly fn: FunctionConfiguration;
  readonly directory: string;
}

interface Waiting {
  readonly fn: FunctionConfiguration;
  readonly payload: string;
  readonly invocation: Invocation;
  readonly resolve: (result: InvocationResult) => void;
}

/**
 * Runs functions in worker threads, so that handlers and the services of the local cloud share the
 * machine's cores. A thread holds instances of many functions; an instance runs one invocation at a time.
 */
export class WorkerHost implements FunctionHost {
  readonly #options: {
    readonly runtime: Runtime;
    readonly region: string;
    readonly handleRequest: HandleRequest;
    readonly log: FunctionLog;
    readonly cacheDirectory: string;
  };
  readonly #concurrency: number;
  readonly #threads: (WorkerThread | undefined)[];
  readonly #functions = new Map<string, LoadedFunction>();
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting[]>();
  #closed = false;

  constructor(options: {
    readonly runtime: Runtime;
    readonly region: string;
    readonly handleRequest: HandleRequest;
    readonly log: FunctionLog;
    /** Where zips are unpacked. */
    readonly cacheDirectory: string;
    /** How many threads; one less than there are cores when absent. */
    readonly workers?: number;
    /** How many instances of one function over all threads. */
    readonly concurrency?: number;
  }) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    const count = options.workers ?? Math.max(1, availableParallelism() - 1);
    this.#threads = Array.from({ length: count }, () => undefined);
  }

  load(fn: FunctionConfiguration): void {
    const directory = openBundle(fn.bundle, this.#options.cacheDirectory);
    this.#functions.set(fn.name, { fn, directory });
    for (const thread of this.#threads) thread?.load(fn, directory);
  }

  invoke(fn: FunctionConfiguration, payload: string, invocation: Invocation): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const waiting = { fn, payload, invocation, resolve };
      if ((this.#running.get(fn.name) ?? 0) < this.#concurrency) {
        this.#run(waiting);
        return;
      }
      const queue = this.#waiting.get(fn.name);
      if (queue === undefined) this.#waiting.set(fn.name, [waiting]);
      else queue.push(waiting);
    });
  }

  unload(name: string): void {
    this.#functions.delete(name);
    for (const thread of this.#threads) thread?.unload(name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread?.close()));
  }

  #run(waiting: Waiting): void {
    const { name } = waiting.fn;
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    const thread = this.#leastBusy();
    void thread.invoke(waiting.fn, waiting.payload, waiting.invocation).then((result) => {
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
      waiting.resolve(result);
      const next = this.#waiting.get(name)?.shift();
      if (next !== undefined && !this.#closed) this.#run(next);
    });
  }

  #leastBusy(): WorkerThread {
    let best = 0;
    for (let index = 0; index < this.#threads.length; index += 1) {
      if ((this.#threads[index]?.busy ?? 0) < (this.#threads[best]?.busy ?? 0)) best = index;
    }
    return this.#threads[best] ?? this.#startThread(best);
  }

  #startThread(index: number): WorkerThread {
    const thread = new WorkerThread({
      ...this.#options,
      onExit: () => {
        if (this.#threads[index] === thread) this.#threads[index] = undefined;
      },
    });
    this.#threads[index] = thread;
    for (const { fn, directory } of this.#functions.values()) thread.load(fn, directory);
    return thread;
  }
}
