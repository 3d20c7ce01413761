import type { JsonObject } from '../../core/aws-error.ts';
import type { QueueSource, ReceivedMessage, ServiceContext } from '../../core/seams.ts';
import { BATCH_ENTRIES_MAX } from './batch-entries.ts';
import {
  attributeBytes,
  attributesForLambda,
  md5OfAttributes,
  md5OfBody,
  readAttributes,
} from './message-attributes.ts';
import type { MessageStore, TakenMessage } from './message-store.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { billedRequests } from './send-message.ts';

/** What the queues' consumers inside the cloud use: no permissions, no requests, Lambda's spelling. */
export class LocalQueueSource implements QueueSource {
  readonly #context: ServiceContext;
  readonly #registry: QueueRegistry;
  readonly #messages: MessageStore;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(context: ServiceContext, registry: QueueRegistry, messages: MessageStore) {
    this.#context = context;
    this.#registry = registry;
    this.#messages = messages;
  }

  receive(queueArn: string, max: number, visibilityTimeoutSeconds?: number): ReceivedMessage[] {
    const queue = this.#registry.get(queueArn);
    const seconds = visibilityTimeoutSeconds ?? queue.settings.visibilityTimeoutSeconds;
    const { messages, deadLettered } = this.#messages.take(queue, max, seconds * 1000);
    for (const arn of deadLettered) this.wake(arn);
    this.#bill(
      messages.length,
      messages.reduce((bytes, message) => bytes + message.body.length, 0),
    );
    return messages.map(forLambda);
  }

  delete(queueArn: string, receiptHandles: readonly string[]): void {
    const queue = this.#registry.get(queueArn);
    for (const handle of receiptHandles) this.#messages.remove(queue, handle);
    this.#bill(receiptHandles.length, 0);
  }

  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): void {
    this.#messages.hide(this.#registry.get(queueArn), receiptHandle, seconds);
    this.#bill(1, 0);
    this.wake(queueArn);
  }

  /** @param messageAttributes as the API has them: `{name: {DataType, StringValue}}` */
  send(queueArn: string, body: string, messageAttributes?: JsonObject): void {
    const queue = this.#registry.get(queueArn);
    const attributes = readAttributes(messageAttributes);
    this.#messages.add(queue, {
      messageId: this.#context.runtime.uuid(),
      sender: this.#context.account.id,
      body,
      attributes,
      traceHeader: undefined,
      delayMs: queue.settings.delaySeconds * 1000,
    });
    this.#bill(1, body.length + attributeBytes(attributes));
    this.wake(queueArn);
  }

  depth(queueArn: string): { readonly visible: number; readonly nextVisibleAt: number | undefined } {
    return this.#messages.depth(this.#registry.get(queueArn));
  }

  onMessages(queueArn: string, wake: () => void): () => void {
    const listeners = this.#listeners.get(queueArn) ?? new Set();
    this.#listeners.set(queueArn, listeners.add(wake));
    return () => listeners.delete(wake);
  }

  visibilityTimeoutSeconds(queueArn: string): number {
    return this.#registry.get(queueArn).settings.visibilityTimeoutSeconds;
  }

  /** Tells the consumers of a queue that it has got messages, or that hidden ones come back at another time. */
  wake(queueArn: string): void {
    for (const listener of this.#listeners.get(queueArn) ?? []) listener();
  }

  #bill(messages: number, bytes: number): void {
    if (messages === 0) return;
    const calls = Math.ceil(messages / BATCH_ENTRIES_MAX);
    this.#context.bill('sqs:requests', Math.max(calls, billedRequests(bytes)));
  }
}

function forLambda(message: TakenMessage): ReceivedMessage {
  const digest = md5OfAttributes(message.attributes);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.systemAttributes,
    messageAttributes: attributesForLambda(message.attributes),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    md5OfBody: md5OfBody(message.body),
  };
}
