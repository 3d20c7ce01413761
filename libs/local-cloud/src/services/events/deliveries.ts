import { AwsError } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { BusDirectory, Rule } from './bus-directory.ts';
import { type BusEvent, storedEvent } from './bus-event.ts';
import {
  type DeliveryFailure,
  deadLetterAttributes,
  deliveryFailure,
  type ExhaustedCondition,
} from './delivery-failure.ts';
import type { Target } from './target.ts';
import type { TargetCaller } from './target-caller.ts';

/** The first wait before a delivery is tried again, and the longest; AWS documents neither. */
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 10 * 60_000;

/** How many events that wait for their delivery are remembered as they came; others are read from the store. */
const REMEMBERED_MAX = 64;

interface Row {
  readonly id: number;
  readonly bus: string;
  readonly rule: string;
  readonly target: string;
  readonly event: string;
  readonly ingested_at: number;
  readonly hops: number;
  readonly retries: number;
  readonly due_at: number;
}

/**
 * Brings events to the targets of rules. A delivery that succeeds within the step leaves no trace; every
 * other one is a row of the store until it is made, given to the dead-letter queue, or dropped.
 */
export class Deliveries {
  readonly #context: ServiceContext;
  readonly #directory: BusDirectory;
  readonly #caller: TargetCaller;
  readonly #remembered = new Map<number, BusEvent>();
  #waiting: number;

  constructor(context: ServiceContext, directory: BusDirectory, caller: TargetCaller) {
    this.#context = context;
    this.#directory = directory;
    this.#caller = caller;
    context.store.define(`CREATE TABLE IF NOT EXISTS events_delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, rule TEXT NOT NULL, target TEXT NOT NULL,
      event TEXT NOT NULL, ingested_at INTEGER NOT NULL, hops INTEGER NOT NULL,
      retries INTEGER NOT NULL, due_at INTEGER NOT NULL)`);
    this.#waiting = context.store.get<{ n: number }>('SELECT count(*) AS n FROM events_delivery')?.n ?? 0;
  }

  /** How many deliveries are still to be made. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes up the deliveries that were waiting when the process ended. */
  resume(): void {
    for (const row of this.#context.store.all<Row>('SELECT * FROM events_delivery ORDER BY id')) {
      this.#schedule(row.id, row.due_at);
    }
  }

  /** Delivers an event to all targets of a rule that it matches: at least once each, in no order. */
  deliver(event: BusEvent, rule: Rule): void {
    const { faults, runtime } = this.#context;
    for (const target of rule.targets.values()) {
      const delivered = { rule: rule.name, target: target.id, text: event.text };
      for (let copies = faults.deliveries(delivered); copies > 0; copies -= 1) {
        const delayMs = faults.delayMs();
        if (delayMs > 0 || !this.#caller.isImmediate(target)) {
          this.#keep(event, rule, target, 0, runtime.now() + delayMs);
          continue;
        }
        try {
          this.#caller.deliverNow(event, rule, target);
        } catch (error) {
          const dueAt = this.#retryAt(event, rule, target, 0, deliveryFailure(error));
          if (dueAt !== undefined) this.#keep(event, rule, target, 1, dueAt);
        }
      }
    }
  }

  #keep(event: BusEvent, rule: Rule, target: Target, retries: number, dueAt: number): void {
    this.#context.store.run(
      `INSERT INTO events_delivery (bus, rule, target, event, ingested_at, hops, retries, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      rule.busName,
      rule.name,
      target.id,
      event.text,
      event.ingestedAt,
      event.hops,
      retries,
      dueAt,
    );
    const row = this.#context.store.get<{ id: number }>('SELECT last_insert_rowid() AS id');
    this.#waiting += 1;
    const id = row?.id ?? 0;
    if (this.#remembered.size < REMEMBERED_MAX) this.#remembered.set(id, event);
    this.#schedule(id, dueAt);
  }

  #schedule(id: number, dueAt: number): void {
    const { runtime } = this.#context;
    runtime.schedule({
      name: `events-delivery:${id}`,
      delayMs: Math.max(0, dueAt - runtime.now()),
      run: () => this.#attempt(id),
    });
  }

  async #attempt(id: number): Promise<void> {
    const { store, warn } = this.#context;
    const remembered = this.#remembered.get(id);
    this.#remembered.delete(id);
    const row = store.get<Row>('SELECT * FROM events_delivery WHERE id = ?', id);
    if (row === undefined) return;
    const rule = this.#directory.findBus(row.bus)?.rules.get(row.rule);
    const target = rule?.targets.get(row.target);
    if (rule === undefined || target === undefined) {
      warn(`rule ${row.rule} of bus ${row.bus} lost target ${row.target} before an event was delivered`);
      this.#done(id);
      return;
    }
    const event = remembered ?? storedEvent(row.event, row.ingested_at, row.hops);
    try {
      await this.#caller.deliver(event, rule, target);
    } catch (error) {
      const dueAt = this.#retryAt(event, rule, target, row.retries, deliveryFailure(error));
      if (dueAt !== undefined) {
        store.run('UPDATE events_delivery SET retries = retries + 1, due_at = ? WHERE id = ?', dueAt, id);
        this.#schedule(id, dueAt);
        return;
      }
    }
    this.#done(id);
  }

  #done(id: number): void {
    this.#waiting -= this.#context.store.run('DELETE FROM events_delivery WHERE id = ?', id);
  }

  /** When to try again after a failure; nothing when the delivery is given up, which this has then seen to. */
  #retryAt(
    event: BusEvent,
    rule: Rule,
    target: Target,
    retries: number,
    failure: DeliveryFailure,
  ): number | undefined {
    if (!failure.retryable) {
      this.#giveUp(event, rule, target, retries, failure, undefined);
      return undefined;
    }
    if (retries >= target.retryAttemptsMax) {
      this.#giveUp(event, rule, target, retries, failure, 'MaximumRetryAttempts');
      return undefined;
    }
    const { runtime } = this.#context;
    const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(retries, 30));
    // Jitter over the upper half keeps retries of one failure apart without making any of them early.
    const dueAt = runtime.now() + Math.ceil(backoff * (0.5 + runtime.random() / 2));
    if (dueAt > event.ingestedAt + target.eventAgeSecondsMax * 1000) {
      this.#giveUp(event, rule, target, retries, failure, 'MaximumEventAgeInSeconds');
      return undefined;
    }
    return dueAt;
  }

  #giveUp(
    event: BusEvent,
    rule: Rule,
    target: Target,
    retries: number,
    failure: DeliveryFailure,
    exhausted: ExhaustedCondition | undefined,
  ): void {
    const what = `rule ${rule.arn}: event ${event.id} not delivered to ${target.arn} (${failure.message})`;
    if (target.deadLetterArn === undefined) {
      this.#context.warn(`${what}; dropped, the target has no dead-letter queue`);
      return;
    }
    const attributes = deadLetterAttributes(rule.arn, target.arn, failure, retries, exhausted);
    try {
      this.#caller.deadLetter(target.deadLetterArn, event, rule, attributes);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.warn(
        `${what}; dropped, its dead-letter queue refused it (${error.code}: ${error.message})`,
      );
    }
  }
}
