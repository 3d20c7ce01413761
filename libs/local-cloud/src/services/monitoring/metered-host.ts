import type { Runtime } from '../../core/runtime.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { FunctionConfiguration, FunctionHost, Invocation } from '../lambda/index.ts';
import type { MetricStore } from './metric-store.ts';

const NAMESPACE = 'AWS/Lambda';

/** Counts what a host runs, as Lambda's own metrics: Invocations, Errors, Duration (ms). */
export class MeteredHost implements FunctionHost {
  readonly #host: FunctionHost;
  readonly #metrics: MetricStore;
  readonly #runtime: Runtime;

  constructor(host: FunctionHost, metrics: MetricStore, runtime: Runtime) {
    this.#host = host;
    this.#metrics = metrics;
    this.#runtime = runtime;
  }

  load(fn: FunctionConfiguration): Promise<void> | void {
    return this.#host.load(fn);
  }

  async invoke(
    fn: FunctionConfiguration,
    payload: string,
    invocation: Invocation,
  ): Promise<InvocationResult> {
    let startedAt = this.#runtime.now();
    const onStart = (): void => {
      startedAt = this.#runtime.now();
      invocation.onStart();
    };
    // A timeout is an error of the function too, and its answer is no longer waited for.
    invocation.signal.addEventListener('abort', () => this.#add(fn, 'Errors', 1), { once: true });
    const result = await this.#host.invoke(fn, payload, { ...invocation, onStart });
    if (!invocation.signal.aborted) this.#add(fn, 'Errors', result.functionError === undefined ? 0 : 1);
    this.#add(fn, 'Invocations', 1);
    this.#add(fn, 'Duration', this.#runtime.now() - startedAt);
    return result;
  }

  unload(name: string): void {
    this.#host.unload(name);
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #add(fn: FunctionConfiguration, name: string, value: number): void {
    const metric = { namespace: NAMESPACE, name, dimensions: { FunctionName: fn.name } };
    this.#metrics.add(metric, value, this.#runtime.now());
  }
}
