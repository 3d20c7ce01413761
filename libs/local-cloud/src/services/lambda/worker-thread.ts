import { devNull } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Runtime } from '../../core/runtime.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { HandleRequest } from '../../transport/wire.ts';
import type { FunctionConfiguration, FunctionLog, Invocation } from './function-host.ts';
import { failure } from './function-instance.ts';
import { type FromWorker, Outbox, type ToWorker } from './worker-messages.ts';

/** How long a thread may take to say that it gave an invocation up, before it counts as stuck. */
const STUCK_AFTER_MS = 1000;

/**
 * What a handler makes lives as long as its invocation, a large batch of records at a time; with less room than
 * this most of it would be copied before it is garbage.
 */
const YOUNG_GENERATION_MB = 192;

/**
 * A function gets its variables from compose and none of this process; a developer's own AWS settings do
 * not reach the SDK either.
 */
const ENVIRONMENT = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };

interface Running {
  readonly name: string;
  readonly invocation: Invocation;
  /** True when an instance has it, which will be idle afterwards. */
  started: boolean;
  readonly resolve: (result: InvocationResult) => void;
}

/** One thread of the worker host, as the main thread sees it. */
export class WorkerThread {
  readonly #options: {
    readonly runtime: Runtime;
    readonly region: string;
    readonly handleRequest: HandleRequest;
    readonly log: FunctionLog;
    readonly onExit: () => void;
  };
  readonly #worker: Worker;
  readonly #outbox: Outbox<ToWorker>;
  readonly #running = new Map<number, Running>();
  readonly #functions = new Map<string, FunctionConfiguration>();
  /** How many instances of a function are warm and wait. */
  readonly #idle = new Map<string, number>();
  readonly #abandoned = new Map<number, () => void>();
  #invocations = 0;
  #ended = false;

  constructor(options: {
    readonly runtime: Runtime;
    readonly region: string;
    readonly handleRequest: HandleRequest;
    readonly log: FunctionLog;
    /** Called when the thread has ended, for whatever reason. */
    readonly onExit: () => void;
  }) {
    this.#options = options;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      env: ENVIRONMENT,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#outbox = new Outbox((messages) => {
      if (!this.#ended) this.#worker.postMessage(messages);
    });
    this.#worker.on('message', (messages: FromWorker[]) => {
      for (const message of messages) this.#receive(message);
    });
    this.#worker.on('error', (error) =>
      options.log('worker', `The function worker failed: ${error.message}`),
    );
    this.#worker.on('exit', (code) => this.#end(code));
  }

  /** How many invocations are running. */
  get busy(): number {
    return this.#running.size;
  }

  load(fn: FunctionConfiguration, directory: string): void {
    this.#functions.set(fn.name, fn);
    this.#idle.set(fn.name, 0);
    this.#outbox.add({ kind: 'load', fn, directory, region: this.#options.region });
  }

  unload(name: string): void {
    this.#functions.delete(name);
    this.#outbox.add({ kind: 'unload', name });
  }

  /** Runs an invocation; it resolves however it ends, with the thread too. */
  invoke(fn: FunctionConfiguration, payload: string, invocation: Invocation): Promise<InvocationResult> {
    this.#invocations += 1;
    const id = this.#invocations;
    const { requestId, timeoutMs, signal } = invocation;
    return new Promise((resolve) => {
      const running: Running = { name: fn.name, invocation, started: false, resolve };
      this.#running.set(id, running);
      signal.addEventListener('abort', () => this.#abandon(id), { once: true });
      this.#outbox.add({ kind: 'invoke', id, name: fn.name, payload, requestId, timeoutMs });
      const idle = this.#idle.get(fn.name) ?? 0;
      if (idle > 0) {
        this.#idle.set(fn.name, idle - 1);
        begin(running);
      }
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'started': {
        const running = this.#running.get(message.id);
        if (running !== undefined) begin(running);
        return;
      }
      case 'result':
        this.#finish(message.id, message.result);
        return;
      case 'abandoned':
        this.#abandoned.get(message.id)?.();
        this.#abandoned.delete(message.id);
        return;
      case 'log':
        this.#options.log(message.name, message.line);
        return;
      case 'request':
        void this.#answer(message);
        return;
    }
  }

  async #answer({ id, name, request }: Extract<FromWorker, { kind: 'request' }>): Promise<void> {
    const role = this.#functions.get(name)?.role ?? '';
    const response = await this.#options.handleRequest(request, { kind: 'role', arn: role });
    this.#outbox.add({ kind: 'answer', id, response });
  }

  #finish(id: number, result: InvocationResult): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    if (running.started) this.#idle.set(running.name, (this.#idle.get(running.name) ?? 0) + 1);
    running.resolve(result);
  }

  /** Gives an invocation up. A handler that never yields blocks the whole thread, which is then ended. */
  #abandon(id: number): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    this.#outbox.add({ kind: 'abandon', id });
    const cancel = this.#options.runtime.schedule({
      name: 'worker-stuck',
      delayMs: STUCK_AFTER_MS,
      run: () => this.close(),
    });
    this.#abandoned.set(id, cancel);
    running.resolve(failure(new Error('the invocation was given up')));
  }

  #end(code: number): void {
    this.#ended = true;
    this.#options.onExit();
    for (const cancel of this.#abandoned.values()) cancel();
    this.#abandoned.clear();
    const error = Object.assign(new Error(`Runtime exited with exit code ${code}`), {
      name: 'Runtime.ExitError',
    });
    const result = failure(error);
    for (const running of [...this.#running.values()]) running.resolve(result);
    this.#running.clear();
  }
}

function begin(running: Running): void {
  running.started = true;
  running.invocation.onStart();
}
