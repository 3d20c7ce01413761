import {
  type DynamoDBDocumentClient,
  paginateQuery,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  ENTRY_PREFIX,
  type EntryRow,
  entryPosition,
  SEQUENCE_POSITION,
  type SequenceRow,
} from '../ledger-row.ts';
import type { Clock } from '../ports.ts';
import { batchGetAll } from './dynamodb-batches.ts';

/** One action of a TransactWriteItems. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The rows of the ledger table: put once, read consistently, never changed. */
export class DynamoDbLedgerRows {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  /** Those rows among the keys that are there. */
  read<Row extends SequenceRow | EntryRow>(
    keys: readonly { readonly sequenceId: string; readonly position: string }[],
  ): Promise<readonly Row[]> {
    const own = keys.map(({ sequenceId, position }) => ({ sequenceId, position }));
    return batchGetAll<Row>(this.#documents, this.#table, own, this.#clock);
  }

  /**
   * All entry rows of a sequence, whatever wrote them. Those that should be there and are not seen are asked for once
   * more in a transaction: a query may see one part of a transaction that is being written and not the other, a
   * transaction is refused meanwhile (DynamoDB developer guide, "Isolation levels and transactions").
   *
   * @param count how many entries the sequence has
   * @throws TransactionCanceledException while rows of the sequence are being written
   */
  async entriesOf(sequenceId: string, count: number): Promise<readonly EntryRow[]> {
    const rows: EntryRow[] = [];
    for await (const page of paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'sequenceId = :sequenceId AND begins_with(#position, :entry)',
        ExpressionAttributeNames: { '#position': 'position' },
        ExpressionAttributeValues: { ':sequenceId': sequenceId, ':entry': ENTRY_PREFIX },
      },
    )) {
      rows.push(...((page.Items ?? []) as EntryRow[]));
    }
    const seen = new Set(rows.map(({ position }) => position));
    const unseen = Array.from({ length: count }, (_, index) => entryPosition(index + 1)).filter(
      (position) => !seen.has(position),
    );
    if (unseen.length === 0) return rows;
    const { Responses = [] } = await this.#documents.send(
      new TransactGetCommand({
        TransactItems: unseen.map((position) => ({
          Get: { TableName: this.#table, Key: { sequenceId, position } },
        })),
      }),
    );
    return [...rows, ...Responses.flatMap(({ Item }) => (Item === undefined ? [] : [Item as EntryRow]))];
  }

  /**
   * The write of a row, which adds it or fails: what is booked is never written over. A sequence's own row says when it
   * was booked.
   */
  adding(row: SequenceRow | EntryRow) {
    const { position } = row;
    const Item =
      position === SEQUENCE_POSITION ? { ...row, bookedAt: new Date(this.#clock.now()).toISOString() } : row;
    return {
      Put: {
        TableName: this.#table,
        Item,
        ConditionExpression: 'attribute_not_exists(sequenceId)',
      },
    };
  }

  /** @throws TransactionCanceledException when one of the writes cannot be done; none is done then */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#documents.send(new TransactWriteCommand({ TransactItems: [...writes] }));
  }
}
