import { AwsError } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';

/** How many messages `depth` counts at most: no batch is larger, and counting a long queue would cost. */
const DEPTH_COUNTED_MAX = 10_000;

/** A message to be stored. */
export interface NewMessage {
  readonly messageId: string;
  readonly sender: string;
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly traceHeader: string | undefined;
  readonly delayMs: number;
}

/** A message that was handed out. */
export interface TakenMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly systemAttributes: Readonly<Record<string, string>>;
}

/** How many messages of a queue can be received, are handed out, are not yet due. */
export interface QueueCounts {
  readonly visible: number;
  readonly hidden: number;
  readonly delayed: number;
}

interface Place {
  readonly visible_at: number;
  readonly seq: number;
  readonly receives: number;
  readonly first_received_at: number | null;
  readonly dead_letter_source: string | null;
  readonly copy: number;
}

interface PlacedMessage extends Place {
  readonly message_id: string;
  readonly sent_at: number;
  readonly sender: string;
  readonly body: string;
  readonly attributes: string | null;
  readonly trace_header: string | null;
}

/**
 * The messages of all queues. What a message says is one row that never changes; where it stands (queue,
 * when it is visible, how often it was received) is a narrow row in the order in which messages are
 * received, so that receiving and hiding a large message rewrites only a few bytes.
 */
export class MessageStore {
  readonly #context: ServiceContext;
  readonly #registry: QueueRegistry;
  #sequence: number;

  constructor(context: ServiceContext, registry: QueueRegistry) {
    this.#context = context;
    this.#registry = registry;
    context.store.define(`
      CREATE TABLE IF NOT EXISTS sqs_messages (
        seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL, sent_at INTEGER NOT NULL, sender TEXT NOT NULL,
        body TEXT NOT NULL, attributes TEXT, trace_header TEXT);
      CREATE TABLE IF NOT EXISTS sqs_places (
        queue INTEGER NOT NULL, visible_at INTEGER NOT NULL, seq INTEGER NOT NULL, receives INTEGER NOT NULL,
        first_received_at INTEGER, dead_letter_source TEXT, copy INTEGER NOT NULL,
        PRIMARY KEY (queue, visible_at, seq)) WITHOUT ROWID;`);
    const last = context.store.get<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM sqs_messages');
    this.#sequence = last?.seq ?? 0;
  }

