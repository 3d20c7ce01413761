import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, Repetition, Repetitions } from '../ports.ts';

/** A replay has ended long before: its own list is of no use then. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;
/** How many replays a function remembers; a handful runs at a time. */
const REMEMBERED_MAX = 100;

/** What replays are for, on a DynamoDB table: a row for each replay, written once and never changed. */
export class DynamoDbRepetitions implements Repetitions {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Repetition | undefined>();

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async keep(repetition: Repetition): Promise<void> {
    const expiresAt = Math.floor(this.#clock.now() / 1000) + KEPT_SECONDS;
    const { name, window, transactionIds } = repetition;
    await this.#documents.send(
      new PutCommand({ TableName: this.#table, Item: { name, window, transactionIds, expiresAt } }),
    );
  }

  async find(name: string): Promise<Repetition | undefined> {
    if (this.#remembered.has(name)) return this.#remembered.get(name);
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { name }, ConsistentRead: true }),
    );
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(name, Item as Repetition | undefined);
    return Item as Repetition | undefined;
  }
}
