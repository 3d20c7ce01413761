import { entryIdOf, sequenceIdOf } from '@payments/domain';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import type { Leg } from './leg.ts';
import type { Message } from './message.ts';

/**
 * The legs of a message as its posting entries: one record for each, numbered 1 to n in one sequence, all on the
 * message's booking and value date. Sequence and entries are named by the transaction, so the same legs again
 * are the same entries.
 */
export function postingEntriesOf(message: Message, legs: readonly Leg[]): PostingEntryCreatedRecord[] {
  const { transactionId, scheme, loggedAt, lifecycleId, transaction } = message;
  const sequenceId = sequenceIdOf(transactionId);
  const { bookingDate, valueDate } = transaction;
  return legs.map((leg, index) => {
    const number = index + 1;
    const entryId = entryIdOf(sequenceId, number);
    const entry = {
      ...leg,
      entryId,
      sequence: { id: sequenceId, number, count: legs.length },
      bookingDate,
      valueDate,
      sourceEventId: message.idempotencyKey,
    };
    return { transactionId, idempotencyKey: entryId, scheme, loggedAt, lifecycleId, entry };
  });
}
