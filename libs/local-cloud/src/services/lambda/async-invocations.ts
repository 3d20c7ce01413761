import type { InvocationResult, ServiceContext } from '../../core/seams.ts';
import { sendToDestination } from './failure-destination.ts';
import type { EventInvokeConfiguration, FunctionRecord, FunctionRegistry } from './function-registry.ts';
import { type Invocations, isThrottle } from './invocations.ts';

/** Lambda waits a minute before the first retry of an event whose function failed, two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000] as const;
/** Back-off while the function is throttled: from a second to five minutes. */
const THROTTLE_DELAY_MIN_MS = 1000;
const THROTTLE_DELAY_MAX_MS = 300_000;
/** How many events of one function are in work at once, so that a burst waits here and is not throttled. */
const IN_FLIGHT_MAX = 10;

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

interface EventRow {
  readonly id: string;
  readonly function: string;
  readonly payload: string;
  readonly accepted_at: number;
  readonly attempts: number;
  readonly throttles: number;
  readonly next_at: number;
}

/**
 * The events that functions are invoked with asynchronously, kept until they are done: retries, maximum
 * age, destinations and dead-letter queue (Lambda Developer Guide, "Asynchronous invocation").
 */
export class AsyncInvocations {
  readonly #context: ServiceContext;
  readonly #registry: FunctionRegistry;
  readonly #invocations: Invocations;
  readonly #inFlight = new Map<string, number>();
  readonly #waiting = new Map<string, string[]>();

  constructor(context: ServiceContext, registry: FunctionRegistry, invocations: Invocations) {
    this.#context = context;
    this.#registry = registry;
    this.#invocations = invocations;
    context.store.define(`CREATE TABLE IF NOT EXISTS lambda_events (
      id TEXT PRIMARY KEY, function TEXT NOT NULL, payload TEXT NOT NULL, accepted_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL, throttles INTEGER NOT NULL, next_at INTEGER NOT NULL)`);
  }

