import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { EventNotRepeatedError } from '../errors.ts';
import type { RepeatedEvent, ReplayStage, StageQueues } from '../ports.ts';

/** The URL of the queue of each stage that is given events once more. */
export type StageQueueUrls = Readonly<Record<Exclude<ReplayStage, 'reconcile'>, string>>;

/** The queues of other stages, in which messages of the bus wait for them. */
export class SqsStageQueues implements StageQueues {
  readonly #client: SQSClient;
  readonly #urls: StageQueueUrls;
  readonly #messageOf: (event: RepeatedEvent) => string;

  /** @param messageOf how an event is written that a stage takes from its queue */
  constructor(client: SQSClient, urls: StageQueueUrls, messageOf: (event: RepeatedEvent) => string) {
    this.#client = client;
    this.#urls = urls;
    this.#messageOf = messageOf;
  }

  async send(stage: keyof StageQueueUrls, event: RepeatedEvent): Promise<void> {
    try {
      await this.#client.send(
        new SendMessageCommand({ QueueUrl: this.#urls[stage], MessageBody: this.#messageOf(event) }),
      );
    } catch (error) {
      throw new EventNotRepeatedError(stage, error);
    }
  }
}
