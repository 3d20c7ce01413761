import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { InvocationContext } from './aws-context.ts';
import type { RunDependencies } from './stage-run.ts';
import type { DrainDependencies, HandleMessages } from './subscriber.ts';

/** ReceiveMessage and DeleteMessageBatch take at most this many messages (SQS API reference). */
const SQS_BATCH_MAX = 10;
/** How many receives fill one round, so that records of a round are packed together. */
const RECEIVES_A_ROUND = 10;
/** A round is not begun with less time left than this, in milliseconds. */
const ROUND_MARGIN_MS = 60_000;

/** What a schedule sends to a function that drains its queue. */
export interface DrainRequest {
  readonly drain: { readonly largestBatch: number };
}

export function isDrainRequest(event: unknown): event is DrainRequest {
  const { drain } = (event ?? {}) as { drain?: { largestBatch?: unknown } };
  return typeof drain?.largestBatch === 'number';
}

/**
 * Takes messages from the stage's queue and handles them until it is empty, the largest batch is reached or
 * the function's time runs short. What fails stays in the queue and comes with the next drain.
 *
 * @returns how many messages were handled and how many of them failed
 */
export async function drainQueue(
  { aws, queueUrl }: RunDependencies & DrainDependencies,
  { largestBatch }: DrainRequest['drain'],
  handle: HandleMessages,
  context: InvocationContext,
): Promise<{ handled: number; failed: number }> {
  const client = new SQSClient(aws.client);
  const url = queueUrl();
  let handled = 0;
  let failed = 0;
  while (handled < largestBatch && context.getRemainingTimeInMillis() > ROUND_MARGIN_MS) {
    const messages = await receiveRound(client, url, largestBatch - handled);
    if (messages.length === 0) break;
    const failures = await handle(
      messages.map(({ MessageId, Body }) => ({ messageId: MessageId ?? '', body: Body ?? '' })),
    );
    await deleteAll(
      client,
      url,
      messages.filter((_message, index) => !failures.has(index)),
    );
    handled += messages.length;
    failed += failures.size;
  }
  return { handled, failed };
}

async function receiveRound(client: SQSClient, url: string, max: number): Promise<Message[]> {
  const round: Message[] = [];
  for (let receive = 0; receive < RECEIVES_A_ROUND && round.length < max; receive += 1) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(SQS_BATCH_MAX, max - round.length),
      }),
    );
    if (Messages.length === 0) break;
    round.push(...Messages);
  }
  return round;
}

async function deleteAll(client: SQSClient, url: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += SQS_BATCH_MAX) {
    // A message of which the deletion fails comes again and is recognized as done: every stage is idempotent.
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.slice(start, start + SQS_BATCH_MAX).map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
        })),
      }),
    );
  }
}
