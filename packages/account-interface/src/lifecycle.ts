import type { TransactionNotPostedRecord } from '@payments/schemas';
import type { BookingPlan } from './booking-plan.ts';
import type { HoldChange } from './hold.ts';
import type { Leg } from './leg.ts';
import { isAuthorization, isCompletion, isReversal, type Message } from './message.ts';

/** A message that stands on its own, as it was made: its legs, none where it is held or moves nothing. */
export interface Original {
  readonly message: Message;
  readonly plan: BookingPlan;
  readonly legs: readonly Leg[];
}

/** Why a message has no entries. */
export type Ending = Pick<TransactionNotPostedRecord, 'disposition' | 'reason' | 'explanation'>;

/** What a message that refers to others came to. It is decided once and then only repeated. */
export interface Outcome {
  /** What is booked for it: what it adds and what it takes back. */
  readonly legs: readonly Leg[];
  readonly holds: readonly HoldChange[];
  /** Said where nothing is booked. */
  readonly ending?: Ending;
  /** Of a completion: the authorizations whose place it took. */
  readonly completes?: readonly string[];
}

/** A message of which the outcome depends on others of its life cycle: a reversal, a completion. */
export interface Follower {
  readonly message: Message;
  readonly plan: BookingPlan;
  /** When it was first seen, epoch milliseconds. */
  readonly since: number;
  /** Absent while it waits for what it refers to. */
  readonly outcome?: Outcome;
}

/** What still stands of a message after others changed it. */
export interface Remains {
  /** Of the billed amount, in minor units. */
  readonly billed: string;
  /** As they are booked forward. */
  readonly legs: readonly Leg[];
}

/** What changes about a life cycle; originals never do. All by transaction id. */
export interface LifecycleState {
  readonly followers: Readonly<Record<string, Follower>>;
  /** Of the messages that followers changed. */
  readonly remains: Readonly<Record<string, Remains>>;
  /** Holds that ended by themselves. */
  readonly expired: Readonly<Record<string, HoldChange>>;
}

/** All that was kept of an authorization, its increments, and whatever refers to them. */
export interface Lifecycle {
  readonly lifecycleId: string;
  readonly originals: readonly Original[];
  readonly state: LifecycleState;
}

export const NO_STATE: LifecycleState = { followers: {}, remains: {}, expired: {} };

/** What still stands of a message. */
export function remainsOf({ state }: Lifecycle, { message, legs }: Original): Remains {
  return state.remains[message.transactionId] ?? { billed: message.transaction.billed.minorUnits, legs };
}

/** The followers that wait, completions first, then in the order in which they were sent. */
export function waitingFollowers({ state }: Lifecycle): Follower[] {
  const rank = ({ message }: Follower): string =>
    `${isCompletion(message) ? 0 : 1} ${message.transaction.transmittedAt} ${message.transactionId}`;
  return Object.values(state.followers)
    .filter(({ outcome }) => outcome === undefined)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The completions that are decided, of the same direction as a message. */
export function completionsBeside({ state }: Lifecycle, { transaction }: Message): Follower[] {
  return Object.values(state.followers).filter(
    ({ message, outcome }) =>
      outcome !== undefined &&
      isCompletion(message) &&
      message.transaction.direction === transaction.direction,
  );
}

/** Says whether a completion was decided while this authorization was not there: it has the place of it. */
export function cameAfterCompletion(lifecycle: Lifecycle, message: Message): boolean {
  if (!isAuthorization(message)) return false;
  const completions = completionsBeside(lifecycle, message);
  const took = completions.some(({ outcome }) => outcome?.completes?.includes(message.transactionId));
  return completions.length > 0 && !took;
}

/**
 * The message that another one refers to: an original, or a completion that is decided, with the trace number
 * that it names and, where it names one, the transmission time. A message that names nothing means the only
 * original there is. Where more than one could be meant, none is.
 */
export function referredTo(lifecycle: Lifecycle, { transaction }: Message): Original | undefined {
  const { original } = transaction;
  if (original === undefined) return onlyOne(lifecycle.originals);
  return onlyOne(
    [...lifecycle.originals, ...decidedCompletions(lifecycle)].filter(
      ({ message: { transaction: candidate } }) =>
        sameNumber(candidate.stan, original.stan) &&
        (original.transmittedAt === undefined ||
          Date.parse(candidate.transmittedAt) === Date.parse(original.transmittedAt)),
    ),
  );
}

/** Completions as what can be reversed: what stands of them is among the remains from their decision on. */
function decidedCompletions({ state }: Lifecycle): Original[] {
  return Object.values(state.followers)
    .filter(({ message, outcome }) => outcome !== undefined && !isReversal(message))
    .map(({ message, plan }) => ({ message, plan, legs: [] }));
}

function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** Trace numbers are digits of a fixed length that differs between versions of ISO 8583. */
function sameNumber(left: string, right: string): boolean {
  return left.replace(/^0+/, '') === right.replace(/^0+/, '');
}
