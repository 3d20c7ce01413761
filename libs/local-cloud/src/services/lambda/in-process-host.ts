import type { Runtime } from '../../core/runtime.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { HandleRequest } from '../../transport/wire.ts';
import { openBundle } from './bundle.ts';
import { functionClient } from './function-client.ts';
import type { FunctionConfiguration, FunctionHost, FunctionLog, Invocation } from './function-host.ts';
import { type AwsAccess, type FunctionInstance, failure, startInstance } from './function-instance.ts';
import { immediateRetries } from './immediate-retries.ts';

const BYTE_VALUES = 256;

/**
 * Runs functions in this thread, with the runtime's time and randomness: for simulations, where one seed is
 * to give one course of events, and for tests.
 */
export class InProcessHost implements FunctionHost {
  readonly #runtime: Runtime;
  readonly #region: string;
  readonly #handleRequest: HandleRequest;
  readonly #log: FunctionLog;
  readonly #cacheDirectory: string;
  /** Instances that wait for an invocation, by the function's name. */
  readonly #idle = new Map<string, FunctionInstance[]>();
  readonly #directories = new Map<string, string>();
  /** Counts the loads of a function, so that an instance of older code does not come back into use. */
  readonly #generations = new Map<string, number>();
  #started = 0;

  constructor(options: {
    readonly runtime: Runtime;
    readonly region: string;
    readonly handleRequest: HandleRequest;
    readonly log: FunctionLog;
    /** Where zips are unpacked. */
    readonly cacheDirectory: string;
  }) {
    this.#runtime = options.runtime;
    this.#region = options.region;
    this.#handleRequest = options.handleRequest;
    this.#log = options.log;
    this.#cacheDirectory = options.cacheDirectory;
  }

  load(fn: FunctionConfiguration): void {
    this.unload(fn.name);
    this.#directories.set(fn.name, openBundle(fn.bundle, this.#cacheDirectory));
  }

  async invoke(
    fn: FunctionConfiguration,
    payload: string,
    invocation: Invocation,
  ): Promise<InvocationResult> {
    const generation = this.#generations.get(fn.name);
    let instance: FunctionInstance;
    try {
      instance = this.#idle.get(fn.name)?.pop() ?? (await this.#start(fn));
    } catch (error) {
      invocation.onStart();
      return failure(error);
    }
    invocation.onStart();
    const result = await instance.run(payload, invocation);
    if (!invocation.signal.aborted && generation === this.#generations.get(fn.name)) {
      this.#idle.set(fn.name, [...(this.#idle.get(fn.name) ?? []), instance]);
    }
    return result;
  }

  unload(name: string): void {
    this.#generations.set(name, (this.#generations.get(name) ?? 0) + 1);
    this.#idle.delete(name);
    this.#directories.delete(name);
  }

  async close(): Promise<void> {
    this.#idle.clear();
  }

  #start(fn: FunctionConfiguration): Promise<FunctionInstance> {
    const directory = this.#directories.get(fn.name);
    if (directory === undefined) throw new Error(`function ${fn.name} was not loaded`);
    this.#started += 1;
    return startInstance(fn, directory, this.#access(fn), this.#started);
  }

  #access(fn: FunctionConfiguration): AwsAccess {
    const runtime = this.#runtime;
    const client = functionClient(this.#handleRequest, fn.role, this.#region);
    return {
      // Virtual time stands still while a handler runs, so a pause in it takes none.
      clock: { now: () => runtime.now(), sleep: () => Promise.resolve() },
      random: {
        uuid: () => runtime.uuid(),
        next: () => runtime.random(),
        bytes: (length) => Uint8Array.from({ length }, () => Math.floor(runtime.random() * BYTE_VALUES)),
      },
      client: { ...client, retryStrategy: immediateRetries(client.maxAttempts) },
      output: (line) => this.#log(fn.name, line),
    };
  }
}
