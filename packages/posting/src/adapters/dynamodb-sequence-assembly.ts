import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import type { Clock, IncompleteSequence, SequenceAssembly } from '../ports.ts';
import { batchGetAll, batchWriteAll } from './dynamodb-batches.ts';

/** A kept entry as a row: sequence and number are its key. */
interface AssemblyRow {
  readonly sequenceId: string;
  readonly number: number;
  readonly arrivedAt: number;
  readonly record: PostingEntryCreatedRecord;
}

/** Keeps entries in a table with a row for each; what is in it is what waits. */
export class DynamoDbSequenceAssembly implements SequenceAssembly {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async keep(
    records: readonly PostingEntryCreatedRecord[],
    sequenceIds: readonly string[],
  ): Promise<readonly PostingEntryCreatedRecord[]> {
    const arrivedAt = this.#clock.now();
    const rows = records.map((record) => ({ ...keyOf(record), arrivedAt, record }));
    await batchWriteAll(
      this.#documents,
      this.#table,
      rows.map((Item) => ({ PutRequest: { Item } })),
      this.#clock,
    );
    // Keys are known, 1 to n of each sequence, so one read serves many sequences.
    const counts = new Map(records.map(({ entry }) => [entry.sequence.id, entry.sequence.count]));
    const keys = sequenceIds.flatMap((sequenceId) =>
      Array.from({ length: counts.get(sequenceId) ?? 0 }, (_, index) => ({ sequenceId, number: index + 1 })),
    );
    return (await batchGetAll<AssemblyRow>(this.#documents, this.#table, keys, this.#clock)).map(
      ({ record }) => record,
    );
  }

  async forget(records: readonly PostingEntryCreatedRecord[]): Promise<void> {
    await this.#delete(records.map(keyOf));
  }

  async incomplete(): Promise<readonly IncompleteSequence[]> {
    const rows: AssemblyRow[] = [];
    for await (const page of paginateScan(
      { client: this.#documents },
      { TableName: this.#table, ConsistentRead: true },
    )) {
      rows.push(...((page.Items ?? []) as AssemblyRow[]));
    }
    return [...Map.groupBy(rows, ({ sequenceId }) => sequenceId)].map(([sequenceId, group]) => ({
      sequenceId,
      transactionId: group[0]?.record.transactionId ?? '',
      present: group.map(({ number }) => number).sort((a, b) => a - b),
      count: group[0]?.record.entry.sequence.count ?? 0,
      since: Math.min(...group.map(({ arrivedAt }) => arrivedAt)),
    }));
  }

  async forgetSequence({ sequenceId, present }: IncompleteSequence): Promise<void> {
    await this.#delete(present.map((number) => ({ sequenceId, number })));
  }

  #delete(keys: readonly { sequenceId: string; number: number }[]): Promise<void> {
    return batchWriteAll(
      this.#documents,
      this.#table,
      keys.map((Key) => ({ DeleteRequest: { Key } })),
      this.#clock,
    );
  }
}

function keyOf({ entry }: PostingEntryCreatedRecord): { sequenceId: string; number: number } {
  return { sequenceId: entry.sequence.id, number: entry.sequence.number };
}
