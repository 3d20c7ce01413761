import { UnprocessedItemsError } from '../errors.ts';

/** Waits so many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** How often a batch is sent, with what DynamoDB left unprocessed, before it is given up. */
const BATCH_ATTEMPTS = 8;
/** The first pause; it doubles, so that all attempts take some six seconds. */
const BACK_OFF_MS = 50;

/**
 * Sends items and sends again what a batch call left unprocessed, which is how DynamoDB says that a table is
 * throttled while the call itself succeeds.
 *
 * @param send one batch call; gives the items that it did not process
 * @throws UnprocessedItemsError when some are left after all attempts
 */
export async function untilProcessed<Item>(
  table: string,
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Item[]>,
  sleep: Sleep,
): Promise<void> {
  let remaining = items;
  for (let attempt = 1; remaining.length > 0; attempt += 1) {
    remaining = await send(remaining);
    if (remaining.length === 0) return;
    if (attempt === BATCH_ATTEMPTS) throw new UnprocessedItemsError(table, remaining.length);
    await sleep(BACK_OFF_MS * 2 ** (attempt - 1));
  }
}
