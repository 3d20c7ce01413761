import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SidesNotKeptError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** BatchGetItem takes at most this many keys (DynamoDB API reference). */
const BATCH_GET_MAX = 100;
/** How often what was left unprocessed is asked for again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles. */
const BACK_OFF_MS = 20;

/**
 * Reads the rows of transactions, consistently.
 *
 * @throws SidesNotKeptError when keys stay unprocessed
 */
export async function batchGetRows<Row>(
  documents: DynamoDBDocumentClient,
  table: string,
  transactionIds: readonly string[],
  clock: Clock,
): Promise<Row[]> {
  const rows: Row[] = [];
  const ids = [...new Set(transactionIds)];
  for (let start = 0; start < ids.length; start += BATCH_GET_MAX) {
    let Keys: Record<string, unknown>[] = ids
      .slice(start, start + BATCH_GET_MAX)
      .map((transactionId) => ({ transactionId }));
    for (let attempt = 1; Keys.length > 0; attempt += 1) {
      if (attempt > ATTEMPTS) throw new SidesNotKeptError(new Error('keys were left unprocessed'));
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
