import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AuthorizationLog, AuthorizationRow } from '../ports.ts';
import { forEachConcurrently, inRunsOf } from './bounded-concurrency.ts';
import { type Sleep, untilProcessed } from './unprocessed-items.ts';

/** What one BatchWriteItem call takes (Amazon DynamoDB API Reference, BatchWriteItem). */
const BATCH_WRITE_ITEMS_MAX = 25;
/** How many calls of one invocation run at a time. */
const WRITE_CONCURRENCY = 4;

/**
 * The authorization log as a DynamoDB table with the key `transactionId` (string). A row is a plain put of what
 * it says and nothing else, no time of writing for instance: the same row again changes nothing, and a write that
 * changes nothing writes no record to the table's stream.
 */
export class DynamoDbAuthorizationLog implements AuthorizationLog {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #sleep: Sleep;

  constructor(documents: DynamoDBDocumentClient, table: string, sleep: Sleep) {
    this.#documents = documents;
    this.#table = table;
    this.#sleep = sleep;
  }

  async write(rows: readonly AuthorizationRow[]): Promise<void> {
    // A call that names one key twice is refused as a whole, and equal keys are equal rows.
    const distinct = [...new Map(rows.map((row) => [row.transactionId, row])).values()];
    await forEachConcurrently(inRunsOf(BATCH_WRITE_ITEMS_MAX, distinct), WRITE_CONCURRENCY, (run) =>
      untilProcessed(this.#table, run, (items) => this.#put(items), this.#sleep),
    );
  }

  /** One call; gives the rows that it left unprocessed. */
  async #put(rows: readonly AuthorizationRow[]): Promise<readonly AuthorizationRow[]> {
    const { UnprocessedItems } = await this.#documents.send(
      new BatchWriteCommand({
        RequestItems: { [this.#table]: rows.map((row) => ({ PutRequest: { Item: { ...row } } })) },
      }),
    );
    const unprocessed = new Set(
      (UnprocessedItems?.[this.#table] ?? []).map((request) => request.PutRequest?.Item?.['transactionId']),
    );
    return rows.filter((row) => unprocessed.has(row.transactionId));
  }
}
