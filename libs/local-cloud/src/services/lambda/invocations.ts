import { AwsError } from '../../core/aws-error.ts';
import type { InvocationResult, ServiceContext } from '../../core/seams.ts';
import type { FunctionHost } from './function-host.ts';
import type { FunctionRecord, FunctionRegistry } from './function-registry.ts';

/** Concurrent invocations of an account (Lambda quotas, the default). */
const ACCOUNT_CONCURRENCY = 1000;
const MB_PER_GB = 1024;

/** Counts a metric of a function. */
export type CountMetric = (functionName: string, metric: string, value: number) => void;

/** Runs functions: concurrency, timeouts, billing, and answers that get lost. */
export class Invocations {
  readonly #context: ServiceContext;
  readonly #registry: FunctionRegistry;
  readonly #host: FunctionHost;
  readonly #count: CountMetric;
  readonly #running = new Map<string, number>();
  #total = 0;

  constructor(context: ServiceContext, registry: FunctionRegistry, host: FunctionHost, count: CountMetric) {
    this.#context = context;
    this.#registry = registry;
    this.#host = host;
    this.#count = count;
  }

  /** How many invocations are running. */
  get running(): number {
    return this.#total;
  }

  /**
   * Runs a function once.
   *
   * @param reference its name or ARN
   * @throws AwsError ResourceNotFoundException, TooManyRequestsException
   */
  async run(
    reference: string,
    payload: string,
    requestId: string = this.#context.runtime.uuid(),
  ): Promise<InvocationResult> {
    const fn = this.#registry.get(reference);
    this.#admit(fn);
    const count = (this.#running.get(fn.name) ?? 0) + 1;
    this.#running.set(fn.name, count);
    this.#total += 1;
    try {
      const result = await this.#timed(fn, payload, requestId);
      // The handler's work is done, but whoever waits for it never hears so.
      if (this.#context.faults.losesAnswer(fn.name)) return lostAnswer(requestId);
      return result;
    } finally {
      this.#running.set(fn.name, (this.#running.get(fn.name) ?? 1) - 1);
      this.#total -= 1;
    }
  }

  #admit(fn: FunctionRecord): void {
    const refused = this.#context.faults.refuse('lambda', 'Invoke');
    if (refused !== undefined) throw refused;
    const running = this.#running.get(fn.name) ?? 0;
    if (fn.reservedConcurrency !== undefined && running >= fn.reservedConcurrency) {
      throw this.#throttled(fn, 'ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (fn.reservedConcurrency === undefined && this.#total >= ACCOUNT_CONCURRENCY) {
      throw this.#throttled(fn, 'ConcurrentInvocationLimitExceeded');
    }
  }

  #throttled(fn: FunctionRecord, reason: string): AwsError {
    this.#count(fn.name, 'Throttles', 1);
    return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      status: 429,
      members: { Reason: reason, Type: 'User' },
    });
  }

  #timed(fn: FunctionRecord, payload: string, requestId: string): Promise<InvocationResult> {
    const { runtime } = this.#context;
    const timeoutMs = fn.timeoutSeconds * 1000;
    const abort = new AbortController();
    let startedAt: number | undefined;
    let cancel: () => void = () => undefined;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        cancel();
        this.#bill(fn, runtime.now() - (startedAt ?? runtime.now()));
      };
      const onStart = (): void => {
        startedAt = runtime.now();
        cancel = runtime.schedule({
          name: `lambda-timeout:${fn.name}`,
          delayMs: timeoutMs,
          run: () => {
            finish();
            resolve(timedOut(fn, requestId));
            abort.abort();
          },
        });
      };
      this.#host
        .invoke(fn, payload, { requestId, timeoutMs, onStart, signal: abort.signal })
        .then((result) => {
          if (abort.signal.aborted) return;
          finish();
          resolve(result);
        })
        .catch(reject);
    });
  }

  /** Lambda bills each millisecond that is begun, times the configured memory. */
  #bill(fn: FunctionRecord, durationMs: number): void {
    this.#context.bill('lambda:requests', 1);
    const seconds = Math.max(1, Math.ceil(durationMs)) / 1000;
    this.#context.bill('lambda:gb-seconds', (fn.memoryMb / MB_PER_GB) * seconds);
  }
}

/** True for an error that says the function is busy and would be run later. */
export function isThrottle(error: unknown): boolean {
  return error instanceof AwsError && (error.code === 'TooManyRequestsException' || error.status >= 500);
}

function timedOut(fn: FunctionRecord, requestId: string): InvocationResult {
  return {
    payload: JSON.stringify({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${fn.timeoutSeconds.toFixed(2)} seconds`,
    }),
    functionError: 'Unhandled',
  };
}

function lostAnswer(requestId: string): InvocationResult {
  return {
    payload: JSON.stringify({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
    }),
    functionError: 'Unhandled',
  };
}
