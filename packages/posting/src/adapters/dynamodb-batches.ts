import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { TableOverloadedError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** BatchGetItem takes at most this many keys, BatchWriteItem this many requests (DynamoDB API reference). */
const BATCH_GET_MAX = 100;
const BATCH_WRITE_MAX = 25;
/** How often what a table left unprocessed is asked for again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles (DynamoDB developer guide, "Error retries and exponential backoff"). */
const BACK_OFF_MS = 20;

type WriteRequest = NonNullable<NonNullable<BatchWriteCommandInput['RequestItems']>[string]>[number];

/**
 * Reads items by their keys, consistently, in as few calls as possible.
 *
 * @throws TableOverloadedError when keys stay unprocessed
 */
export async function batchGetAll<Item>(
  documents: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
  clock: Clock,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_MAX) {
    let Keys: Record<string, unknown>[] = keys.slice(start, start + BATCH_GET_MAX);
    for (let attempt = 1; Keys.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new TableOverloadedError(table);
      if (attempt > 1) await clock.sleep(backOffMs(attempt));
      const answer = await documents.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      items.push(...((answer.Responses?.[table] ?? []) as Item[]));
      Keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
}

/**
 * Puts and deletes items in as few calls as possible.
 *
 * @throws TableOverloadedError when requests stay unprocessed
 */
export async function batchWriteAll(
  documents: DynamoDBDocumentClient,
  table: string,
  requests: readonly WriteRequest[],
  clock: Clock,
): Promise<void> {
  for (let start = 0; start < requests.length; start += BATCH_WRITE_MAX) {
    let pending: WriteRequest[] = requests.slice(start, start + BATCH_WRITE_MAX);
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new TableOverloadedError(table);
      if (attempt > 1) await clock.sleep(backOffMs(attempt));
      const answer = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: pending } }));
      pending = answer.UnprocessedItems?.[table] ?? [];
    }
  }
}

/** The pause before an attempt, from the second on. */
export function backOffMs(attempt: number): number {
  return BACK_OFF_MS * 2 ** (attempt - 2);
}
