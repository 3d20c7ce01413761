import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { EventName } from '@payments/schemas';
import type { InvocationContext, LambdaFunction } from './aws-context.ts';
import { drainQueue, isDrainRequest } from './drain-queue.ts';
import { messageOf } from './kit-error.ts';
import { openEvent } from './open-event.ts';
import type { Publisher } from './put-events-publisher.ts';
import type { Processing } from './record-outcome.ts';
import { type RunDependencies, runStage } from './stage-run.ts';

/** A message of a subscriber's queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Handles messages; gives those that must come again, by index, with the cause. */
export type HandleMessages = (messages: readonly QueueMessage[]) => Promise<ReadonlyMap<number, unknown>>;

/** The queue of a subscriber, for drains on a schedule. */
export interface DrainDependencies {
  readonly queueUrl: () => string;
}

/** Makes the message handling of a bus subscriber: open, run, publish, and say which messages must come again. */
export function handleMessages<Name extends EventName>(
  dependencies: RunDependencies & { readonly publisher: Publisher; readonly consumes: readonly Name[] },
  processing: Processing<Name>,
): HandleMessages {
  return async (messages) => {
    const opened = messages.map(({ body }) => openEvent(body, dependencies.consumes));
    const run = await runStage(dependencies, opened, processing);
    const refused = await dependencies.publisher.publish(run.events);
    for (const [event, error] of refused)
      for (const origin of run.originsOf(event)) run.failures.set(origin, error);
    for (const cause of run.failures.values())
      dependencies.log.error({ errorMessage: messageOf(cause) }, 'to be retried');
    run.finish();
    return run.failures;
  };
}

/**
 * The Lambda function of a bus subscriber. It is invoked by its queue's event source mapping, with
 * ReportBatchItemFailures, or by a schedule with `{ "drain": { "largestBatch": n } }` to empty the queue itself.
 */
export function subscriberFunction(
  dependencies: RunDependencies & DrainDependencies,
  handle: HandleMessages,
): LambdaFunction {
  const fromQueue = middy<{ Records: QueueMessage[] }, unknown>()
    .use(sqsPartialBatchFailure({ logger: () => undefined }))
    .handler(async ({ Records }: { Records: QueueMessage[] }) => {
      const failures = await handle(Records);
      return Promise.allSettled(
        Records.map((_record, index) =>
          failures.has(index) ? Promise.reject(failures.get(index)) : Promise.resolve(),
        ),
      );
    });
  return async (event, context) => {
    if (isDrainRequest(event)) return drainQueue(dependencies, event.drain, handle, context);
    return fromQueue(event as { Records: QueueMessage[] }, context as InvocationContext as never);
  };
}
