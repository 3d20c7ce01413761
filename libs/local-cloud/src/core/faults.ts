import type { AwsError } from './aws-error.ts';
import type { ServiceName } from './service.ts';

/** An event on its way to one target of one rule. */
export interface DeliveredEvent {
  readonly rule: string;
  readonly target: string;
  /** The event as JSON text. */
  readonly text: string;
}

/**
 * The faults that a simulation injects, each one that AWS documents as possible. Services ask at the one
 * place where the fault would arise; `NO_FAULTS` never has any.
 */
export interface Faults {
  /** An error to answer instead of carrying out the call (a throttle, an internal error), or nothing. */
  refuse(service: ServiceName, operation: string): AwsError | undefined;
  /** How often a message, or this event, is delivered: 1, or more since delivery is at least once. */
  deliveries(event?: DeliveredEvent): number;
  /** How much later than at once a delivery is made, in milliseconds; differing delays reorder. */
  delayMs(): number;
  /** True when an invocation's work is done but its answer is lost, so that its source tries again. */
  losesAnswer(functionName: string): boolean;
  /** True when PutEvents is to refuse this one entry with an internal error. */
  refusesEntry(): boolean;
}

export const NO_FAULTS: Faults = {
  refuse: () => undefined,
  deliveries: () => 1,
  delayMs: () => 0,
  losesAnswer: () => false,
  refusesEntry: () => false,
};
