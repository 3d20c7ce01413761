import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RowsNotReadError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** BatchGetItem takes at most this many keys (DynamoDB API reference). */
const BATCH_GET_MAX = 100;
/** How often what was left unprocessed is asked for again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles. */
const BACK_OFF_MS = 20;

/**
 * Reads the rows of keys, consistently.
 *
 * @param keys no two of them alike
 * @throws RowsNotReadError when keys stay unprocessed
 */
export async function batchGetRows<Row>(
  documents: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
  clock: Clock,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_MAX) {
    let Keys = keys.slice(start, start + BATCH_GET_MAX);
    for (let attempt = 1; Keys.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new RowsNotReadError(table);
      if (attempt > 1) await clock.sleep(BACK_OFF_MS * 2 ** (attempt - 2));
      const answer = await documents.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      rows.push(...((answer.Responses?.[table] ?? []) as Row[]));
      Keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return rows;
}

/** The keys of the rows of transactions, each once. */
export function transactionKeys(transactionIds: readonly string[]): { readonly transactionId: string }[] {
  return [...new Set(transactionIds)].map((transactionId) => ({ transactionId }));
}
