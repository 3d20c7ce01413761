import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Addition } from '../correction.ts';

/** The numbered additions to booked sequences, in a table of their own: the ledger holds what is booked and no more. */
export class DynamoDbAdditions {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** All additions under a sequence, by their numbers. */
  async of(sequenceId: string): Promise<readonly Addition[]> {
    const additions: Addition[] = [];
    for await (const page of paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'sequenceId = :sequenceId',
        ExpressionAttributeValues: { ':sequenceId': sequenceId },
      },
    )) {
      additions.push(...((page.Items ?? []) as Addition[]));
    }
    return additions;
  }

  /** The write that takes the next number, for the transaction that adds. */
  taking(addition: Omit<Addition, 'number'>, known: readonly Addition[]) {
    return {
      Put: {
        TableName: this.#table,
        Item: { ...addition, number: (known.at(-1)?.number ?? 0) + 1 },
        // Nobody has added anything since the additions were read.
        ConditionExpression: 'attribute_not_exists(sequenceId)',
      },
    };
  }
}
