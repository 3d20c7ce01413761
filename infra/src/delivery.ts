import type { Environment, SourceDelivery, StageName, SubscriberDelivery } from '@payments/schemas';
import {
  BATCH_SIZE_DEFAULT,
  CONCURRENCY_DEFAULT,
  type DeliveryMode,
  FUNCTION_TIMEOUT_SECONDS,
  INVOCATION_MAX_SECONDS,
  PIPE_BATCH_DEFAULT,
} from './delivery-limits.ts';

export type { DeliveryMode } from './delivery-limits.ts';
export { deliveryProblems } from './delivery-problems.ts';

/** A queue that feeds its function continuously. */
export interface ContinuousDelivery {
  readonly kind: 'continuous';
  readonly mode: DeliveryMode;
  /** Events an invocation takes at most. */
  readonly batchSize: number;
  /** How long an invocation waits for its batch, in seconds. */
  readonly windowSeconds: number;
  /** How many invocations the queue may occupy at once. */
  readonly concurrency: number;
  readonly functionTimeoutSeconds: number;
}

/** A queue that its function empties when a schedule says so. */
export interface ScheduledDelivery {
  readonly kind: 'scheduled';
  readonly mode: DeliveryMode;
  /** `rate(…)` or `cron(…)`. */
  readonly schedule: string;
  /** Events that one drain takes at most. */
  readonly largestBatch: number;
  readonly functionTimeoutSeconds: number;
}

export type QueueDelivery = ContinuousDelivery | ScheduledDelivery;

/** How the pipe reads the authorization log. */
export interface PipeDelivery {
  readonly batchSize: number;
  readonly windowSeconds: number;
}

/** How the queue of a stage is emptied; the environment is one that `loadEnvironment` gave. */
export function queueDelivery(environment: Environment, stage: StageName): QueueDelivery {
  const subscriber = subscriberOf(environment, stage);
  const { mode, schedule, largestBatch } = subscriber;
  if (schedule !== undefined && largestBatch !== undefined) {
    return {
      kind: 'scheduled',
      mode,
      schedule,
      largestBatch,
      functionTimeoutSeconds: INVOCATION_MAX_SECONDS,
    };
  }
  return {
    kind: 'continuous',
    mode,
    batchSize: subscriber.batchSize ?? BATCH_SIZE_DEFAULT[mode],
    windowSeconds: subscriber.windowSeconds ?? 0,
    concurrency: subscriber.concurrency ?? CONCURRENCY_DEFAULT,
    functionTimeoutSeconds: FUNCTION_TIMEOUT_SECONDS[mode],
  };
}

/** How the pipe from the authorization log to the bus reads: as its source, ingest, is delivered. */
export function pipeDelivery(environment: Environment): PipeDelivery {
  const { mode, batchSize, windowSeconds } = producerOf(environment, 'ingest');
  return { batchSize: batchSize ?? PIPE_BATCH_DEFAULT[mode], windowSeconds: windowSeconds ?? 0 };
}

/** How a stage packs the records that it publishes. */
export function packingOf(environment: Environment, stage: StageName): DeliveryMode {
  return producerOf(environment, stage).mode;
}

function subscriberOf(environment: Environment, stage: StageName): SubscriberDelivery {
  const delivery = environment.subscribers[stage];
  if (delivery === undefined) throw new RangeError(`subscribers.${stage} is missing`);
  return delivery;
}

function producerOf(environment: Environment, stage: StageName): SourceDelivery {
  const delivery = environment.sources[stage];
  if (delivery === undefined) throw new RangeError(`sources.${stage} is missing`);
  return delivery;
}