  /** Accepts an event; it may be delivered more than once. */
  accept(fn: FunctionRecord, payload: string, requestId: string): void {
    const { faults, runtime } = this.#context;
    const deliveries = faults.deliveries();
    for (let delivery = 0; delivery < deliveries; delivery += 1) {
      const id = delivery === 0 ? requestId : runtime.uuid();
      const delayMs = faults.delayMs();
      const now = runtime.now();
      this.#context.store.run(
        'INSERT INTO lambda_events VALUES (?, ?, ?, ?, 0, 0, ?)',
        id,
        fn.name,
        payload,
        now,
        now + delayMs,
      );
      this.#schedule(fn.name, id, delayMs);
    }
  }

  /** How many events are not done. */
  outstanding(): number {
    return this.#context.store.get<{ n: number }>('SELECT COUNT(*) AS n FROM lambda_events')?.n ?? 0;
  }

  resume(): void {
    const now = this.#context.runtime.now();
    const rows = this.#context.store.all<EventRow>(
      'SELECT id, function, next_at FROM lambda_events ORDER BY rowid',
    );
    for (const row of rows) this.#schedule(row.function, row.id, Math.max(0, row.next_at - now));
  }

  #schedule(name: string, id: string, delayMs: number): void {
    this.#context.runtime.schedule({
      name: `lambda-async:${name}`,
      delayMs,
      run: () => this.#begin(name, id),
    });
  }

  async #begin(name: string, id: string): Promise<void> {
    const inFlight = this.#inFlight.get(name) ?? 0;
    if (inFlight >= IN_FLIGHT_MAX) {
      const waiting = this.#waiting.get(name);
      if (waiting === undefined) this.#waiting.set(name, [id]);
      else waiting.push(id);
      return;
    }
    this.#inFlight.set(name, inFlight + 1);
    try {
      await this.#attempt(id);
    } finally {
      this.#inFlight.set(name, (this.#inFlight.get(name) ?? 1) - 1);
      const next = this.#waiting.get(name)?.shift();
      if (next !== undefined) this.#schedule(name, next, 0);
    }
  }

  async #attempt(id: string): Promise<void> {
    const row = this.#context.store.get<EventRow>('SELECT * FROM lambda_events WHERE id = ?', id);
    if (row === undefined) return;
    if (!this.#registry.has(row.function)) {
      this.#forget(id);
      this.#context.warn(`An event for ${row.function} is dropped: the function is gone.`);
      return;
    }
    const fn = this.#registry.get(row.function);
    const settings = this.#registry.eventInvoke(row.function);
    let result: InvocationResult;
    try {
      result = await this.#invocations.run(fn.name, row.payload, row.id);
    } catch (error) {
      if (!isThrottle(error)) throw error;
      await this.#throttled(row, fn, settings);
      return;
    }
    const attempts = row.attempts + 1;
    if (result.functionError === undefined) {
      await this.#finish({ ...row, attempts }, fn, settings, 'Success', result);
      return;
    }
    const delay = RETRY_DELAYS_MS[Math.min(attempts, RETRY_DELAYS_MS.length) - 1] ?? 0;
    if (attempts > settings.maximumRetryAttempts) {
      await this.#finish({ ...row, attempts }, fn, settings, 'RetriesExhausted', result);
    } else if (this.#tooLate(row, settings, delay)) {
      await this.#finish({ ...row, attempts }, fn, settings, 'EventAgeExceeded', result);
    } else {
      this.#postpone({ ...row, attempts }, delay);
    }
  }

  async #throttled(row: EventRow, fn: FunctionRecord, settings: EventInvokeConfiguration): Promise<void> {
    const delay = Math.min(THROTTLE_DELAY_MAX_MS, THROTTLE_DELAY_MIN_MS * 2 ** row.throttles);
    if (this.#tooLate(row, settings, delay)) {
      await this.#finish(row, fn, settings, 'EventAgeExceeded', undefined);
    } else {
      this.#postpone({ ...row, throttles: row.throttles + 1 }, delay);
    }
  }

  /** A retry that would begin after the maximum age is not waited for. */
  #tooLate(row: EventRow, settings: EventInvokeConfiguration, delayMs: number): boolean {
    return this.#context.runtime.now() + delayMs >= row.accepted_at + settings.maximumEventAgeSeconds * 1000;
  }

  #postpone(row: EventRow, delayMs: number): void {
    this.#context.store.run(
      'UPDATE lambda_events SET attempts = ?, throttles = ?, next_at = ? WHERE id = ?',
      row.attempts,
      row.throttles,
      this.#context.runtime.now() + delayMs,
      row.id,
    );
    this.#schedule(row.function, row.id, delayMs);
  }

  async #finish(
    row: EventRow,
    fn: FunctionRecord,
    settings: EventInvokeConfiguration,
    condition: Condition,
    result: InvocationResult | undefined,
  ): Promise<void> {
    const success = condition === 'Success';
    const destination = success ? settings.onSuccessArn : settings.onFailureArn;
    if (destination !== undefined) {
      const message = {
        body: JSON.stringify(this.#record(row, fn, condition, result)),
        detailType: `Lambda Function Invocation Result - ${success ? 'Success' : 'Failure'}`,
        resources: [`${fn.arn}:$LATEST`],
      };
      await sendToDestination(this.#context, destination, message, fn.role);
    }
    if (!success && fn.deadLetterArn !== undefined) {
      const message = { body: row.payload, attributes: deadLetterAttributes(row, result) };
      await sendToDestination(this.#context, fn.deadLetterArn, message, fn.role);
    }
    if (!success && destination === undefined && fn.deadLetterArn === undefined) {
      this.#context.warn(
        `An event for ${fn.name} failed for good and is dropped (${condition}): no destination.`,
      );
    }
    this.#forget(row.id);
  }

  #record(
    row: EventRow,
    fn: FunctionRecord,
    condition: Condition,
    result: InvocationResult | undefined,
  ): object {
    return {
      version: '1.0',
      timestamp: new Date(this.#context.runtime.now()).toISOString(),
      requestContext: {
        requestId: row.id,
        functionArn: `${fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount: row.attempts,
      },
      requestPayload: parsed(row.payload),
      ...(result === undefined
        ? {}
        : {
            responseContext: {
              statusCode: 200,
              executedVersion: '$LATEST',
              ...(result.functionError === undefined ? {} : { functionError: result.functionError }),
            },
            responsePayload: parsed(result.payload),
          }),
    };
  }

  #forget(id: string): void {
    this.#context.store.run('DELETE FROM lambda_events WHERE id = ?', id);
  }
}

function deadLetterAttributes(row: EventRow, result: InvocationResult | undefined) {
  const answer = parsed(result?.payload ?? '{}');
  const message =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'errorMessage') : undefined;
  return {
    RequestID: { DataType: 'String', StringValue: row.id },
    ErrorCode: { DataType: 'Number', StringValue: result === undefined ? '429' : '200' },
    ErrorMessage: { DataType: 'String', StringValue: String(message ?? 'Rate Exceeded.') },
  };
}

function parsed(payload: string): unknown {
  return payload === '' ? {} : JSON.parse(payload);
}
