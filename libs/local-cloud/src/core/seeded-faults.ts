import { AwsError } from './aws-error.ts';
import type { DeliveredEvent, Faults } from './faults.ts';
import type { ServiceName } from './service.ts';

/** How likely each fault is, as a share of the occasions at which it could arise. */
export interface FaultRates {
  /** A call that changes or reads data is answered with a throttle or an internal error, and not carried out. */
  readonly refusedCalls: number;
  /** An event is delivered twice, when it is met for the first time: copies of copies would have no end. */
  readonly duplicateEvents: number;
  /** A message that was received is handed out once more. */
  readonly duplicateMessages: number;
  /** A delivery comes late, up to `delayMsMax`, and is overtaken. */
  readonly delays: number;
  readonly delayMsMax: number;
  /** A function's work is done and its answer is lost. */
  readonly lostAnswers: number;
  /** One entry of a PutEvents call is refused. */
  readonly refusedEntries: number;
}

/** Every event and message twice and in shuffled order, and now and then each other fault. */
export const ROUGH: FaultRates = {
  refusedCalls: 0.02,
  duplicateEvents: 1,
  duplicateMessages: 0.02,
  delays: 0.5,
  delayMsMax: 10_000,
  lostAnswers: 0.05,
  refusedEntries: 0.05,
};

/** The services whose calls are refused now and then; deploying and watching are left alone. */
const REFUSING: ReadonlySet<ServiceName> = new Set(['dynamodb', 'events', 's3', 'sns', 'sqs', 'kms']);

/** Faults drawn from a source of randomness: with a seeded one, the same seed has the same faults. */
export class SeededFaults implements Faults {
  readonly #random: () => number;
  readonly #rates: FaultRates;
  readonly #identify: (event: string) => string;
  readonly #met = new Set<string>();
  /** Faults begin when the stage is set. */
  enabled = false;

  /**
   * @param random gives numbers in [0, 1)
   * @param identify what makes two events the same one, told from the event's text
   */
  constructor(random: () => number, rates: FaultRates, identify: (event: string) => string) {
    this.#random = random;
    this.#rates = rates;
    this.#identify = identify;
  }

  refuse(service: ServiceName, operation: string): AwsError | undefined {
    if (!REFUSING.has(service) || !this.#happens(this.#rates.refusedCalls)) return undefined;
    if (service === 'dynamodb' && this.#random() < 0.5) {
      return new AwsError(
        'ProvisionedThroughputExceededException',
        'The level of configured throughput was exceeded.',
      );
    }
    return new AwsError('InternalServerError', `${operation} failed within ${service}.`, { status: 500 });
  }

  deliveries(event?: DeliveredEvent): number {
    if (event === undefined) return this.#happens(this.#rates.duplicateMessages) ? 2 : 1;
    const key = `${event.rule}|${event.target}|${this.#identify(event.text)}`;
    if (!this.enabled || this.#met.has(key)) return 1;
    this.#met.add(key);
    return this.#happens(this.#rates.duplicateEvents) ? 2 : 1;
  }

  delayMs(): number {
    return this.#happens(this.#rates.delays) ? Math.floor(this.#random() * this.#rates.delayMsMax) : 0;
  }

  losesAnswer(): boolean {
    return this.#happens(this.#rates.lostAnswers);
  }

  refusesEntry(): boolean {
    return this.#happens(this.#rates.refusedEntries);
  }

  #happens(share: number): boolean {
    return this.enabled && this.#random() < share;
  }
}