  /**
   * Makes received messages visible again. Whoever held them when the process ended holds them no more, and
   * to wait for their visibility timeout would only keep them waiting: at least once is what a queue promises.
   */
  giveBackReceived(): void {
    const now = this.#context.runtime.now();
    this.#context.store.run(
      'UPDATE sqs_places SET visible_at = ? WHERE receives > 0 AND visible_at > ?',
      now,
      now,
    );
  }

  /** Stores a message. It becomes visible after its delay, or the queue's, and after an injected delay. */
  add(queue: Queue, message: NewMessage): void {
    const { runtime, store, faults } = this.#context;
    const now = runtime.now();
    const visibleAt = now + message.delayMs + faults.delayMs();
    const seq = this.#nextSequence();
    store.run(
      'INSERT INTO sqs_messages (seq, message_id, sent_at, sender, body, attributes, trace_header) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      message.messageId,
      now,
      message.sender,
      message.body,
      message.attributes === undefined ? null : JSON.stringify(message.attributes),
      message.traceHeader ?? null,
    );
    this.#place(queue.id, seq, visibleAt, 0, false);
  }

  /**
   * Hands out messages that are visible: hides them and counts the receive. One that was received as
   * often as its queue allows goes to the dead-letter queue instead, one kept for too long is dropped.
   *
   * @param max how many at most
   * @param hiddenMs for how long they are hidden
   * @returns the messages, and the dead-letter queues that got some
   */
  take(queue: Queue, max: number, hiddenMs: number): { messages: TakenMessage[]; deadLettered: Set<string> } {
    const messages: TakenMessage[] = [];
    const deadLettered = new Set<string>();
    const now = this.#context.runtime.now();
    const seen = new Set<number>();
    for (;;) {
      const wanted = max - messages.length;
      const found = this.#visible(queue, now, wanted).filter((row) => !seen.has(row.seq));
      let passedOver = 0;
      for (const row of found) {
        seen.add(row.seq);
        if (row.sent_at + queue.settings.retentionSeconds * 1000 <= now) {
          this.#remove(queue.id, row);
          passedOver += 1;
        } else if (this.#deadLetter(queue, row, now)) {
          deadLettered.add(queue.settings.redrive?.deadLetterArn ?? '');
          passedOver += 1;
        } else {
          messages.push(this.#handOut(queue, row, now, now + hiddenMs));
        }
      }
      if (passedOver === 0 || messages.length >= max) return { messages, deadLettered };
    }
  }

  /**
   * Removes a handed-out message. One that has since been handed out to somebody else stays, as AWS says of
   * receipt handles that are not the newest.
   *
   * @throws AwsError ReceiptHandleIsInvalid
   */
  remove(queue: Queue, receiptHandle: string): void {
    const place = this.#placeOf(queue, receiptHandle);
    if (place !== undefined) this.#remove(queue.id, place);
  }

  /** Makes a handed-out message visible at another time. Throws MessageNotInflight, ReceiptHandleIsInvalid. */
  hide(queue: Queue, receiptHandle: string, seconds: number): void {
    const now = this.#context.runtime.now();
    const place = this.#placeOf(queue, receiptHandle);
    if (place === undefined || place.visible_at <= now) {
      throw new AwsError('MessageNotInflight', "The specified message isn't in flight.");
    }
    this.#moveTo(queue.id, place, now + seconds * 1000, place.receives, place.first_received_at ?? now);
  }

  /**
   * Moves waiting messages to other queues as new ones (new ids and times), as a message move task does.
   *
   * @param targetOf the queue for a message, by the ARN of the source it was dead-lettered from
   * @returns how many were moved, and the ARNs of the queues that got some
   */
  transfer(
    from: Queue,
    max: number,
    targetOf: (origin: string | undefined) => Queue | undefined,
  ): { moved: number; targets: Set<string> } {
    const { runtime } = this.#context;
    const targets = new Set<string>();
    let moved = 0;
    for (const row of this.#visible(from, runtime.now(), max)) {
      const target = targetOf(row.dead_letter_source ?? undefined);
      if (target === undefined) continue;
      this.#remove(from.id, row);
      this.add(target, {
        messageId: runtime.uuid(),
        sender: row.sender,
        body: row.body,
        attributes: row.attributes === null ? undefined : JSON.parse(row.attributes),
        traceHeader: row.trace_header ?? undefined,
        delayMs: 0,
      });
      moved += 1;
      targets.add(target.arn);
    }
    return { moved, targets };
  }

  purge(queue: Queue): void {
    this.#context.store.run(
      'DELETE FROM sqs_messages WHERE seq IN (SELECT seq FROM sqs_places WHERE queue = ?)',
      queue.id,
    );
    this.#context.store.run('DELETE FROM sqs_places WHERE queue = ?', queue.id);
  }

  counts(queue: Queue): QueueCounts {
    const now = this.#context.runtime.now();
    const row = this.#context.store.get<{ visible: number; hidden: number; total: number }>(
      `SELECT COUNT(*) AS total, COALESCE(SUM(visible_at <= ?), 0) AS visible,
        COALESCE(SUM(visible_at > ? AND receives > 0), 0) AS hidden FROM sqs_places WHERE queue = ?`,
      now,
      now,
      queue.id,
    ) ?? { visible: 0, hidden: 0, total: 0 };
    return { visible: row.visible, hidden: row.hidden, delayed: row.total - row.visible - row.hidden };
  }

  /** How many messages there are, by queue id. */
  totals(): Map<number, number> {
    const rows = this.#context.store.all<{ queue: number; total: number }>(
      'SELECT queue, COUNT(*) AS total FROM sqs_places GROUP BY queue',
    );
    return new Map(rows.map((row) => [row.queue, row.total]));
  }

  /** Messages that can be received now (at most 10,000 are counted), and when the next one can. */
  depth(queue: Queue): { visible: number; nextVisibleAt: number | undefined } {
    const now = this.#context.runtime.now();
    const { store } = this.#context;
    const counted = store.get<{ visible: number }>(
      'SELECT COUNT(*) AS visible FROM (SELECT 1 FROM sqs_places WHERE queue = ? AND visible_at <= ? LIMIT ?)',
      queue.id,
      now,
      DEPTH_COUNTED_MAX,
    );
    const next = store.get<{ at: number | null }>(
      'SELECT MIN(visible_at) AS at FROM sqs_places WHERE queue = ? AND visible_at > ?',
      queue.id,
      now,
    );
    return { visible: counted?.visible ?? 0, nextVisibleAt: next?.at ?? undefined };
  }

  #visible(queue: Queue, now: number, max: number): PlacedMessage[] {
    return this.#context.store.all<PlacedMessage>(
      `SELECT p.visible_at, p.seq, p.receives, p.first_received_at, p.dead_letter_source, p.copy,
        m.message_id, m.sent_at, m.sender, m.body, m.attributes, m.trace_header
       FROM sqs_places p JOIN sqs_messages m ON m.seq = p.seq
       WHERE p.queue = ? AND p.visible_at <= ? ORDER BY p.visible_at, p.seq LIMIT ?`,
      queue.id,
      now,
      max,
    );
  }

  #handOut(queue: Queue, row: PlacedMessage, now: number, visibleAt: number): TakenMessage {
    const receives = row.receives + 1;
    const firstReceivedAt = row.first_received_at ?? now;
    this.#moveTo(queue.id, row, visibleAt, receives, firstReceivedAt);
    if (row.copy === 0) this.#addCopies(queue, row, now);
    return {
      messageId: row.message_id,
      receiptHandle: `${queue.id}.${row.seq}.${receives}.${visibleAt}`,
      body: row.body,
      attributes: row.attributes === null ? undefined : JSON.parse(row.attributes),
      systemAttributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(row.sent_at),
        SenderId: row.sender,
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
        ...(row.trace_header === null ? {} : { AWSTraceHeader: row.trace_header }),
        ...(row.dead_letter_source === null ? {} : { DeadLetterQueueSourceArn: row.dead_letter_source }),
      },
    };
  }

  /** SQS keeps copies of a message on several servers; one that misses the delete hands it out again. */
  #addCopies(queue: Queue, row: PlacedMessage, now: number): void {
    const { faults, store } = this.#context;
    for (let extra = faults.deliveries() - 1; extra > 0; extra -= 1) {
      const seq = this.#nextSequence();
      store.run(
        `INSERT INTO sqs_messages SELECT ?, message_id, sent_at, sender, body, attributes, trace_header
         FROM sqs_messages WHERE seq = ?`,
        seq,
        row.seq,
      );
      this.#place(queue.id, seq, now + faults.delayMs(), row.receives, true);
    }
  }

  #deadLetter(queue: Queue, row: PlacedMessage, now: number): boolean {
    const redrive = queue.settings.redrive;
    if (redrive === undefined || row.receives < redrive.maxReceiveCount) return false;
    const target = this.#registry.find(redrive.deadLetterArn);
    if (target === undefined) return false;
    this.#context.store.run(
      'UPDATE sqs_places SET queue = ?, visible_at = ?, dead_letter_source = ? WHERE queue = ? AND visible_at = ? AND seq = ?',
      target.id,
      now,
      queue.arn,
      queue.id,
      row.visible_at,
      row.seq,
    );
    return true;
  }

  #placeOf(queue: Queue, receiptHandle: string): Place | undefined {
    const parts = receiptHandle.split('.').map(Number);
    const [queueId, seq, receives, visibleAt] = parts;
    if (parts.length !== 4 || parts.some(Number.isNaN) || queueId !== queue.id) {
      throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', { status: 404 });
    }
    const { store } = this.#context;
    const place =
      store.get<Place>(
        'SELECT * FROM sqs_places WHERE queue = ? AND visible_at = ? AND seq = ?',
        queue.id,
        visibleAt ?? 0,
        seq ?? 0,
      ) ??
      // Its visibility was changed after it was handed out, so it stands elsewhere in the order.
      store.get<Place>('SELECT * FROM sqs_places WHERE queue = ? AND seq = ?', queue.id, seq ?? 0);
    return place?.receives === receives ? place : undefined;
  }

  #place(queue: number, seq: number, visibleAt: number, receives: number, copy: boolean): void {
    this.#context.store.run(
      'INSERT INTO sqs_places (queue, visible_at, seq, receives, copy) VALUES (?, ?, ?, ?, ?)',
      queue,
      visibleAt,
      seq,
      receives,
      copy ? 1 : 0,
    );
  }

  #moveTo(queue: number, place: Place, visibleAt: number, receives: number, firstReceivedAt: number): void {
    this.#context.store.run(
      'UPDATE sqs_places SET visible_at = ?, receives = ?, first_received_at = ? WHERE queue = ? AND visible_at = ? AND seq = ?',
      visibleAt,
      receives,
      firstReceivedAt,
      queue,
      place.visible_at,
      place.seq,
    );
  }

  #remove(queue: number, place: Place): void {
    const { store } = this.#context;
    store.run(
      'DELETE FROM sqs_places WHERE queue = ? AND visible_at = ? AND seq = ?',
      queue,
      place.visible_at,
      place.seq,
    );
    store.run('DELETE FROM sqs_messages WHERE seq = ?', place.seq);
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
