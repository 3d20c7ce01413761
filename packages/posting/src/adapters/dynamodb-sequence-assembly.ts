import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import type { Clock, IncompleteSequence, SaidDelays, SequenceAssembly } from '../ports.ts';
import { batchGetAll, batchWriteAll } from './dynamodb-batches.ts';

/** A kept entry as a row: sequence and number are its key. */
interface AssemblyRow {
  readonly sequenceId: string;
  readonly number: number;
  readonly arrivedAt: number;
  readonly record: PostingEntryCreatedRecord;
  /** On one row of a sequence: the hour in which it was said last that it is late. */
  readonly saidInHour?: number;
}

/** How many rows are updated at a time. */
const CONCURRENCY = 8;

/** Keeps entries in a table with a row for each; what is in it is what waits. */
export class DynamoDbSequenceAssembly implements SequenceAssembly, SaidDelays {
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
    return [...Map.groupBy(rows, ({ sequenceId }) => sequenceId).values()].flatMap(incompleteOf);
  }

  async forgetSequence({ sequenceId, present }: IncompleteSequence): Promise<void> {
    await this.#delete(present.map((number) => ({ sequenceId, number })));
  }

  async remember(sequences: readonly IncompleteSequence[], hour: number): Promise<void> {
    const waiting = [...sequences];
    const next = async (): Promise<void> => {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift())
        await this.#remember(each, hour);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, next));
  }

  async #remember({ sequenceId, present }: IncompleteSequence, hour: number): Promise<void> {
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { sequenceId, number: present[0] },
          UpdateExpression: 'SET saidInHour = :hour',
          // The sequence still waits: a row that was forgotten is not made again.
          ConditionExpression: 'attribute_exists(sequenceId)',
          ExpressionAttributeValues: { ':hour': hour },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
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

function incompleteOf(rows: readonly AssemblyRow[]): readonly IncompleteSequence[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { transactionId, scheme, loggedAt, lifecycleId, entry } = first.record;
  const said = rows.flatMap(({ saidInHour }) => saidInHour ?? []);
  return [
    {
      sequenceId: first.sequenceId,
      transactionId,
      scheme,
      loggedAt,
      lifecycleId,
      present: rows.map(({ number }) => number).sort((a, b) => a - b),
      count: entry.sequence.count,
      since: Math.min(...rows.map(({ arrivedAt }) => arrivedAt)),
      ...(said.length === 0 ? {} : { saidInHour: Math.max(...said) }),
    },
  ];
}

function keyOf({ entry }: PostingEntryCreatedRecord): { sequenceId: string; number: number } {
  return { sequenceId: entry.sequence.id, number: entry.sequence.number };
}
