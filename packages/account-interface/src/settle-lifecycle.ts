import { holdChange, holdExpiryOf } from './hold.ts';
import {
  cameAfterCompletion,
  type Follower,
  type Lifecycle,
  type LifecycleState,
  type Original,
  remainsOf,
  waitingFollowers,
} from './lifecycle.ts';
import { isCompletion, placesHold } from './message.ts';
import { settleCompletion } from './settle-completion.ts';
import { settleReversal } from './settle-reversal.ts';
import type { Settlement } from './settlement.ts';

/** Time as far as a life cycle knows it, epoch milliseconds. */
export interface Moment {
  readonly now: number;
  /** How long a follower waits. */
  readonly windowMs: number;
}

/**
 * Decides every follower that can be decided, and with a moment also ends holds that are over and waits that are
 * too long. What is decided stays as it is.
 *
 * @returns the life cycle with its new state; the same object when nothing could be decided
 */
export function settleLifecycle(lifecycle: Lifecycle, moment?: Moment): Lifecycle {
  let settled = lifecycle;
  for (let next = settleOne(settled, moment); next !== undefined; next = settleOne(settled, moment))
    settled = { ...settled, state: next };
  return settled;
}

/** Says whether a follower has waited for so long that people must know. */
export function isOverdue({ since }: Follower, moment: Moment | undefined): boolean {
  return moment !== undefined && since + moment.windowMs <= moment.now;
}

/** One step: what is decided may be what another one waited for. */
function settleOne(lifecycle: Lifecycle, moment: Moment | undefined): LifecycleState | undefined {
  for (const follower of waitingFollowers(lifecycle)) {
    const settlement = isCompletion(follower.message)
      ? settleCompletion(lifecycle, follower, isOverdue(follower, moment))
      : settleReversal(lifecycle, follower.message);
    if (settlement !== undefined) return decided(lifecycle.state, follower, settlement);
  }
  if (moment === undefined) return undefined;
  const over = lifecycle.originals.find((original) => isOver(lifecycle, original, moment.now));
  return over && expired(lifecycle, over);
}

function decided(
  state: LifecycleState,
  follower: Follower,
  { outcome, remains }: Settlement,
): LifecycleState {
  return {
    ...state,
    followers: { ...state.followers, [follower.message.transactionId]: { ...follower, outcome } },
    remains: { ...state.remains, ...remains },
  };
}

function isOver(lifecycle: Lifecycle, original: Original, now: number): boolean {
  const { message } = original;
  return (
    placesHold(message) &&
    holdExpiryOf(message) <= now &&
    remainsOf(lifecycle, original).billed !== '0' &&
    !cameAfterCompletion(lifecycle, message)
  );
}

function expired(lifecycle: Lifecycle, original: Original): LifecycleState {
  const { state } = lifecycle;
  const { message } = original;
  const before = remainsOf(lifecycle, original).billed;
  const change = holdChange(message, 'HOLD_EXPIRE', 'EXPIRED', { before, after: '0' });
  return {
    ...state,
    remains: { ...state.remains, [message.transactionId]: { billed: '0', legs: [] } },
    expired: { ...state.expired, [message.transactionId]: change },
  };
}
