import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { EventNotRepeatedError } from '../errors.ts';
import type { ReplayStage, StageQueues } from '../ports.ts';

/** The URL of the queue of each stage that is given events once more. */
export type StageQueueUrls = Readonly<Record<Exclude<ReplayStage, 'reconcile'>, string>>;

/** The queues of other stages, in which messages of the bus wait for them. */
export class SqsStageQueues implements StageQueues {
  readonly #client: SQSClient;
  readonly #urls: StageQueueUrls;

  constructor(client: SQSClient, urls: StageQueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  async send(stage: keyof StageQueueUrls, message: string): Promise<void> {
    try {
      await this.#client.send(new SendMessageCommand({ QueueUrl: this.#urls[stage], MessageBody: message }));
    } catch (error) {
      throw new EventNotRepeatedError(stage, error);
    }
  }
}
