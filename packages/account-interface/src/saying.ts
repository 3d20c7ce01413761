import { recordKeyOf } from '@payments/domain';
import type {
  HoldChangedRecord,
  PostingEntryCreatedRecord,
  TransactionNotPostedRecord,
} from '@payments/schemas';
import { type HoldChange, holdChange, holdChangedRecord, holdPlaced } from './hold.ts';
import {
  cameAfterCompletion,
  type Ending,
  type Follower,
  type Lifecycle,
  type Original,
} from './lifecycle.ts';
import { isHeldFirst, type Message, movesNothing, placesHold } from './message.ts';
import { postingEntriesOf } from './posting-entries.ts';

/** An event that this stage emits. */
export type Saying =
  | { readonly event: 'PostingEntryCreated'; readonly record: PostingEntryCreatedRecord }
  | { readonly event: 'TransactionNotPosted'; readonly record: TransactionNotPostedRecord }
  | { readonly event: 'HoldChanged'; readonly record: HoldChangedRecord };

/**
 * What is said of an original.
 *
 * @param lifecycle absent where nothing refers to anything in it
 */
export function sayOriginal({ message, legs }: Original, lifecycle: Lifecycle | undefined): Saying[] {
  const isLate = lifecycle !== undefined && cameAfterCompletion(lifecycle, message);
  if (placesHold(message)) {
    const placed = holdPlaced(message);
    if (!isLate) return [sayHold(message, placed)];
    const amounts = { before: placed.after.minorUnits, after: '0' };
    const freed = holdChange(message, 'HOLD_RELEASE', 'CLEARED', amounts);
    return [sayHold(message, placed), sayHold(message, freed)];
  }
  if (legs.length > 0 && !isLate) return sayEntries(message, legs);
  return [sayEnding(message, endingOf(message, legs.length > 0))];
}

/** What is said of all followers in a life cycle that are decided. Saying it again is the same. */
export function sayFollowers({ state }: Lifecycle): Saying[] {
  return Object.values(state.followers).flatMap(sayFollower);
}

/** What is said of a hold that ended by itself; nothing when it ended otherwise. */
export function sayExpired({ originals, state }: Lifecycle, authorizationId: string): Saying[] {
  const change = state.expired[authorizationId];
  const original = originals.find(({ message }) => message.transactionId === authorizationId);
  return change === undefined || original === undefined ? [] : [sayHold(original.message, change)];
}

/** What is said of a reversal that has waited for its original as long as it should. It goes on waiting. */
export function sayWithoutOriginal({ message }: Follower): Saying {
  const { original } = message.transaction;
  const named = original === undefined ? 'no original' : `an original with trace number ${original.stan}`;
  return sayEnding(message, {
    disposition: 'BREAK',
    reason: 'REVERSAL_WITHOUT_ORIGINAL',
    explanation: `it names ${named}, which was not posted; it is done when that is`,
  });
}

function sayFollower({ message, outcome }: Follower): Saying[] {
  if (outcome === undefined) return [];
  const { legs, holds, ending } = outcome;
  return [
    ...sayEntries(message, legs),
    ...holds.map((change) => sayHold(message, change)),
    ...(ending === undefined ? [] : [sayEnding(message, ending)]),
  ];
}

function endingOf(message: Message, hasLegs: boolean): Ending {
  if (hasLegs) {
    const explanation = 'it came after its completion, which was posted in its place';
    return { disposition: 'CLOSED', reason: 'ALREADY_POSTED', explanation };
  }
  if (isHeldFirst(message) && !movesNothing(message)) {
    const explanation = 'it is posted when it is cleared, and nothing is held until then';
    return { disposition: 'CLOSED', reason: 'NOTHING_TO_HOLD', explanation };
  }
  return { disposition: 'CLOSED', reason: 'NO_AMOUNT', explanation: 'it moves nothing' };
}

function sayEntries(message: Message, legs: Original['legs']): Saying[] {
  return postingEntriesOf(message, legs).map((record) => ({ event: 'PostingEntryCreated', record }));
}

function sayHold(cause: Message, change: HoldChange): Saying {
  return { event: 'HoldChanged', record: holdChangedRecord(cause, change) };
}

function sayEnding(message: Message, ending: Ending): Saying {
  const { transactionId, scheme, loggedAt, lifecycleId } = message;
  const idempotencyKey = recordKeyOf('TransactionNotPosted', transactionId, ending.reason);
  const record = { transactionId, idempotencyKey, scheme, loggedAt, lifecycleId, ...ending };
  return { event: 'TransactionNotPosted', record };
}
