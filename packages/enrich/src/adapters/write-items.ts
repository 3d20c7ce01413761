import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ReferenceDataUnavailableError } from '../errors.ts';
import type { ReferenceItem } from './reference-items.ts';

/** BatchWriteItem takes at most 25 requests (docs.aws.amazon.com, BatchWriteItem). */
const ITEMS_PER_CALL_MAX = 25;

const CALLS_IN_FLIGHT_MAX = 8;

/** How often items are written that the table did not get to, with a pause that doubles. */
const ATTEMPTS_MAX = 8;
const FIRST_PAUSE_MILLISECONDS = 50;

/**
 * Writes items, a few calls at a time; what is there already is written over.
 *
 * @throws ReferenceDataUnavailableError when the table does not get to some of them; the others may be written
 */
export async function writeItems(
  documents: DynamoDBDocumentClient,
  table: string,
  items: readonly ReferenceItem[],
): Promise<void> {
  const calls: (readonly ReferenceItem[])[] = [];
  for (let start = 0; start < items.length; start += ITEMS_PER_CALL_MAX)
    calls.push(items.slice(start, start + ITEMS_PER_CALL_MAX));
  const worker = async (): Promise<void> => {
    for (let call = calls.shift(); call !== undefined; call = calls.shift())
      await writeCall(documents, table, call);
  };
  await Promise.all(Array.from({ length: Math.min(CALLS_IN_FLIGHT_MAX, calls.length) }, worker));
}

async function writeCall(
  documents: DynamoDBDocumentClient,
  table: string,
  items: readonly ReferenceItem[],
): Promise<void> {
  let pending = items.map(({ id, row }) => ({ PutRequest: { Item: { id, row } } }));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) await sleep(FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: pending } }),
    );
    pending = (UnprocessedItems?.[table] ?? []) as typeof pending;
    if (pending.length === 0) return;
  }
  throw new ReferenceDataUnavailableError(
    `the reference table did not take ${pending.length} rows in ${ATTEMPTS_MAX} attempts`,
  );
}
