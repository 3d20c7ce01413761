import type { SubscriberDelivery } from '@payments/schemas';

export type DeliveryMode = SubscriberDelivery['mode'];

/** An invocation waits for its batch at most this long where near-real-time was asked for, in seconds. */
export const NEAR_REAL_TIME_WINDOW_MAX_SECONDS = 60;

/** Above this many messages a batch needs a window (Lambda developer guide, "Configuring scaling for SQS"). */
export const BATCH_WITHOUT_WINDOW_MAX = 10;

/** The longest that a Lambda function may run, in seconds (Lambda quotas). */
export const INVOCATION_MAX_SECONDS = 900;

/**
 * What one event may take of an invocation's time, in milliseconds: an event of one 64 KB chunk holds about 40
 * records, and a stage handles 800 records a second at the least.
 */
export const EVENT_BUDGET_MILLISECONDS = 50;

/** The bus takes this many entries of a pipe at a time; a larger answer of the enrichment is not delivered. */
export const PIPE_TARGET_ENTRIES_MAX = 10;

/** So many records of 1.5 KB fill the ten entries of 64 KB that the bus takes of a pipe at a time. */
export const PIPE_BATCH_MAX = 400;

/** How many invocations one queue may occupy at once when the environment does not say. */
export const CONCURRENCY_DEFAULT = 10;

/** How many messages an invocation takes at most when the environment does not say. */
export const BATCH_SIZE_DEFAULT: Readonly<Record<DeliveryMode, number>> = {
  'real-time': BATCH_WITHOUT_WINDOW_MAX,
  'near-real-time': 100,
  batch: 100,
};

/** How long an invocation that a queue feeds may take, in seconds; a scheduled drain has all of Lambda's time. */
export const FUNCTION_TIMEOUT_SECONDS: Readonly<Record<DeliveryMode, number>> = {
  'real-time': 30,
  'near-real-time': 60,
  batch: 300,
};

/** How many rows the pipe takes at most when the environment does not say. */
export const PIPE_BATCH_DEFAULT: Readonly<Record<DeliveryMode, number>> = {
  'real-time': PIPE_TARGET_ENTRIES_MAX,
  'near-real-time': 100,
  batch: PIPE_BATCH_MAX,
};

/** How many changes of a table an invocation takes at most; a stream gives a thousand at a time. */
export const TABLE_STREAM_BATCH: Readonly<Record<DeliveryMode, number>> = {
  'real-time': 100,
  'near-real-time': 100,
  batch: 1000,
};
