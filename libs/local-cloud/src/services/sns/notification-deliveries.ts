import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import { lambdaEvent, type Notification, queueEnvelope } from './notification.ts';
import type { Subscription, TopicRegistry } from './topic-registry.ts';

/**
 * When a delivery that failed is tried again. Source: SNS Developer Guide, "Message delivery retries", the
 * phases for AWS managed endpoints: 3 at once, 2 after 1 s, 10 backing off to 20 s, 100,000 every 20 s.
 */
const IMMEDIATE_RETRIES = 3;
const PRE_BACKOFF_RETRIES = 2;
const BACKOFF_RETRIES = 10;
const POST_BACKOFF_RETRIES = 100_000;
const PRE_BACKOFF_MS = 1000;
const BACKOFF_MAX_MS = 20_000;

interface DeliveryRow {
  id: number;
  subscription_arn: string;
  message: string;
  attempts: number;
  due_at: number;
}

/** Brings messages to their subscribers, at least once, with SNS's retries and dead-letter queues. */
export class NotificationDeliveries {
  readonly #context: ServiceContext;
  readonly #topics: TopicRegistry;
  #pending = 0;

  constructor(context: ServiceContext, topics: TopicRegistry) {
    this.#context = context;
    this.#topics = topics;
    context.store.define(`CREATE TABLE IF NOT EXISTS sns_deliveries (
      id INTEGER PRIMARY KEY AUTOINCREMENT, subscription_arn TEXT NOT NULL, message TEXT NOT NULL,
      attempts INTEGER NOT NULL, due_at INTEGER NOT NULL) STRICT`);
  }

  /** How many deliveries are not done yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Accepts a message for a subscription; a fault may deliver it more than once, or late. */
  accept(subscription: Subscription, message: Notification): void {
    const { faults, runtime, store } = this.#context;
    for (let copy = 0; copy < faults.deliveries(); copy += 1) {
      const dueAt = runtime.now() + faults.delayMs();
      const row = store.get<{ id: number }>(
        'INSERT INTO sns_deliveries (subscription_arn, message, attempts, due_at) VALUES (?, ?, 0, ?) RETURNING id',
        subscription.arn,
        JSON.stringify(message),
        dueAt,
      );
      if (row === undefined) throw new Error('an inserted delivery has an id');
      this.#pending += 1;
      this.#schedule(row.id, dueAt);
    }
  }

  resume(): void {
    for (const row of this.#context.store.all<DeliveryRow>('SELECT * FROM sns_deliveries ORDER BY id')) {
      this.#pending += 1;
      this.#schedule(row.id, row.due_at);
    }
  }

  #schedule(id: number, dueAt: number): void {
    this.#context.runtime.schedule({
      name: `sns-delivery:${id}`,
      delayMs: Math.max(0, dueAt - this.#context.runtime.now()),
      run: () => this.#attempt(id),
    });
  }

  async #attempt(id: number): Promise<void> {
    const { store } = this.#context;
    const row = store.get<DeliveryRow>('SELECT * FROM sns_deliveries WHERE id = ?', id);
    if (row === undefined) return;
    const subscription = this.#topics.findSubscription(row.subscription_arn);
    if (subscription === undefined) {
      this.#done(id);
      return;
    }
    const message: Notification = JSON.parse(row.message);
    try {
      await this.#deliver(subscription, message);
      this.#done(id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      await this.#failed(row, subscription, message, error);
    }
  }

  async #failed(
    row: DeliveryRow,
    subscription: Subscription,
    message: Notification,
    error: AwsError,
  ): Promise<void> {
    const { runtime, store } = this.#context;
    const attempts = row.attempts + 1;
    // A fault of the caller's, such as a missing queue or permission, would only fail again.
    const retryMs = error.status >= 500 ? retryDelayMs(attempts) : undefined;
    if (retryMs !== undefined) {
      const dueAt = runtime.now() + retryMs;
      store.run('UPDATE sns_deliveries SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, row.id);
      this.#schedule(row.id, dueAt);
      return;
    }
    await this.#deadLetter(subscription, message, error);
    this.#done(row.id);
  }

  async #deadLetter(subscription: Subscription, message: Notification, error: AwsError): Promise<void> {
    const { deadLetterArn } = subscription;
    const what = `The notification ${message.messageId} for ${subscription.endpoint}`;
    if (deadLetterArn === undefined) {
      this.#context.warn(`${what} was dropped: ${error.code}: ${error.message}`);
      return;
    }
    try {
      await this.#send(deadLetterArn, queueEnvelope(message, subscription), {}, message.topicArn);
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      this.#context.warn(`${what} was dropped, its dead-letter queue refused it: ${cause.message}`);
    }
  }

  async #deliver(subscription: Subscription, message: Notification): Promise<void> {
    switch (subscription.protocol) {
      case 'sqs': {
        const body = subscription.raw ? message.message : queueEnvelope(message, subscription);
        await this.#send(
          subscription.endpoint,
          body,
          subscription.raw ? message.attributes : {},
          message.topicArn,
        );
        return;
      }
      case 'lambda': {
        const input = {
          FunctionName: subscription.endpoint,
          InvocationType: 'Event',
          Payload: lambdaEvent(message, subscription),
        };
        await this.#context.call('lambda', 'Invoke', input, sns(message.topicArn));
        return;
      }
      case 'email':
        this.#context.warn(`To ${subscription.endpoint}: ${message.subject ?? message.message}`);
    }
  }

  async #send(queueArn: string, body: string, attributes: JsonObject, topicArn: string): Promise<void> {
    const [, , , region = '', account = '', name = ''] = queueArn.split(':');
    const input = {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: body,
      ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
    };
    await this.#context.call('sqs', 'SendMessage', input, sns(topicArn));
  }

  #done(id: number): void {
    this.#context.store.run('DELETE FROM sns_deliveries WHERE id = ?', id);
    this.#pending -= 1;
  }
}

function sns(topicArn: string): Principal {
  return { kind: 'service', service: 'sns.amazonaws.com', sourceArn: topicArn };
}

/**
 * How long to wait before a delivery is tried again.
 *
 * @param attempts how often it has been tried, from 1
 * @returns milliseconds, or undefined when it is given up
 */
export function retryDelayMs(attempts: number): number | undefined {
  let retry = attempts;
  if (retry <= IMMEDIATE_RETRIES) return 0;
  retry -= IMMEDIATE_RETRIES;
  if (retry <= PRE_BACKOFF_RETRIES) return PRE_BACKOFF_MS;
  retry -= PRE_BACKOFF_RETRIES;
  if (retry <= BACKOFF_RETRIES) {
    return Math.round(PRE_BACKOFF_MS * (BACKOFF_MAX_MS / PRE_BACKOFF_MS) ** (retry / BACKOFF_RETRIES));
  }
  return retry - BACKOFF_RETRIES <= POST_BACKOFF_RETRIES ? BACKOFF_MAX_MS : undefined;
}
