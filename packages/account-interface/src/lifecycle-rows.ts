import { type HoldChange, holdExpiryOf } from './hold.ts';
import { type Follower, NO_STATE, type Original, type Remains } from './lifecycle.ts';
import { placesHold } from './message.ts';
import type { ReadLifecycle } from './ports.ts';

const DAY_MS = 86_400_000;
/** What is due is spread over this many keys of the index, so that none is hot. */
export const DUE_KEYS = [...'0123456789abcdef'].map((digit) => `DUE#${digit}`);

/** The sort key of the row that says what changes about a life cycle. */
export const STATE_POSITION = 'STATE';
const ORIGINAL_PREFIX = 'ORIGINAL#';
/** Each follower is an attribute of the state's row, so that it can be added without reading. */
export const FOLLOWER_PREFIX = 'FOLLOWER#';

/** A row of the table. */
export type LifecycleRow = Readonly<Record<string, unknown>> & {
  readonly lifecycleId: string;
  readonly position: string;
};

/** How long rows are kept, in days, and how long a follower waits. */
export interface Keeping {
  readonly retentionDays: number;
  readonly windowMs: number;
}

/**
 * An original as a row, the same for the same original. A hold is due when it ends by itself, and its row is kept
 * longer by that time.
 */
export function originalRow({ message, plan, legs }: Original, { retentionDays }: Keeping): LifecycleRow {
  const { lifecycleId, transactionId, loggedAt } = message;
  const from = placesHold(message) ? holdExpiryOf(message) : Date.parse(loggedAt);
  return {
    lifecycleId,
    position: `${ORIGINAL_PREFIX}${transactionId}`,
    message,
    plan,
    legs,
    expiresAt: secondsAfter(from, retentionDays),
    ...(placesHold(message) && { due: dueKeyOf(transactionId), dueAt: from }),
  };
}

/** The state of a life cycle as a row of the next version. */
export function stateRow(
  lifecycle: ReadLifecycle,
  dueAt: number | undefined,
  keeping: Keeping,
): LifecycleRow {
  const { lifecycleId, state, version } = lifecycle;
  const followers = Object.values(state.followers);
  const [first] = followers;
  const newest = Math.max(...followers.map(({ message }) => Date.parse(message.loggedAt)), 0);
  return {
    lifecycleId,
    position: STATE_POSITION,
    version: version + 1,
    remains: state.remains,
    expired: state.expired,
    ...Object.fromEntries(
      followers.map((follower) => [`${FOLLOWER_PREFIX}${follower.message.transactionId}`, follower]),
    ),
    // A state without followers is of holds that ended: it stays as long as they do.
    expiresAt: secondsAfter(Math.max(newest, ...lifecycle.originals.map(endOf)), keeping.retentionDays),
    ...(dueAt !== undefined && { due: dueKeyOf(first?.message.transactionId ?? ''), dueAt }),
  };
}

/** A life cycle from its rows. */
export function lifecycleOf(lifecycleId: string, rows: readonly LifecycleRow[]): ReadLifecycle {
  const originals = rows
    .filter(({ position }) => position.startsWith(ORIGINAL_PREFIX))
    .map(({ message, plan, legs }) => ({ message, plan, legs }) as Original);
  const row = rows.find(({ position }) => position === STATE_POSITION);
  if (row === undefined) return { lifecycleId, originals, state: NO_STATE, version: 0 };
  const followers = Object.entries(row)
    .filter(([name]) => name.startsWith(FOLLOWER_PREFIX))
    .map(([name, follower]) => [name.slice(FOLLOWER_PREFIX.length), follower as Follower]);
  return {
    lifecycleId,
    originals,
    state: {
      followers: Object.fromEntries(followers),
      remains: (row['remains'] ?? {}) as Record<string, Remains>,
      expired: (row['expired'] ?? {}) as Record<string, HoldChange>,
    },
    version: Number(row['version']),
    ...(row['dueAt'] !== undefined && { dueAt: Number(row['dueAt']) }),
  };
}

/** The transaction of a hold's row, undefined for the row of a state. */
export function authorizationOf(position: string): string | undefined {
  return position.startsWith(ORIGINAL_PREFIX) ? position.slice(ORIGINAL_PREFIX.length) : undefined;
}

/** The key of an original's row. */
export function originalKey(lifecycleId: string, transactionId: string) {
  return { lifecycleId, position: `${ORIGINAL_PREFIX}${transactionId}` };
}

/** When the first of the followers that wait has waited as long as it should, after a moment. */
export function nextDue({ state }: ReadLifecycle, { windowMs }: Keeping, after: number): number | undefined {
  const dues = Object.values(state.followers)
    .filter(({ outcome }) => outcome === undefined)
    .map(({ since }) => since + windowMs)
    .filter((due) => due > after);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** The index key of what is due, by the first digit of a transaction. */
export function dueKeyOf(transactionId: string): string {
  return `DUE#${transactionId.slice(0, 1)}`;
}

/** The epoch second so many days after a moment. */
export function secondsAfter(moment: number, days: number): number {
  return Math.floor((moment + days * DAY_MS) / 1000);
}

function endOf({ message }: Original): number {
  return placesHold(message) ? holdExpiryOf(message) : Date.parse(message.loggedAt);
}
