import type { Runtime } from '../../../core/runtime.ts';
import type { StatesError } from './states-error.ts';

/** The defaults of a retrier (the language's page on Retry). */
export const RETRY_INTERVAL_SECONDS_DEFAULT = 1;
export const RETRY_ATTEMPTS_DEFAULT = 3;
export const RETRY_BACKOFF_RATE_DEFAULT = 2;

/** A retrier of a state, its defaults filled in. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly fullJitter: boolean;
}

/**
 * True when a list of error names matches an error. `States.ALL` matches every error that can be caught,
 * `States.TaskFailed` every one but a timeout; a heartbeat timeout is a timeout too.
 *
 * AWS's documentation says that States.ALL does not match States.DataLimitExceeded; recorded executions show
 * that it does where a task's result is too large, so only what is marked terminal is left out.
 */
export function matchesError(names: readonly string[], { error, terminal }: StatesError): boolean {
  if (terminal) return false;
  return names.some((name) => {
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed')
      return error !== 'States.Timeout' && error !== 'States.HeartbeatTimeout';
    if (name === 'States.Timeout' && error === 'States.HeartbeatTimeout') return true;
    return name === error;
  });
}

/** The attempts that a state has left: every retrier counts its own. */
export class RetryBudget {
  readonly #retriers: readonly Retrier[];
  readonly #used: number[] = [];

  constructor(retriers: readonly Retrier[]) {
    this.#retriers = retriers;
  }

  /** How long to wait before the next attempt, in milliseconds; undefined when there is none. */
  delayAfter(error: StatesError, runtime: Runtime): number | undefined {
    const index = this.#retriers.findIndex((retrier) => matchesError(retrier.errorEquals, error));
    const retrier = this.#retriers[index];
    if (retrier === undefined) return undefined;
    const used = this.#used[index] ?? 0;
    if (used >= retrier.maxAttempts) return undefined;
    this.#used[index] = used + 1;
    const seconds = retrier.intervalSeconds * retrier.backoffRate ** used;
    const longest = Math.min(seconds, retrier.maxDelaySeconds ?? seconds) * 1000;
    return Math.round(retrier.fullJitter ? longest * runtime.random() : longest);
  }
}
