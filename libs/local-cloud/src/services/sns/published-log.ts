import type { Store } from '../../core/store.ts';
import type { Notification } from './notification.ts';

/** How many published messages are kept for people and tests to look at. */
const PUBLISHED_MAX = 1000;

/** The last messages that were published, whoever got them. */
export class PublishedLog {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS sns_published (
      id INTEGER PRIMARY KEY AUTOINCREMENT, topic_arn TEXT NOT NULL, message TEXT NOT NULL) STRICT`);
  }

  add(message: Notification): void {
    const row = this.#store.get<{ id: number }>(
      'INSERT INTO sns_published (topic_arn, message) VALUES (?, ?) RETURNING id',
      message.topicArn,
      JSON.stringify(message),
    );
    this.#store.run('DELETE FROM sns_published WHERE id <= ?', (row?.id ?? 0) - PUBLISHED_MAX);
  }

  /** The kept messages of a topic, or of all topics, oldest first. */
  all(topicArn?: string): Notification[] {
    return this.#store
      .all<{ message: string }>(
        'SELECT message FROM sns_published WHERE ? IS NULL OR topic_arn = ? ORDER BY id',
        topicArn ?? null,
        topicArn ?? null,
      )
      .map((row) => JSON.parse(row.message));
  }
}
