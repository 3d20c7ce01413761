import type { JsonValue } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';
import type { Details, HistoryObserver } from './history.ts';
import { StatesError } from './states-error.ts';
import { Wakefulness } from './wakefulness.ts';

/** Who an execution is, for the context object and for the calls it makes. */
export interface ExecutionIdentity {
  readonly arn: string;
  readonly name: string;
  readonly input: JsonValue;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly roleArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly type: 'STANDARD' | 'EXPRESS';
}

/** The time that the whole execution may take has run out. */
export class ExecutionTimedOut extends StatesError {
  constructor() {
    super('States.Timeout', undefined, true);
  }
}

/** What is common to all branches of one run of an execution. */
export class Execution {
  readonly identity: ExecutionIdentity;
  readonly runtime: Runtime;
  readonly wakefulness: Wakefulness;
  readonly #observer: HistoryObserver | undefined;
  readonly #deadline: number;
  readonly #eventsMax: number;
  #events = 0;
  #transitions = 0;

  /**
   * @param options.deadline when it times out, in epoch milliseconds
   * @param options.eventsMax how many events its history may hold before it fails
   * @param options.observer hears of all events; without one they are only counted
   */
  constructor(
    identity: ExecutionIdentity,
    runtime: Runtime,
    options: { deadline: number; eventsMax: number; observer?: HistoryObserver | undefined },
  ) {
    this.identity = identity;
    this.runtime = runtime;
    this.wakefulness = new Wakefulness(runtime, `states:${identity.stateMachineName}`);
    this.#deadline = options.deadline;
    this.#eventsMax = options.eventsMax;
    this.#observer = options.observer;
  }

  /** How many states were entered, retries included: what a Standard execution is billed by. */
  get transitions(): number {
    return this.#transitions;
  }

  /** Counts a transition. Throws ExecutionTimedOut when the time has run out. */
  countTransition(): void {
    this.#transitions += 1;
    this.failWhenLate();
  }

  /** Throws ExecutionTimedOut when the time has run out. */
  failWhenLate(): void {
    if (this.runtime.now() > this.#deadline) throw new ExecutionTimedOut();
  }

  /** How much of a sleep fits before the time runs out, in milliseconds. */
  clipped(ms: number): number {
    return Math.min(ms, this.#deadline + 1 - this.runtime.now());
  }

  /** Adds an event to the history and gives its id. */
  record(type: string, previousEventId: number, details?: Details): number {
    this.#events += 1;
    const id = this.#events;
    if (id > this.#eventsMax) {
      throw new StatesError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${this.#eventsMax}).`,
        true,
      );
    }
    this.#notify(id, type, previousEventId, details);
    return id;
  }

  /** Adds the event that ends the history, for which there is always room. */
  recordEnd(type: string, previousEventId: number, details: Details): void {
    this.#events += 1;
    this.#notify(this.#events, type, previousEventId, details);
  }

  #notify(id: number, type: string, previousEventId: number, details: Details | undefined): void {
    if (this.#observer === undefined) return;
    const [detailsName, made] = details?.() ?? [];
    this.#observer({ id, previousEventId, type, timestamp: this.runtime.now(), detailsName, details: made });
  }
}
