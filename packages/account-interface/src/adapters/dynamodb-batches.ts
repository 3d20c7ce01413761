import {
  BatchGetCommand,
  type BatchGetCommandInput,
  BatchWriteCommand,
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

type Item = Record<string, unknown>;
type KeysOfTable = NonNullable<NonNullable<BatchGetCommandInput['RequestItems']>[string]>;

/** Reads items by their keys, consistently, in as few calls as possible. @throws TableOverloadedError */
export async function batchGetAll(
  documents: DynamoDBDocumentClient,
  table: string,
  { Keys = [], ...projection }: KeysOfTable,
  clock: Clock,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < Keys.length; start += BATCH_GET_MAX) {
    let pending = Keys.slice(start, start + BATCH_GET_MAX);
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      await pauseBefore(attempt, table, clock);
      const request = { ...projection, Keys: pending, ConsistentRead: true };
      const answer = await documents.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
      items.push(...(answer.Responses?.[table] ?? []));
      pending = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
}

/** Puts items in as few calls as possible; no two of one key. @throws TableOverloadedError */
export async function batchPutAll(
  documents: DynamoDBDocumentClient,
  table: string,
  items: readonly Item[],
  clock: Clock,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH_WRITE_MAX) {
    let pending = items.slice(start, start + BATCH_WRITE_MAX).map((Item) => ({ PutRequest: { Item } }));
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      await pauseBefore(attempt, table, clock);
      const answer = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: pending } }));
      pending = (answer.UnprocessedItems?.[table] ?? []) as typeof pending;
    }
  }
}

async function pauseBefore(attempt: number, table: string, clock: Clock): Promise<void> {
  if (attempt > ATTEMPTS) throw new TableOverloadedError(table);
  if (attempt > 1) await clock.sleep(BACK_OFF_MS * 2 ** (attempt - 2));
}
