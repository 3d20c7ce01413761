import type { PostingEntryCreatedRecord } from '@payments/schemas';
import { aboutCase, withoutLastChange } from './case-step.ts';
import type { BreakStore, EntryPublisher, EventReplays, KeptBreak, PlannedPatch } from './ports.ts';
import { covers, mergeWindows, replayNameOf } from './replay-windows.ts';

/** EventBridge runs ten replays at a time (user guide, "Amazon EventBridge quotas"); people need some of them. */
const REPLAYS_MAX = 6;

/** What a run sent. */
export interface PatchesSent {
  /** Correcting sequences. */
  readonly corrections: number;
  /** Cases of which events are given once more. */
  readonly repeated: number;
  /** Replays that were started for them. */
  readonly replays: number;
}

/**
 * Does what was decided: replays few windows for many cases, and puts the entries of corrections on the bus. A case is
 * marked as sent when that is done. Until then the next run does it again, with the same ids.
 *
 * @param cases in the state PATCHING, each with a patch that is not sent
 * @throws DomainError when the bus or the archive does not take something now
 */
export async function sendPatches(
  cases: readonly KeptBreak[],
  ports: { readonly breaks: BreakStore; readonly replays: EventReplays; readonly entries: EntryPublisher },
  about: { readonly now: number; readonly policyVersion: string },
): Promise<PatchesSent> {
  const corrected = cases.filter(({ patch }) => patch?.entries !== undefined);
  const records = corrected.flatMap(entryRecords);
  if (records.length > 0) await ports.entries.publish(records);
  await markSent(corrected, ports.breaks, about);

  const repeated = cases.filter(({ patch }) => patch?.window !== undefined);
  const windows = mergeWindows(
    repeated.flatMap(({ patch }) => patch?.window ?? []),
    REPLAYS_MAX,
  );
  const replays = windows.map((window) => {
    const within = repeated.filter(
      ({ patch }) => patch?.window !== undefined && covers(window, patch.window),
    );
    const attempts = within.map(({ breakId, patch }) => `${breakId}#${patch?.attempt}`);
    const transactionIds = [...new Set(within.map(({ transactionId }) => transactionId))].sort();
    return { window, within, transactionIds, name: replayNameOf(window, attempts) };
  });
  const started = replays.length === 0 ? new Set<string>() : await ports.replays.start(replays);
  const replayed = replays.filter(({ name }) => started.has(name));
  await markSent([...new Set(replayed.flatMap(({ within }) => within))], ports.breaks, about);
  return {
    corrections: corrected.length,
    repeated: replayed.reduce((sum, { within }) => sum + within.length, 0),
    replays: replayed.length,
  };
}

/** The entries of a case's correcting sequence, as posting takes them. */
function entryRecords({
  transactionId,
  scheme,
  loggedAt,
  lifecycleId,
  patch,
}: KeptBreak): PostingEntryCreatedRecord[] {
  return (patch?.entries ?? []).map((entry) => {
    const idempotencyKey = entry.entryId;
    return { transactionId, idempotencyKey, scheme, loggedAt, lifecycleId, entry };
  });
}

async function markSent(
  cases: readonly KeptBreak[],
  breaks: BreakStore,
  { now, policyVersion }: { readonly now: number; readonly policyVersion: string },
): Promise<void> {
  const at = new Date(now).toISOString();
  await breaks.change(
    cases.flatMap((before) => {
      if (before.patch === undefined) return [];
      const patch: PlannedPatch = { ...before.patch, sentAt: at };
      const { ruleId, decidedBy, explanation } = patch;
      return {
        before,
        after: { ...withoutLastChange(before), changedAt: at, patch },
        evidence: {
          ...aboutCase(before, policyVersion),
          at,
          ruleId,
          decidedBy,
          kind: 'SENT' as const,
          reason: explanation,
          patch,
        },
      };
    }),
  );
}
