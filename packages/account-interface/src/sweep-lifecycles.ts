import { type PostingPorts, settleKept } from './create-posting-entries.ts';
import { eachOf } from './each-of.ts';
import { waitingFollowers } from './lifecycle.ts';
import { isReversal } from './message.ts';
import type { DueLifecycle, ReadLifecycle } from './ports.ts';
import { type Saying, sayExpired, sayFollowers, sayWithoutOriginal } from './saying.ts';
import { isOverdue, type Moment } from './settle-lifecycle.ts';

/** How many life cycles are looked at a time. */
const CONCURRENCY = 8;
/** What is said of so many life cycles is published before they leave the list. */
const PUBLISHED_TOGETHER = 100;

/** What a sweep found. */
export interface Sweep {
  readonly lifecycles: number;
  /** Reversals of which the original has not come in time. */
  readonly withoutOriginal: number;
}

/**
 * Looks at what is due: holds that may be over, followers that have waited for too long. A completion is then
 * posted without its authorization. A reversal is said to be a break and goes on waiting: should its original
 * come all the same, it is taken back then, and never is a reversal posted alone.
 *
 * @param publish called before what was said leaves the list, so that nothing is lost between
 * @throws after all others are looked at, what one of them threw
 */
export async function sweepLifecycles(
  ports: Pick<PostingPorts, 'lifecycles' | 'clock'>,
  { windowMs, max }: { readonly windowMs: number; readonly max: number },
  publish: (sayings: readonly Saying[]) => Promise<void>,
): Promise<Sweep> {
  const moment: Moment = { now: ports.clock.now(), windowMs };
  const due = await ports.lifecycles.due(moment.now, max);
  const byLifecycle = [...Map.groupBy(due, ({ lifecycleId }) => lifecycleId)];
  let withoutOriginal = 0;
  const failures: unknown[] = [];
  for (let start = 0; start < byLifecycle.length; start += PUBLISHED_TOGETHER) {
    /** What a life cycle that cannot be settled now had to say is said by the next sweep. */
    const looked: { readonly dues: readonly DueLifecycle[]; readonly lifecycle: ReadLifecycle }[] = [];
    await eachOf(byLifecycle.slice(start, start + PUBLISHED_TOGETHER), CONCURRENCY, async ([id, dues]) => {
      try {
        looked.push({ dues, lifecycle: await settleKept(id, ports, moment) });
      } catch (cause) {
        failures.push(cause);
      }
    });
    const breaks = looked.flatMap(({ lifecycle }) => breaksOf(lifecycle, moment));
    withoutOriginal += breaks.length;
    const found = looked.flatMap(({ dues, lifecycle }) =>
      dues.flatMap(({ authorizationId }) =>
        authorizationId === undefined ? sayFollowers(lifecycle) : sayExpired(lifecycle, authorizationId),
      ),
    );
    await publish([...found, ...breaks]);
    await eachOf(looked, CONCURRENCY, async ({ dues, lifecycle }) => {
      for (const each of dues) await ports.lifecycles.settleDue(each, lifecycle, moment.now);
    });
  }
  if (failures.length > 0) throw failures[0];
  return { lifecycles: byLifecycle.length, withoutOriginal };
}

function breaksOf(lifecycle: ReadLifecycle, moment: Moment): Saying[] {
  return waitingFollowers(lifecycle)
    .filter((follower) => isReversal(follower.message) && isOverdue(follower, moment))
    .map(sayWithoutOriginal);
}
