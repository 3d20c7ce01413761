import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import {
  allowsRedriveFrom,
  checkQueueName,
  mergeAttributes,
  type Queue,
  queueArn,
  queueUrl,
  settingsOf,
} from './queue.ts';

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly attributes: string;
  readonly created_at: number;
  readonly modified_at: number;
}

/** All queues of the account: kept in the store, held in memory since every message asks for its queue. */
export class QueueRegistry {
  readonly #context: ServiceContext;
  readonly #byName = new Map<string, Queue>();

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(`CREATE TABLE IF NOT EXISTS sqs_queues (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL,
      created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL)`);
    for (const row of context.store.all<QueueRow>('SELECT * FROM sqs_queues ORDER BY id')) this.#hold(row);
  }

  all(): readonly Queue[] {
    return [...this.#byName.values()];
  }

  /** The queue of an ARN or a URL. Throws AwsError QueueDoesNotExist. */
  get(reference: string): Queue {
    const queue = this.find(reference);
    if (queue === undefined) {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    }
    return queue;
  }

  /** The queue of an ARN, a URL or a name, or undefined. Any host may stand in the URL. */
  find(reference: string): Queue | undefined {
    const start = Math.max(reference.lastIndexOf('/'), reference.lastIndexOf(':')) + 1;
    return this.#byName.get(start === 0 ? reference : reference.slice(start));
  }

  /**
   * Creates a queue; one that is there already with the same attributes is given back (CreateQueue is
   * idempotent).
   *
   * @throws AwsError QueueNameExists, InvalidAttributeName, InvalidAttributeValue
   */
  create(name: string, given: JsonObject): Queue {
    checkQueueName(name);
    const attributes = mergeAttributes({}, given);
    const existing = this.#byName.get(name);
    if (existing !== undefined) {
      const same = Object.entries(attributes).every(([key, value]) => existing.attributes[key] === value);
      if (same) return existing;
      throw new AwsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for one of its attributes.',
      );
    }
    this.#check(name, attributes);
    const now = this.#context.runtime.now();
    this.#context.store.run(
      'INSERT INTO sqs_queues (name, attributes, created_at, modified_at) VALUES (?, ?, ?, ?)',
      name,
      JSON.stringify(attributes),
      now,
      now,
    );
    return this.#reload(name);
  }

  /** Changes attributes: those given, nothing else. */
  change(queue: Queue, given: JsonObject): Queue {
    const attributes = mergeAttributes(queue.attributes, given);
    this.#check(queue.name, attributes);
    this.#context.store.run(
      'UPDATE sqs_queues SET attributes = ?, modified_at = ? WHERE id = ?',
      JSON.stringify(attributes),
      this.#context.runtime.now(),
      queue.id,
    );
    return this.#reload(queue.name);
  }

  remove(queue: Queue): void {
    this.#context.store.run('DELETE FROM sqs_queues WHERE id = ?', queue.id);
    this.#byName.delete(queue.name);
  }

  /** True for a queue that others move their failed messages to, or that is named as one. */
  isDeadLetterQueue(queue: Queue): boolean {
    return queue.name.endsWith('-dlq') || this.sourcesOf(queue.arn).length > 0;
  }

  /** The queues whose redrive policy names this queue. */
  sourcesOf(deadLetterArn: string): readonly Queue[] {
    return this.all().filter((queue) => queue.settings.redrive?.deadLetterArn === deadLetterArn);
  }

  #check(name: string, attributes: Readonly<Record<string, string>>): void {
    const redrive = settingsOf(attributes).redrive;
    if (redrive === undefined) return;
    const target = this.find(redrive.deadLetterArn);
    const reason =
      target === undefined
        ? 'Dead letter target does not exist.'
        : allowsRedriveFrom(target, queueArn(this.#context.account, name))
          ? undefined
          : 'The dead letter queue does not allow this source queue.';
    if (reason === undefined) return;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${attributes['RedrivePolicy']} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  }

  #reload(name: string): Queue {
    const row = this.#context.store.get<QueueRow>('SELECT * FROM sqs_queues WHERE name = ?', name);
    if (row === undefined) throw new Error(`queue ${name} was written and is not there`);
    return this.#hold(row);
  }

  #hold(row: QueueRow): Queue {
    const attributes: Record<string, string> = JSON.parse(row.attributes);
    const queue: Queue = {
      id: row.id,
      name: row.name,
      arn: queueArn(this.#context.account, row.name),
      url: queueUrl(this.#context.account, row.name),
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      attributes,
      settings: settingsOf(attributes),
    };
    this.#byName.set(queue.name, queue);
    return queue;
  }
}
