import { divideRounded, sequenceIdOf } from '@payments/domain';
import type { Money } from '@payments/schemas';
import { holdChange } from './hold.ts';
import { legsOf } from './legs.ts';
import { legsBetween } from './legs-between.ts';
import {
  completionsBeside,
  type Ending,
  type Lifecycle,
  type Original,
  type Remains,
  referredTo,
  remainsOf,
} from './lifecycle.ts';
import { isAuthorization, isHeldFirst, type Message, movesNothing, placesHold } from './message.ts';
import type { Settlement } from './settlement.ts';

/** What a reversal leaves of a message: in the account's currency, and in the transaction's. */
interface Left {
  readonly billed: Money;
  readonly amount: Money;
}

/**
 * Decides a reversal. A full one takes back whatever still stands, leg by leg as it was booked. A partial one
 * leaves what its original would have booked for the replacement, on the original's terms; of several the lowest
 * replacement stands. In whatever order reversals come, the same is left.
 *
 * @returns undefined while what it takes back is not there
 */
export function settleReversal(lifecycle: Lifecycle, reversal: Message): Settlement | undefined {
  const original = referredTo(lifecycle, reversal);
  if (original === undefined) return undefined;
  const left = leftBy(reversal, original.message);
  if ('reason' in left) return ended(left);
  const stands = remainsOf(lifecycle, original);
  const ending = endingOf(lifecycle, original, stands, left);
  if (ending !== undefined) return ended(ending);
  return isHeldFirst(original.message)
    ? holdLeft(original, stands, left)
    : legsLeft(reversal, original, stands, left);
}

/** Why there is nothing to take back, if there is nothing. */
function endingOf(
  lifecycle: Lifecycle,
  { message }: Original,
  stands: Remains,
  left: Left,
): Ending | undefined {
  const { transactionId } = message;
  const closed = (reason: string, explanation: string): Ending => ({
    disposition: 'CLOSED',
    reason,
    explanation,
  });
  if (movesNothing(message) || (isHeldFirst(message) && !placesHold(message)))
    return closed('NO_AMOUNT', `${transactionId} moved nothing that could be taken back`);
  if (isAuthorization(message) && completionsBeside(lifecycle, message).length > 0)
    return closed('REVERSAL_SUPERSEDED', `${transactionId} was completed, and its completion stands`);
  if (lifecycle.state.expired[transactionId] !== undefined)
    return closed('HOLD_EXPIRED', `the hold of ${transactionId} had ended by itself`);
  if (stands.billed === '0') return closed('ALREADY_REVERSED', `${transactionId} is taken back already`);
  if (BigInt(left.billed.minorUnits) >= BigInt(stands.billed))
    return closed('REVERSAL_SUPERSEDED', `no more is left of ${transactionId} than this would leave`);
  return undefined;
}

function legsLeft(reversal: Message, original: Original, stands: Remains, left: Left): Settlement {
  const { message, plan } = original;
  const transaction = { ...message.transaction, amount: left.amount, billed: left.billed };
  const wanted = legsOf({ ...message, transaction }, plan);
  const takingBack = {
    description: reversal.description,
    reversalOf: sequenceIdOf(message.transactionId),
  };
  return {
    outcome: { legs: legsBetween(stands.legs, wanted, takingBack), holds: [] },
    remains: { [message.transactionId]: { billed: left.billed.minorUnits, legs: wanted } },
  };
}

function holdLeft({ message }: Original, stands: Remains, { billed }: Left): Settlement {
  const amounts = { before: stands.billed, after: billed.minorUnits };
  const change =
    billed.minorUnits === '0'
      ? holdChange(message, 'HOLD_RELEASE', 'REVERSED', amounts)
      : holdChange(message, 'HOLD_ADJUST', 'PARTIALLY_REVERSED', amounts);
  return {
    outcome: { legs: [], holds: [change] },
    remains: { [message.transactionId]: { billed: billed.minorUnits, legs: [] } },
  };
}

function ended(ending: Ending): Settlement {
  return { outcome: { legs: [], holds: [], ending }, remains: {} };
}

/** What a reversal leaves of its original, or why it cannot be told. */
function leftBy(reversal: Message, { transactionId, transaction }: Message): Left | Ending {
  const { amount, billed } = transaction;
  const { full = true, replacement, replacementBilled } = reversal.transaction.reversal ?? {};
  if (full) return { billed: { ...billed, minorUnits: '0' }, amount: { ...amount, minorUnits: '0' } };
  const leftAmount = replacement?.currency === amount.currency ? replacement : undefined;
  const leftBilled =
    [replacementBilled, replacement].find((money) => money?.currency === billed.currency) ??
    (leftAmount && proportionOf(billed, leftAmount, amount));
  if (leftBilled === undefined) {
    const explanation = `what it leaves of ${transactionId} is in another currency`;
    return { disposition: 'BREAK', reason: 'REVERSAL_CURRENCY', explanation };
  }
  const left = { billed: leftBilled, amount: leftAmount ?? proportionOf(amount, leftBilled, billed) };
  if (exceeds(left.billed, billed) || exceeds(left.amount, amount)) {
    const explanation = `it would leave more of ${transactionId} than there was`;
    return { disposition: 'BREAK', reason: 'REVERSAL_EXCEEDS_ORIGINAL', explanation };
  }
  return left;
}

/** The share of a sum that a part is of its whole, which is the original's own rate. */
function proportionOf(sum: Money, part: Money, whole: Money): Money {
  if (whole.minorUnits === '0') return { ...sum, minorUnits: '0' };
  const numerator = BigInt(sum.minorUnits) * BigInt(part.minorUnits);
  return { ...sum, minorUnits: divideRounded(numerator, BigInt(whole.minorUnits), 'HALF_EVEN').toString() };
}

function exceeds(left: Money, whole: Money): boolean {
  return BigInt(left.minorUnits) > BigInt(whole.minorUnits);
}
