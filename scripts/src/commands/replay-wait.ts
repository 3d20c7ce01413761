import { GetQueueAttributesCommand, GetQueueUrlCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { resourceName } from '@payments/infra/names';
import type { StageName } from '@payments/schemas';
import type { Connection } from './connection.ts';
import { ReplayRefusedError } from './replay-refused-error.ts';

export const DEFAULT_WAIT_MINUTES = 60;
const POLL_MS = 1_000;
/** The count of a queue is approximate (API reference, GetQueueAttributes): it must be zero so often in a row. */
const ZEROS = 2;

/**
 * Comes back when a stage's queue has been empty for a moment, and says so.
 *
 * @throws ReplayRefusedError when the time is over first
 */
export async function queueTaken(
  { sqs, environment }: Connection,
  stage: StageName,
  minutes: number,
): Promise<string> {
  const QueueName = resourceName(environment, stage, 'queue');
  const deadline = Date.now() + minutes * 60_000;
  const url = await queueUrl(sqs, QueueName);
  if (url === undefined) return `${stage} has no queue: its rule calls it at once`;
  for (let zeros = 0; zeros < ZEROS; ) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    zeros = Object.values(Attributes).every((count) => Number(count) === 0) ? zeros + 1 : 0;
    if (zeros === ZEROS) break;
    if (Date.now() > deadline)
      throw new ReplayRefusedError(
        'NotInTime',
        `All was given, but ${stage} has not taken it within ${minutes} minutes: its queue is ${QueueName}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return `the queue of ${stage} is empty`;
}

async function queueUrl(sqs: Connection['sqs'], QueueName: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
