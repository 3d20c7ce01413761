import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { DataSourceType, ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { objects, optionalText, requiredText } from '../sqs/members.ts';
import { type Notification, passesFilter, readNotification } from './notification.ts';
import { NotificationDeliveries } from './notification-deliveries.ts';
import { PublishedLog } from './published-log.ts';
import { snsResources, topicSource } from './sns-resources.ts';
import { type Subscription, type Topic, TopicRegistry } from './topic-registry.ts';

const BATCH_ENTRIES_MAX = 10;

/** SNS bills each 64 KB of a message as one request. */
const BILLED_BYTES = 65_536;

/** Amazon SNS: standard topics with queues, functions and (recorded only) e-mail addresses as subscribers. */
export class SnsService implements LocalService {
  readonly name = 'sns';
  readonly resourceTypes: readonly ResourceType[];
  readonly dataSources: readonly DataSourceType[];
  readonly #context: ServiceContext;
  readonly #topics: TopicRegistry;
  readonly #deliveries: NotificationDeliveries;
  readonly #published: PublishedLog;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#topics = new TopicRegistry(context.store);
    this.#deliveries = new NotificationDeliveries(context, this.#topics);
    this.#published = new PublishedLog(context.store);
    this.resourceTypes = snsResources(context.account, context.runtime, this.#topics);
    this.dataSources = [topicSource(context.account, this.#topics)];
  }

  call(operation: string, input: JsonObject): JsonObject {
    switch (operation) {
      case 'Publish':
        return { MessageId: this.#publish(this.#topicOf(input), input) };
      case 'PublishBatch':
        return this.#publishBatch(input);
      case 'ListTopics':
        return { Topics: this.#topics.topicArns().map((arn) => ({ TopicArn: arn })) };
      case 'ListSubscriptionsByTopic':
        return { Subscriptions: this.#topics.subscriptionsOf(this.#topicOf(input).arn).map(forApi) };
      case 'GetTopicAttributes':
        return { Attributes: this.#attributesOf(this.#topicOf(input)) };
      default:
        throw new AwsError('UnknownOperationException', `The local cloud does not run sns:${operation}.`);
    }
  }

  /** The messages that were published last, of one topic or of all, oldest first. */
  published(topicArn?: string): Notification[] {
    return this.#published.all(topicArn);
  }

  /** The resource policy of a topic; without one of its own, the account and its alarms may publish. */
  policyOf(topicArn: string): string | undefined {
    const topic = this.#topics.findTopic(topicArn);
    return topic === undefined ? undefined : (topic.policy ?? this.#defaultPolicy(topic.arn));
  }

  resume(): void {
    this.#deliveries.resume();
  }

  outstanding(): number {
    return this.#deliveries.pending;
  }

  #publish(topic: Topic, input: JsonObject): string {
    const { runtime } = this.#context;
    const message = readNotification(input, topic.arn, runtime.uuid(), runtime.now());
    this.#published.add(message);
    for (const subscription of this.#topics.subscriptionsOf(topic.arn)) {
      if (passesFilter(this.#topics, subscription, message)) this.#deliveries.accept(subscription, message);
    }
    this.#context.bill('sns:publishes', Math.ceil(Buffer.byteLength(message.message) / BILLED_BYTES));
    return message.messageId;
  }

  #publishBatch(input: JsonObject): JsonObject {
    const topic = this.#topicOf(input);
    const entries = objects(input['PublishBatchRequestEntries']);
    if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'The batch has no entries.');
    if (entries.length > BATCH_ENTRIES_MAX) {
      throw new AwsError('TooManyEntriesInBatchRequest', `A batch has at most ${BATCH_ENTRIES_MAX} entries.`);
    }
    const ids = entries.map((entry) => requiredText(entry, 'Id'));
    if (new Set(ids).size < ids.length) {
      throw new AwsError('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
    }
    const successful: JsonValue[] = [];
    const failed: JsonValue[] = [];
    for (const [index, entry] of entries.entries()) {
      const id = ids[index] ?? '';
      try {
        successful.push({ Id: id, MessageId: this.#publish(topic, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
      }
    }
    return { Successful: successful, Failed: failed };
  }

  #topicOf(input: JsonObject): Topic {
    const arn = optionalText(input, 'TopicArn') ?? optionalText(input, 'TargetArn');
    if (arn === undefined) throw new AwsError('InvalidParameter', 'TopicArn is required.');
    return this.#topics.getTopic(arn);
  }

  #attributesOf(topic: Topic): JsonObject {
    return {
      TopicArn: topic.arn,
      Owner: this.#context.account.id,
      DisplayName: topic.displayName,
      Policy: topic.policy ?? this.#defaultPolicy(topic.arn),
      SubscriptionsConfirmed: String(this.#topics.subscriptionsOf(topic.arn).length),
    };
  }

  /** Source: SNS Developer Guide, the policy that a topic is created with. */
  #defaultPolicy(topicArn: string): string {
    return JSON.stringify({
      Version: '2008-10-17',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: ['SNS:Publish', 'SNS:GetTopicAttributes', 'SNS:ListSubscriptionsByTopic'],
          Resource: topicArn,
          Condition: { StringEquals: { 'AWS:SourceOwner': this.#context.account.id } },
        },
      ],
    });
  }
}

function forApi(subscription: Subscription): JsonObject {
  const { arn, topicArn, protocol, endpoint } = subscription;
  return { SubscriptionArn: arn, TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint };
}
