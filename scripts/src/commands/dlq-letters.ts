import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { withoutPans } from '@payments/schemas';
import type { DeadLetterQueue } from './dlq-queues.ts';

/** ReceiveMessage gives at most so many (API reference). */
const RECEIVE_MAX = 10;
/** How long a message is hidden from others while it is looked at or moved. */
const HIDDEN_SECONDS = 60;
/** A receive of a distributed queue may find nothing though there is something (SQS developer guide, "Short polling"). */
const WAIT_SECONDS = 1;
/** How many transactions of an event are named. */
const TRANSACTIONS_SHOWN = 5;

/** A message of a dead-letter queue as it is shown: ids and reasons, nothing of a card or an account. */
export interface Letter {
  readonly messageId: string;
  readonly event?: string;
  readonly eventId?: string;
  /** When the event was put on the bus, RFC 3339. */
  readonly time?: string;
  readonly transactionIds: readonly string[];
  readonly records: number;
  readonly sentAt: string;
  readonly ageSeconds: number;
  readonly receiveCount: number;
  readonly reason: string;
}

/** A message that is hidden from others until it is deleted or released. */
export interface TakenLetter {
  readonly letter: Letter;
  readonly message: Message;
}

/** Takes up to so many messages, one batch after another, each once. */
export async function* takeLetters(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  max: number,
): AsyncGenerator<TakenLetter> {
  const seen = new Set<string>();
  while (seen.size < max) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(RECEIVE_MAX, max - seen.size),
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
    if (fresh.length === 0) return;
    for (const message of fresh) {
      seen.add(message.MessageId ?? '');
      yield { message, letter: letterOf(message, queue) };
    }
  }
}

/** Lets others see a message again. */
export async function release(
  sqs: SQSClient,
  { url }: DeadLetterQueue,
  { message }: TakenLetter,
): Promise<void> {
  const input = { QueueUrl: url, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 };
  await sqs.send(new ChangeMessageVisibilityCommand(input));
}

export async function remove(
  sqs: SQSClient,
  { url }: DeadLetterQueue,
  { message }: TakenLetter,
): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
}

/** Sends a message on and removes it then: what breaks off between the two comes twice and is never lost. */
export async function moveTo(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  taken: TakenLetter,
  toUrl: string,
): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: toUrl, MessageBody: taken.message.Body }));
  await remove(sqs, queue, taken);
}

function letterOf(message: Message, queue: DeadLetterQueue): Letter {
  const { MessageId = '', Body = '', Attributes = {} } = message;
  const sentAt = Number(Attributes.SentTimestamp ?? 0);
  const event = eventIn(Body);
  const receiveCount = Number(Attributes.ApproximateReceiveCount ?? 0);
  return {
    messageId: MessageId,
    ...event,
    sentAt: new Date(sentAt).toISOString(),
    ageSeconds: Math.max(0, Math.round((Date.now() - sentAt) / 1000)),
    receiveCount,
    reason: reasonOf(message, queue),
  };
}

type EventIds = Pick<Letter, 'event' | 'eventId' | 'time' | 'transactionIds' | 'records'>;

/** The ids in an event, and nothing else of it. */
function eventIn(body: string): EventIds {
  const none = { transactionIds: [], records: 0 };
  try {
    const event = JSON.parse(body) as {
      'detail-type'?: string;
      time?: string;
      detail?: { metadata?: { eventId?: string }; records?: { transactionId?: string }[] };
    } | null;
    const name = event?.['detail-type'];
    if (typeof name !== 'string') return none;
    const records = Array.isArray(event?.detail?.records) ? event.detail.records : [];
    const ids = records.map((record) => record?.transactionId).filter((id) => typeof id === 'string');
    const eventId = event?.detail?.metadata?.eventId;
    return {
      event: withoutPans(name),
      ...(typeof eventId === 'string' ? { eventId: withoutPans(eventId) } : {}),
      ...(typeof event?.time === 'string' ? { time: withoutPans(event.time) } : {}),
      transactionIds: ids.slice(0, TRANSACTIONS_SHOWN).map(withoutPans),
      records: records.length,
    };
  } catch {
    return none;
  }
}

/**
 * Why a message lies there: what EventBridge, Scheduler or Lambda wrote to it, else what the queue means. SQS itself
 * says of a message that failed no more than how often it was received, and looking at it counts.
 */
function reasonOf({ Body = '', MessageAttributes = {} }: Message, queue: DeadLetterQueue): string {
  const attribute = (name: string): string | undefined => MessageAttributes[name]?.StringValue;
  const code = attribute('ERROR_CODE') ?? attribute('X-Amz-Scheduler-Error-Code') ?? attribute('ErrorCode');
  const text = attribute('ERROR_MESSAGE') ?? attribute('ErrorMessage') ?? conditionIn(Body);
  const retries = attribute('RETRY_ATTEMPTS');
  const said = [code, text, retries === undefined ? undefined : `after ${retries} retries`];
  const reason = said.filter((part) => part !== undefined).join(': ');
  if (reason !== '') return withoutPans(reason);
  return queue.kind === 'failed'
    ? `failed in ${queue.owner} until its queue gave up: its function's log says why`
    : queue.says;
}

/** What Lambda writes of an invocation that failed for good (Lambda developer guide, "Destinations"). */
function conditionIn(body: string): string | undefined {
  const condition = /"condition"\s*:\s*"(\w+)"/.exec(body)?.[1];
  return condition;
}
