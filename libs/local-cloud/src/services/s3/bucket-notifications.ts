import { AwsError } from '../../core/aws-error.ts';
import type { QueueSource, ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import { notificationText, type ObjectEvent, testEventText } from './notification-event.ts';

/** A delivery that fails for reasons of the moment is tried again after so long, in milliseconds. */
const RETRY_MS = 1000;

const S3 = 's3.amazonaws.com';

/** A queue that is told of a bucket's objects. */
export interface QueueNotification {
  readonly id: string;
  readonly queueArn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectCreated:Put`, … */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** What notifications stand on beside the context. */
export interface NotificationNeighbours {
  readonly queues: QueueSource;
  /** Throws AwsError when the caller may not. */
  readonly authorize: (caller: Principal, action: string, resourceArn: string) => void;
}

interface DeliveryRow {
  id: number;
  bucket: string;
  queue_arn: string;
  body: string;
  due_at: number;
}

/**
 * Notifications of a bucket's objects to queues: at least once, in any order, each message with one event.
 * Source: Amazon S3 User Guide, "Amazon S3 Event Notifications".
 */
export class BucketNotifications {
  readonly #context: ServiceContext;
  readonly #neighbours: NotificationNeighbours;
  #pending = 0;

  constructor(context: ServiceContext, neighbours: NotificationNeighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
    context.store.define(`
      CREATE TABLE IF NOT EXISTS s3_notifications (bucket TEXT PRIMARY KEY, queues TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS s3_notification_deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, queue_arn TEXT NOT NULL,
        body TEXT NOT NULL, due_at INTEGER NOT NULL) STRICT;`);
  }

  /** How many deliveries are not done yet. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Replaces the notifications of a bucket, and sends each queue a test event, as S3 does.
   *
   * @throws AwsError InvalidArgument when a queue is not there or does not let S3 send for this bucket
   */
  configure(bucket: string, queues: readonly QueueNotification[]): void {
    for (const { queueArn } of queues) {
      try {
        this.#send(bucket, queueArn, testEventText(bucket, this.#context.runtime));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        throw new AwsError(
          'InvalidArgument',
          `Unable to validate the following destination configurations: ${queueArn}: ${error.message}`,
        );
      }
    }
    this.#context.store.run(
      'INSERT OR REPLACE INTO s3_notifications VALUES (?, ?)',
      bucket,
      JSON.stringify(queues),
    );
  }

  /** Forgets the notifications of a bucket. */
  remove(bucket: string): void {
    this.#context.store.run('DELETE FROM s3_notifications WHERE bucket = ?', bucket);
  }

  /** Tells whoever asked for it of an event; a fault may tell it more than once, or late. */
  notify(event: ObjectEvent): void {
    const { faults, runtime, store, account } = this.#context;
    for (const { id, queueArn } of this.#wanted(event)) {
      const body = notificationText(event, id, account, runtime);
      for (let copy = 0; copy < faults.deliveries(); copy += 1) {
        const dueAt = runtime.now() + faults.delayMs();
        const row = store.get<{ id: number }>(
          `INSERT INTO s3_notification_deliveries (bucket, queue_arn, body, due_at)
            VALUES (?, ?, ?, ?) RETURNING id`,
          event.bucket,
          queueArn,
          body,
          dueAt,
        );
        if (row === undefined) throw new Error('an inserted delivery has an id');
        this.#pending += 1;
        this.#schedule(row.id, dueAt);
      }
    }
  }

  /** Takes up what was not delivered before a restart. */
  resume(): void {
    const rows = this.#context.store.all<DeliveryRow>('SELECT * FROM s3_notification_deliveries ORDER BY id');
    for (const row of rows) {
      this.#pending += 1;
      this.#schedule(row.id, row.due_at);
    }
  }

  #wanted({ bucket, key, name }: ObjectEvent): QueueNotification[] {
    const row = this.#context.store.get<{ queues: string }>(
      'SELECT queues FROM s3_notifications WHERE bucket = ?',
      bucket,
    );
    const all: QueueNotification[] = row === undefined ? [] : JSON.parse(row.queues);
    return all.filter(
      ({ events, prefix, suffix }) =>
        key.startsWith(prefix) &&
        key.endsWith(suffix) &&
        events.some((wanted) => wanted === `s3:${name}` || wanted === `s3:${name.split(':')[0]}:*`),
    );
  }

  #schedule(id: number, dueAt: number): void {
    this.#context.runtime.schedule({
      name: `s3-notification:${id}`,
      delayMs: Math.max(0, dueAt - this.#context.runtime.now()),
      run: () => this.#attempt(id),
    });
  }

  #attempt(id: number): void {
    const { store, faults, runtime, warn } = this.#context;
    const row = store.get<DeliveryRow>('SELECT * FROM s3_notification_deliveries WHERE id = ?', id);
    if (row === undefined) return;
    if (faults.refuse('sqs', 'SendMessage') !== undefined) {
      this.#schedule(id, runtime.now() + RETRY_MS);
      return;
    }
    try {
      this.#send(row.bucket, row.queue_arn, row.body);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      warn(`A notification of the bucket ${row.bucket} was dropped: ${error.message}`);
    }
    store.run('DELETE FROM s3_notification_deliveries WHERE id = ?', id);
    this.#pending -= 1;
  }

  #send(bucket: string, queueArn: string, body: string): void {
    const caller: Principal = { kind: 'service', service: S3, sourceArn: `arn:aws:s3:::${bucket}` };
    this.#neighbours.authorize(caller, 'sqs:SendMessage', queueArn);
    this.#neighbours.queues.send(queueArn, body);
  }
}
