import { identifierOf } from '@payments/domain';
import type { Finding, PatchAction } from './break.ts';
import type { ReplayStage, ReplayWindow } from './ports.ts';

/** An event is put on the bus soon after it was made, and its time in the archive is when the bus took it. */
const BEFORE_MS = 5_000;
const AFTER_MS = 60_000;
/** What reconciliation alone has not heard of was made within this time of the last event that it has. */
const UNHEARD_MS = 5 * 60_000;
/** Windows this near to each other are one: EventBridge replays by the minute (API reference, StartReplay). */
const NEAR_MS = 60_000;

/** Begins the names of all replays that reconciliation starts. */
const NAME_PREFIX = 'reconcile-';

/** Who goes on from an event: the stage that consumes it. */
export const CONSUMERS: Readonly<Record<string, ReplayStage>> = {
  TransactionAuthorized: 'standardize',
  TransactionPostingApproved: 'account-interface',
};

/**
 * What of the archive puts a mismatch right when it is given once more, and to whom. Reconciliation picks the
 * transaction's own events out of it, and a narrow window leaves little to pick from.
 *
 * @param attempt from 1; each looks twice as far as the one before
 * @param now epoch milliseconds; nothing is replayed that is yet to come
 * @returns nothing where no event is known that it could start from
 */
export function windowOf(
  { lastGood, approvedAt, unheard = [] }: Pick<Finding, 'lastGood' | 'approvedAt' | 'unheard'>,
  action: PatchAction,
  attempt: number,
  now: number,
): ReplayWindow | undefined {
  if (lastGood === undefined) return undefined;
  const wider = 2 ** (attempt - 1);
  const around = (
    time: string,
    stage: ReplayStage,
    before: number,
    after: number,
  ): ReplayWindow | undefined => {
    const from = Date.parse(time) - before * wider;
    const to = Math.min(now, Date.parse(time) + after * wider);
    return from < to ? { stage, from, to } : undefined;
  };
  // The pipeline did its work, and reconciliation alone missed an event of it.
  if (unheard.length > 0) return around(lastGood.producedAt, 'reconcile', UNHEARD_MS, UNHEARD_MS);
  if (action === 'RESEND' && approvedAt !== undefined)
    return around(approvedAt, 'account-interface', BEFORE_MS, AFTER_MS);
  const stage = CONSUMERS[lastGood.event];
  return stage === undefined ? undefined : around(lastGood.producedAt, stage, BEFORE_MS, AFTER_MS);
}

/**
 * Few windows that cover many: those of one stage that touch or nearly touch become one, and where that is still too
 * many, those with the smallest gaps between them.
 *
 * @param max how many there may be; never fewer than one for each stage
 */
export function mergeWindows(windows: readonly ReplayWindow[], max: number): readonly ReplayWindow[] {
  const merged: ReplayWindow[] = [];
  for (const window of [...windows].sort(byStageAndTime)) {
    const last = merged.at(-1);
    if (last !== undefined && gapOf(last, window) <= NEAR_MS) merged.splice(-1, 1, joined(last, window));
    else merged.push(window);
  }
  while (merged.length > max) {
    const gaps = merged.slice(1).map((window, index) => gapOf(merged[index] ?? window, window));
    const smallest = Math.min(...gaps);
    if (smallest === Number.POSITIVE_INFINITY) break;
    const index = gaps.indexOf(smallest);
    const [left, right] = [merged[index], merged[index + 1]];
    if (left === undefined || right === undefined) break;
    merged.splice(index, 2, joined(left, right));
  }
  return merged;
}

/** Says whether a window lies within another one of the same stage. */
export function covers(outer: ReplayWindow, inner: ReplayWindow): boolean {
  return outer.stage === inner.stage && outer.from <= inner.from && inner.to <= outer.to;
}

/**
 * What a replay is called: by what it gives to whom and for which attempts, so that it is started once for them.
 *
 * @param attempts what is patched by it: the cases' ids, each with its attempt
 */
export function replayNameOf({ stage, from, to }: ReplayWindow, attempts: readonly string[]): string {
  return `${NAME_PREFIX}${identifierOf('replay', stage, String(from), String(to), ...[...attempts].sort())}`;
}

/** Whether a replay may be one that reconciliation started. */
export function isOwnReplay(name: string | undefined): name is string {
  return name?.startsWith(NAME_PREFIX) === true;
}

function byStageAndTime(left: ReplayWindow, right: ReplayWindow): number {
  if (left.stage !== right.stage) return left.stage < right.stage ? -1 : 1;
  return left.from - right.from;
}

/** The time between two windows in order; below zero where they overlap, endless between two stages. */
function gapOf(left: ReplayWindow, right: ReplayWindow): number {
  return left.stage === right.stage ? right.from - left.to : Number.POSITIVE_INFINITY;
}

function joined(left: ReplayWindow, right: ReplayWindow): ReplayWindow {
  return { ...left, to: Math.max(left.to, right.to) };
}
