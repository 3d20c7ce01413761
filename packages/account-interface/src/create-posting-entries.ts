import type { TransactionPostingApprovedRecord } from '@payments/schemas';
import type { PlanBooking } from './booking-plan.ts';
import { eachOf } from './each-of.ts';
import { LifecycleContendedError } from './errors.ts';
import { legsOf } from './legs.ts';
import type { Follower, Lifecycle, Original } from './lifecycle.ts';
import { isFollower, isHeldFirst, type Message, messageOf } from './message.ts';
import type { Clock, Lifecycles, ReadLifecycle } from './ports.ts';
import { type Saying, sayFollowers, sayOriginal } from './saying.ts';
import { type Moment, settleLifecycle } from './settle-lifecycle.ts';

/** How often a life cycle that others change is read again. */
const ATTEMPTS = 8;
/** The first pause before that; it doubles. */
const BACK_OFF_MS = 10;
/** How many life cycles with followers are worked on at a time. */
const CONCURRENCY = 8;

/** What this stage works with. */
export interface PostingPorts {
  readonly planBooking: PlanBooking;
  readonly lifecycles: Lifecycles;
  readonly clock: Clock;
}

/** What became of one record. */
export type PostingOutcome =
  | { readonly kind: 'said'; readonly sayings: readonly Saying[] }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** A record, read: what stands on its own, what refers to others, or what cannot be booked. */
type Read =
  | { readonly kind: 'original'; readonly original: Original }
  | { readonly kind: 'follower'; readonly follower: Follower }
  | { readonly kind: 'failed'; readonly cause: unknown };

/**
 * Makes the posting entries, holds and endings of approved transactions. An original is kept before followers are
 * looked for, and a follower is registered before originals are: so that of the two, in whatever order they come,
 * one sees the other. Whoever looks says all that the life cycle came to; what is said twice is the same.
 *
 * @returns the outcome of each record, in order
 * @throws what the table throws for all of them
 */
export async function createPostingEntries(
  records: readonly TransactionPostingApprovedRecord[],
  { planBooking, lifecycles, clock }: PostingPorts,
): Promise<PostingOutcome[]> {
  const reads = records.map((record) => read(messageOf(record), planBooking, clock.now()));
  const originals = reads.flatMap((each) => (each.kind === 'original' ? [each.original] : []));
  /** By transaction, or by life cycle. */
  const failures = new Map<string, unknown>();
  await lifecycles.keep(originals);
  const followers = reads.flatMap((each) => (each.kind === 'follower' ? [each.follower] : []));
  await eachOf(followers, CONCURRENCY, async (follower) => {
    try {
      await lifecycles.register(follower);
    } catch (cause) {
      failures.set(follower.message.transactionId, cause);
    }
  });
  const followed = await followedLifecycles(originals, followers, lifecycles);
  const settled = new Map<string, Lifecycle>();
  await eachOf([...followed], CONCURRENCY, async (lifecycleId) => {
    try {
      settled.set(lifecycleId, await settleKept(lifecycleId, { lifecycles, clock }));
    } catch (cause) {
      failures.set(lifecycleId, cause);
    }
  });
  const said = new Set<string>();
  return reads.map((each) => {
    if (each.kind === 'failed') return each;
    const { message } = each.kind === 'original' ? each.original : each.follower;
    const { transactionId, lifecycleId } = message;
    for (const id of [transactionId, lifecycleId])
      if (failures.has(id)) return { kind: 'failed', cause: failures.get(id) };
    const lifecycle = settled.get(lifecycleId);
    const others = lifecycle === undefined || said.has(lifecycleId) ? [] : sayFollowers(lifecycle);
    said.add(lifecycleId);
    const own = each.kind === 'original' ? sayOriginal(each.original, lifecycle) : [];
    return { kind: 'said', sayings: [...own, ...others] };
  });
}

/**
 * Decides what can be decided in a life cycle, and keeps it: one write, on the condition that nobody else has
 * changed it since it was read.
 *
 * @throws LifecycleContendedError
 */
export async function settleKept(
  lifecycleId: string,
  { lifecycles, clock }: Pick<PostingPorts, 'lifecycles' | 'clock'>,
  moment?: Moment,
): Promise<ReadLifecycle> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await clock.sleep(BACK_OFF_MS * 2 ** (attempt - 2));
    const kept = await lifecycles.read(lifecycleId);
    const settled = { ...kept, ...settleLifecycle(kept, moment) };
    if (settled.state === kept.state) return kept;
    const due = moment === undefined ? 'renew' : 'keep';
    if (await lifecycles.replace(settled, due)) return { ...settled, version: kept.version + 1 };
  }
  throw new LifecycleContendedError(lifecycleId);
}

function read(message: Message, planBooking: PlanBooking, now: number): Read {
  try {
    const plan = planBooking(message);
    if (isFollower(message)) return { kind: 'follower', follower: { message, plan, since: now } };
    const legs = isHeldFirst(message) ? [] : legsOf(message, plan);
    return { kind: 'original', original: { message, plan, legs } };
  } catch (cause) {
    return { kind: 'failed', cause };
  }
}

/** The life cycles in which something refers to something: those of the followers given, and of others that came before. */
async function followedLifecycles(
  originals: readonly Original[],
  followers: readonly Follower[],
  lifecycles: Lifecycles,
): Promise<ReadonlySet<string>> {
  const followed = new Set(followers.map(({ message }) => message.lifecycleId));
  const others = new Set(
    originals.map(({ message }) => message.lifecycleId).filter((id) => !followed.has(id)),
  );
  if (others.size === 0) return followed;
  return new Set([...followed, ...(await lifecycles.withFollowers([...others]))]);
}
