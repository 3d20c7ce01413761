import { AwsError } from '../../core/aws-error.ts';
import type { EventPattern } from '../../core/seams.ts';
import type { Store } from '../../core/store.ts';
import { compilePattern } from '../../event-pattern/compile-pattern.ts';

/** A topic. */
export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly policy: string | undefined;
  readonly displayName: string;
}

export type Protocol = 'email' | 'lambda' | 'sqs';

/** Who hears of a topic's messages. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly raw: boolean;
  readonly filterPolicy: string | undefined;
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
  /** The queue that gets what cannot be delivered. */
  readonly deadLetterArn: string | undefined;
}

interface SubscriptionRow {
  arn: string;
  topic_arn: string;
  settings: string;
}

/** The topics of the account and their subscriptions. */
export class TopicRegistry {
  readonly #store: Store;
  readonly #filters = new Map<string, EventPattern>();

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS sns_topics (
        arn TEXT PRIMARY KEY, name TEXT NOT NULL, policy TEXT, display_name TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS sns_subscriptions (
        arn TEXT PRIMARY KEY, topic_arn TEXT NOT NULL, settings TEXT NOT NULL) STRICT;`);
  }

  putTopic(topic: Topic): void {
    this.#store.run(
      'INSERT OR REPLACE INTO sns_topics VALUES (?, ?, ?, ?)',
      topic.arn,
      topic.name,
      topic.policy ?? null,
      topic.displayName,
    );
  }

  removeTopic(arn: string): void {
    this.#store.run('DELETE FROM sns_topics WHERE arn = ?', arn);
    this.#store.run('DELETE FROM sns_subscriptions WHERE topic_arn = ?', arn);
  }

  findTopic(arn: string): Topic | undefined {
    const row = this.#store.get<{ arn: string; name: string; policy: string | null; display_name: string }>(
      'SELECT * FROM sns_topics WHERE arn = ?',
      arn,
    );
    if (row === undefined) return undefined;
    return { arn: row.arn, name: row.name, policy: row.policy ?? undefined, displayName: row.display_name };
  }

  /** @throws AwsError NotFound */
  getTopic(arn: string): Topic {
    const topic = this.findTopic(arn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    return topic;
  }

  topicArns(): string[] {
    return this.#store.all<{ arn: string }>('SELECT arn FROM sns_topics ORDER BY arn').map(({ arn }) => arn);
  }

  putSubscription(subscription: Subscription): void {
    this.#filters.delete(subscription.arn);
    if (subscription.filterPolicy !== undefined) compilePattern(subscription.filterPolicy, 'bus');
    this.#store.run(
      'INSERT OR REPLACE INTO sns_subscriptions VALUES (?, ?, ?)',
      subscription.arn,
      subscription.topicArn,
      JSON.stringify(subscription),
    );
  }

  removeSubscription(arn: string): void {
    this.#filters.delete(arn);
    this.#store.run('DELETE FROM sns_subscriptions WHERE arn = ?', arn);
  }

  findSubscription(arn: string): Subscription | undefined {
    const row = this.#store.get<SubscriptionRow>('SELECT * FROM sns_subscriptions WHERE arn = ?', arn);
    return row === undefined ? undefined : JSON.parse(row.settings);
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return this.#store
      .all<SubscriptionRow>('SELECT * FROM sns_subscriptions WHERE topic_arn = ? ORDER BY arn', topicArn)
      .map((row) => JSON.parse(row.settings));
  }

  /** The filter of a subscription, compiled once. */
  filterOf(subscription: Subscription): EventPattern | undefined {
    if (subscription.filterPolicy === undefined) return undefined;
    let filter = this.#filters.get(subscription.arn);
    if (filter === undefined) {
      filter = compilePattern(subscription.filterPolicy, 'bus');
      this.#filters.set(subscription.arn, filter);
    }
    return filter;
  }
}
