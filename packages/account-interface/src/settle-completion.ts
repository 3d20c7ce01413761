import { sequenceIdOf } from '@payments/domain';
import { holdChange, holdIdOf } from './hold.ts';
import type { Leg } from './leg.ts';
import { legsOf } from './legs.ts';
import { legsBetween } from './legs-between.ts';
import {
  completionsBeside,
  type Ending,
  type Follower,
  type Lifecycle,
  type Original,
  referredTo,
  remainsOf,
} from './lifecycle.ts';
import { isAuthorization, type Message, placesHold } from './message.ts';
import type { Settlement } from './settlement.ts';

/**
 * Decides a completion: the first takes the place of the authorizations of its life cycle that are there, others
 * add to it. What those posted counts, so only the difference is booked; what they hold is freed. Where a product posts at
 * authorization, it waits for the authorization that it names, unless nothing is worth waiting for any more.
 *
 * @param isOverdue whether it has waited as long as it should
 * @returns undefined while it waits
 */
export function settleCompletion(
  lifecycle: Lifecycle,
  { message, plan }: Follower,
  isOverdue: boolean,
): Settlement | undefined {
  const waits = message.product.postingMode === 'POST_AT_AUTH' && !isOverdue;
  const named = referredTo(lifecycle, message);
  if (named === undefined && waits) return undefined;
  const completed = openAuthorizations(lifecycle, message);
  const stands = completed.map((authorization) => ({
    authorization,
    remains: remainsOf(lifecycle, authorization),
  }));
  const held = stands.filter(
    ({ authorization, remains }) => placesHold(authorization.message) && remains.billed !== '0',
  );
  const own = legsOf(message, plan);
  const posted = stands.flatMap(({ remains }) => remains.legs);
  const reversalOf = sequenceIdOf((named ?? completed[0])?.message.transactionId ?? message.transactionId);
  const legs = legsBetween(posted, own, { description: message.description, reversalOf });
  const [firstHold] = held;
  const nothing = Object.fromEntries(
    completed.map(({ message: { transactionId } }) => [transactionId, { billed: '0', legs: [] }]),
  );
  return {
    outcome: {
      legs: firstHold === undefined ? legs : settlingHold(legs, holdIdOf(firstHold.authorization.message)),
      holds: held.map(({ authorization, remains }) =>
        holdChange(authorization.message, 'HOLD_RELEASE', 'CLEARED', { before: remains.billed, after: '0' }),
      ),
      completes: completed.map(({ message: { transactionId } }) => transactionId),
      ...(legs.length === 0 && { ending: endingOf(own) }),
    },
    remains: {
      ...nothing,
      [message.transactionId]: { billed: message.transaction.billed.minorUnits, legs: own },
    },
  };
}

/**
 * The authorizations of the same direction, in the order in which they were sent, for the first completion. Those
 * after it add to it, and an authorization that comes after it is not posted and holds nothing.
 */
function openAuthorizations(lifecycle: Lifecycle, { transaction }: Message): Original[] {
  return lifecycle.originals
    .filter(
      ({ message }) =>
        isAuthorization(message) &&
        message.transaction.direction === transaction.direction &&
        completionsBeside(lifecycle, message).length === 0,
    )
    .sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}

function rankOf({ message }: Original): string {
  return `${message.transaction.transmittedAt} ${message.transactionId}`;
}

/** The customer's principal leg says which hold it settles. */
function settlingHold(legs: readonly Leg[], holdRef: string): Leg[] {
  const settling = legs.find(
    ({ account, amountTag, reversal }) => account.role === 'CUST' && amountTag === 'PRINCIPAL' && !reversal,
  );
  return legs.map((leg) => (leg === settling ? { ...leg, holdRef, holdRelease: 'FULL' } : leg));
}

function endingOf(own: readonly Leg[]): Ending {
  return own.length === 0
    ? { disposition: 'CLOSED', reason: 'NO_AMOUNT', explanation: 'it moves nothing' }
    : {
        disposition: 'CLOSED',
        reason: 'ALREADY_POSTED',
        explanation: 'all of it was posted at its authorization',
      };
}
