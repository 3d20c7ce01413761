import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, QueueSource, ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import { BATCH_ENTRIES_MAX, eachEntry, readEntries } from './batch-entries.ts';
import { longPoll } from './long-poll.ts';
import { isObject, optionalInteger, optionalText, requiredText, texts } from './members.ts';
import { md5OfAttributes, md5OfBody, selectAttributes } from './message-attributes.ts';
import { MessageMoves } from './message-move.ts';
import { MessageStore, type TakenMessage } from './message-store.ts';
import { MESSAGE_BYTES_MAX, type Queue } from './queue.ts';
import { queueAttributes } from './queue-attributes.ts';
import { QueueRegistry } from './queue-registry.ts';
import { LocalQueueSource } from './queue-source.ts';
import { billedRequests, type Outgoing, readOutgoing } from './send-message.ts';
import { sqsResourceTypes } from './sqs-resources.ts';

const VISIBILITY_SECONDS = { min: 0, max: 43_200 };
const WAIT_SECONDS = { min: 0, max: 20 };
const LISTED_MAX = 1000;

type Operation = (input: JsonObject, caller: Principal) => JsonObject | Promise<JsonObject>;

/** Amazon SQS: standard queues. FIFO queues are refused by name when they are created. */
export class SqsService implements LocalService {
  readonly name = 'sqs';
  readonly queues: QueueSource;
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #registry: QueueRegistry;
  readonly #messages: MessageStore;
  readonly #source: LocalQueueSource;
  readonly #moves: MessageMoves;
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#registry = new QueueRegistry(context);
    this.#messages = new MessageStore(context, this.#registry);
    this.#source = new LocalQueueSource(context, this.#registry, this.#messages);
    this.queues = this.#source;
    this.#moves = new MessageMoves(context, this.#registry, this.#messages, (arn) => this.#source.wake(arn));
    this.resourceTypes = sqsResourceTypes(context, {
      create: (name, attributes) => this.#registry.create(name, attributes),
      change: (reference, attributes) => this.#registry.change(this.#registry.get(reference), attributes),
      find: (reference) => this.#registry.find(reference),
      remove: (reference) => this.#delete(reference),
    });
    this.#operations = this.#defineOperations();
  }

  async call(operation: string, input: JsonObject, caller: Principal): Promise<JsonObject> {
    const run = this.#operations[operation];
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run sqs:${operation}.`);
    }
    return run(input, caller);
  }

  /** The resource policy of a queue, as JSON text, if it has one. */
  policyOf(queueArn: string): string | undefined {
    return this.#registry.find(queueArn)?.attributes['Policy'];
  }

  resume(): void {
    this.#messages.giveBackReceived();
    this.#moves.resume();
  }

  /** Messages in queues that are nobody's dead-letter queue, and message moves that are not done. */
  outstanding(): number {
    const totals = this.#messages.totals();
    let count = this.#moves.running();
    for (const queue of this.#registry.all()) {
      if (!this.#registry.isDeadLetterQueue(queue)) count += totals.get(queue.id) ?? 0;
    }
    return count;
  }

  #defineOperations(): Record<string, Operation> {
    return {
      CreateQueue: (input) => this.#createQueue(input),
      DeleteQueue: (input) => this.#answered(() => this.#delete(this.#queue(input).url)),
      GetQueueUrl: (input) => ({ QueueUrl: this.#registry.get(requiredText(input, 'QueueName')).url }),
      ListQueues: (input) => this.#listQueues(input),
      ListDeadLetterSourceQueues: (input) => ({
        queueUrls: this.#registry.sourcesOf(this.#queue(input).arn).map((queue) => queue.url),
      }),
      GetQueueAttributes: (input) => {
        const queue = this.#queue(input);
        return this.#billed(queueAttributes(queue, input, () => this.#messages.counts(queue)));
      },
      SetQueueAttributes: (input) => {
        const attributes = isObject(input['Attributes']) ? input['Attributes'] : {};
        return this.#answered(() => this.#registry.change(this.#queue(input), attributes));
      },
      PurgeQueue: (input) => this.#answered(() => this.#messages.purge(this.#queue(input))),
      SendMessage: (input, caller) => this.#sendMessage(input, caller),
      SendMessageBatch: (input, caller) => this.#sendMessageBatch(input, caller),
      ReceiveMessage: (input) => this.#receiveMessage(input),
      DeleteMessage: (input) => this.#answered(() => this.#deleteMessage(this.#queue(input), input)),
      DeleteMessageBatch: (input) =>
        this.#billed(
          eachEntry(readEntries(input), (entry) => this.#deleteMessage(this.#queue(input), entry)),
        ),
      ChangeMessageVisibility: (input) => this.#answered(() => this.#hide(this.#queue(input), input)),
      ChangeMessageVisibilityBatch: (input) =>
        this.#billed(eachEntry(readEntries(input), (entry) => this.#hide(this.#queue(input), entry))),
      StartMessageMoveTask: (input) => this.#moves.start(input),
      ListMessageMoveTasks: (input) => this.#moves.list(input),
      CancelMessageMoveTask: (input) => this.#moves.cancel(input),
    };
  }

  #createQueue(input: JsonObject): JsonObject {
    const attributes = isObject(input['Attributes']) ? input['Attributes'] : {};
    return this.#billed({
      QueueUrl: this.#registry.create(requiredText(input, 'QueueName'), attributes).url,
    });
  }

  #listQueues(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
    const after = optionalText(input, 'NextToken') ?? '';
    const max = optionalInteger(input, 'MaxResults', { min: 1, max: LISTED_MAX }) ?? LISTED_MAX;
    const names = this.#registry
      .all()
      .filter((queue) => queue.name.startsWith(prefix) && queue.name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = names.slice(0, max);
    const last = page.at(-1);
    return this.#billed({
      QueueUrls: page.map((queue) => queue.url),
      ...(names.length > max && last !== undefined ? { NextToken: last.name } : {}),
    });
  }

  #delete(reference: string): void {
    const queue = this.#registry.find(reference);
    if (queue === undefined) return;
    this.#messages.purge(queue);
    this.#registry.remove(queue);
  }

  #sendMessage(input: JsonObject, caller: Principal): JsonObject {
    const queue = this.#queue(input);
    const message = readOutgoing(input, queue);
    const answer = this.#send(queue, message, caller);
    this.#context.bill('sqs:requests', billedRequests(message.bytes));
    this.#source.wake(queue.arn);
    return answer;
  }

  #sendMessageBatch(input: JsonObject, caller: Principal): JsonObject {
    const queue = this.#queue(input);
    const entries = readEntries(input);
    const outgoing = new Map<JsonObject, Outgoing>();
    let bytes = 0;
    const refused = new Map<JsonObject, AwsError>();
    for (const entry of entries) {
      try {
        const message = readOutgoing(entry, queue);
        bytes += message.bytes;
        outgoing.set(entry, message);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        refused.set(entry, error);
      }
    }
    if (bytes > MESSAGE_BYTES_MAX) {
      throw new AwsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${MESSAGE_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
      );
    }
    const answer = eachEntry(entries, (entry) => {
      const message = outgoing.get(entry);
      if (message === undefined)
        throw refused.get(entry) ?? new Error('an entry was neither read nor refused');
      return this.#send(queue, message, caller);
    });
    this.#context.bill('sqs:requests', billedRequests(bytes));
    if (outgoing.size > 0) this.#source.wake(queue.arn);
    return answer;
  }

  #send(queue: Queue, message: Outgoing, caller: Principal): JsonObject {
    const messageId = this.#context.runtime.uuid();
    this.#messages.add(queue, { ...message, messageId, sender: this.#senderId(caller) });
    const digest = md5OfAttributes(message.attributes);
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5OfBody(message.body),
      ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
    };
  }

  async #receiveMessage(input: JsonObject): Promise<JsonObject> {
    const queue = this.#queue(input);
    const max = optionalInteger(input, 'MaxNumberOfMessages', { min: 1, max: BATCH_ENTRIES_MAX }) ?? 1;
    const hidden =
      optionalInteger(input, 'VisibilityTimeout', VISIBILITY_SECONDS) ??
      queue.settings.visibilityTimeoutSeconds;
    const wait = optionalInteger(input, 'WaitTimeSeconds', WAIT_SECONDS) ?? queue.settings.receiveWaitSeconds;
    const attempt = (): TakenMessage[] | undefined => {
      const { messages, deadLettered } = this.#messages.take(queue, max, hidden * 1000);
      for (const arn of deadLettered) this.#source.wake(arn);
      return messages.length === 0 ? undefined : messages;
    };
    const polled = {
      onMessages: (wake: () => void) => this.#source.onMessages(queue.arn, wake),
      nextVisibleAt: () => this.#messages.depth(queue).nextVisibleAt,
    };
    const messages =
      attempt() ?? (wait === 0 ? undefined : await longPoll(this.#context, polled, wait * 1000, attempt));
    const bytes = (messages ?? []).reduce((sum, message) => sum + Buffer.byteLength(message.body), 0);
    this.#context.bill('sqs:requests', billedRequests(bytes));
    return messages === undefined ? {} : { Messages: messages.map((message) => forApi(message, input)) };
  }

  #deleteMessage(queue: Queue, input: JsonObject): JsonObject {
    this.#messages.remove(queue, requiredText(input, 'ReceiptHandle'));
    return {};
  }

  #hide(queue: Queue, input: JsonObject): JsonObject {
    const seconds = optionalInteger(input, 'VisibilityTimeout', VISIBILITY_SECONDS);
    if (seconds === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
    }
    this.#messages.hide(queue, requiredText(input, 'ReceiptHandle'), seconds);
    this.#source.wake(queue.arn);
    return {};
  }

  #queue(input: JsonObject): Queue {
    return this.#registry.get(requiredText(input, 'QueueUrl'));
  }

  #senderId(caller: Principal): string {
    if (caller.kind === 'role') return caller.arn;
    return caller.kind === 'service' ? caller.service : this.#context.account.id;
  }

  #answered(work: () => unknown): JsonObject {
    work();
    return this.#billed({});
  }

  #billed(answer: JsonObject): JsonObject {
    this.#context.bill('sqs:requests', 1);
    return answer;
  }
}

function forApi(message: TakenMessage, input: JsonObject): JsonObject {
  const systemNames = [...texts(input['AttributeNames']), ...texts(input['MessageSystemAttributeNames'])];
  const system = Object.entries(message.systemAttributes).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const attributes = selectAttributes(message.attributes, texts(input['MessageAttributeNames']));
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(attributes === undefined || digest === undefined
      ? {}
      : { MessageAttributes: { ...attributes }, MD5OfMessageAttributes: digest }),
  };
}
