import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FileQueue } from '../batch/serve-batch.ts';

/** After how many seconds a message that failed comes again. */
const COME_AGAIN_SECONDS = 60;

/** The queue that the bucket of files tells of a new one. */
export class SqsFileQueue implements FileQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async send(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody: body }));
  }

  async comeAgainSoon(ReceiptHandle: string): Promise<void> {
    const VisibilityTimeout = COME_AGAIN_SECONDS;
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.#url, ReceiptHandle, VisibilityTimeout }),
    );
  }
}
