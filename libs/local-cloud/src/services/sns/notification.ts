import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { isObject, optionalText, requiredText } from '../sqs/members.ts';
import type { Subscription, TopicRegistry } from './topic-registry.ts';

/** SNS's limit of a message with its attributes. Source: "Amazon SNS endpoints and quotas". */
export const MESSAGE_BYTES_MAX = 262_144;

/** A message as it was published. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  /** As in the API: DataType and StringValue or BinaryValue (base64). */
  readonly attributes: JsonObject;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

const SIGNING = 'https://sns.amazonaws.com/SimpleNotificationService-local.pem';

/** Reads what Publish, or one entry of PublishBatch, wants to send. */
export function readNotification(
  input: JsonObject,
  topicArn: string,
  messageId: string,
  publishedAt: number,
): Notification {
  const message = requiredText(input, 'Message');
  const attributes = isObject(input['MessageAttributes']) ? input['MessageAttributes'] : {};
  const bytes = Buffer.byteLength(message) + Buffer.byteLength(JSON.stringify(attributes));
  if (bytes > MESSAGE_BYTES_MAX)
    throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
  if (input['MessageStructure'] !== undefined) {
    throw new AwsError('InvalidParameter', 'MessageStructure is not run by the local cloud.');
  }
  return { messageId, topicArn, subject: optionalText(input, 'Subject'), message, attributes, publishedAt };
}

/** True when a subscription's filter lets a message through. */
export function passesFilter(
  topics: TopicRegistry,
  subscription: Subscription,
  message: Notification,
): boolean {
  const filter = topics.filterOf(subscription);
  if (filter === undefined) return true;
  if (subscription.filterScope === 'MessageAttributes')
    return filter.matches(attributeValues(message.attributes));
  try {
    const body: JsonValue = JSON.parse(message.message);
    return isObject(body) && filter.matches(body);
  } catch {
    return false;
  }
}

/** The envelope that a queue gets. Source: SNS Developer Guide, "HTTP/HTTPS notification JSON format". */
export function queueEnvelope(message: Notification, subscription: Subscription): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: message.messageId,
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: message.message,
    Timestamp: new Date(message.publishedAt).toISOString(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: SIGNING,
    UnsubscribeURL: unsubscribe(subscription),
    ...(Object.keys(message.attributes).length === 0
      ? {}
      : { MessageAttributes: envelopeAttributes(message.attributes) }),
  });
}

/** The event that a function gets. Source: Lambda Developer Guide, "Using AWS Lambda with Amazon SNS". */
export function lambdaEvent(message: Notification, subscription: Subscription): string {
  return JSON.stringify({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: 'Notification',
          MessageId: message.messageId,
          TopicArn: message.topicArn,
          Subject: message.subject ?? null,
          Message: message.message,
          Timestamp: new Date(message.publishedAt).toISOString(),
          SignatureVersion: '1',
          Signature: 'local',
          SigningCertUrl: SIGNING,
          UnsubscribeUrl: unsubscribe(subscription),
          MessageAttributes: envelopeAttributes(message.attributes),
        },
      },
    ],
  });
}

function unsubscribe(subscription: Subscription): string {
  return `https://sns.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`;
}

function envelopeAttributes(attributes: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const { DataType, StringValue, BinaryValue } = isObject(attribute) ? attribute : {};
      return [name, { Type: DataType, Value: StringValue ?? BinaryValue }];
    }),
  );
}

/** Attributes as a filter sees them: numbers as numbers, arrays as arrays, binary ones not at all. */
function attributeValues(attributes: JsonObject): JsonObject {
  const values: Record<string, JsonValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!isObject(attribute) || typeof attribute['StringValue'] !== 'string') continue;
    const text = attribute['StringValue'];
    const isJson = attribute['DataType'] === 'Number' || attribute['DataType'] === 'String.Array';
    values[name] = isJson ? parsed(text) : text;
  }
  return values;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
