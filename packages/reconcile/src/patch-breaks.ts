import type { PatchRule } from '@payments/schemas';
import type { Break } from './break.ts';
import { aboutCase, withoutLastChange } from './case-step.ts';
import { decidePatch, POLICY } from './decide-patch.ts';
import { openBreaks } from './open-breaks.ts';
import type {
  BreakChange,
  BreakStore,
  CaseReview,
  CaseStanding,
  EntryPublisher,
  EventReplays,
  Evidence,
  KeptBreak,
} from './ports.ts';
import type { PreparedPolicy } from './prepare-policy.ts';
import { type PatchesSent, sendPatches } from './send-patches.ts';

/** How long a patch may take to show its effect before it is tried again or given up. */
const EFFECT_MS = 5 * 60_000;
/** `YYYY-MM-DDTHH` of a time. */
const HOUR_LENGTH = 13;

/** What patching needs from outside. */
export interface PatchPorts {
  readonly breaks: BreakStore;
  readonly review: CaseReview;
  readonly replays: EventReplays;
  readonly entries: EntryPublisher;
}

/** One run over the cases. */
export interface PatchRun {
  readonly policy: PreparedPolicy;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many cases of a state are looked at. */
  readonly max: number;
  /** Whether those are looked at too that wait for a person: they may agree by now. */
  readonly waiting: boolean;
}

/** How many cases a run brought into each state. */
export interface PatchCounts extends PatchesSent {
  readonly opened: number;
  readonly planned: number;
  readonly patched: number;
  readonly closed: number;
  readonly proposed: number;
  readonly parked: number;
  /** Cases that somebody else changed meanwhile, or that a cap holds back: the next run looks at them. */
  readonly left: number;
}

/**
 * Looks at all cases once: sends what was decided and not sent, ends what agrees, tries again or gives up what was
 * patched without effect, and decides about the others. Each step is written with its evidence before the next one;
 * a run that breaks off is gone on with by the next, which does the same with the same ids.
 */
export async function patchBreaks(ports: PatchPorts, run: PatchRun): Promise<PatchCounts> {
  const { breaks } = ports;
  const { now, max, policy } = run;
  const patching = await breaks.inState('PATCHING', max);
  const open = await breaks.inState('OPEN', max);
  const waiting = run.waiting ? await casesThatWait(breaks, max) : [];
  const unsent = patching.filter(({ patch }) => patch?.sentAt === undefined);
  const cases = [...patching.filter(({ patch }) => patch?.sentAt !== undefined), ...open, ...waiting];
  const standings = await ports.review.review(cases);

  const hour = new Date(now).toISOString().slice(0, HOUR_LENGTH);
  const ruleIds = [...policy.rules.values()].flat().map(({ id }) => id);
  const counts = new Map(cases.length === 0 ? [] : await breaks.counts(ruleIds, hour));
  const busy = new Set(patching.map(placeOf));
  const changes: BreakChange[] = [];
  const moved: CaseStanding[] = [];
  for (const each of cases) {
    const standing = standings.get(each.breakId);
    if (standing === undefined) continue;
    const step = stepOf(each, standing, run, counts, busy);
    if (step === undefined) continue;
    if (step.counts !== undefined) counts.set(step.counts.ruleId, (counts.get(step.counts.ruleId) ?? 0) + 1);
    if (step.after.state === 'PATCHING') busy.add(placeOf(each));
    if (standing.kind === 'moved') moved.push(standing);
    changes.push(step);
  }
  const results = await breaks.change(changes);
  const kept = results.flatMap((result) => (result.kind === 'changed' ? [result.kept] : []));
  const findings = moved.flatMap((standing) => ('finding' in standing ? [standing.finding] : []));
  const opened = await openBreaks(findings, breaks, new Date(now).toISOString());
  const planned = kept.filter(({ state }) => state === 'PATCHING');
  const sent = await sendPatches([...unsent, ...planned], ports, { now, policyVersion: policy.version });
  const inState = (state: Break['state']): number => kept.filter((each) => each.state === state).length;
  return {
    ...sent,
    opened: opened.length,
    planned: planned.length,
    patched: inState('PATCHED'),
    closed: inState('CLOSED'),
    proposed: inState('PROPOSED'),
    parked: inState('PARKED'),
    left: results.length - kept.length,
  };
}

async function casesThatWait(breaks: BreakStore, max: number): Promise<readonly KeptBreak[]> {
  return [...(await breaks.inState('PROPOSED', max)), ...(await breaks.inState('PARKED', max))];
}

/** What is done with a case now, if anything. */
function stepOf(
  each: KeptBreak,
  standing: CaseStanding,
  run: PatchRun,
  counts: ReadonlyMap<string, number>,
  busy: ReadonlySet<string>,
): BreakChange | undefined {
  const { now } = run;
  const isWaited = now >= Date.parse(each.patch?.sentAt ?? each.openedAt) + EFFECT_MS;
  if (standing.kind === 'agrees') return ended(each, run, standing.after);
  // What is on its way looks like another mismatch until it is there.
  if (standing.kind === 'moved') return isWaited ? ended(each, run, standing.finding.sides) : undefined;
  if (each.state === 'PARKED' || each.state === 'PROPOSED') return undefined;
  if (each.state === 'PATCHING' && !isWaited) return undefined;
  // One patch of a transaction at a time: two corrections of one sequence would put it right twice.
  if (each.state === 'OPEN' && busy.has(placeOf(each))) return undefined;
  return decided({ ...each, ...standing.finding, breakId: each.breakId }, run, counts);
}

/** The case as it differs now, as policy decides about it. */
function decided(
  each: KeptBreak,
  run: PatchRun,
  counts: ReadonlyMap<string, number>,
): BreakChange | undefined {
  const decision = decidePatch(each, run.policy, counts, run.now);
  const { rule } = decision;
  switch (decision.kind) {
    case 'WAIT':
      return undefined;
    case 'PARK': {
      const { reason, explanation } = decision;
      const { owner } = rule;
      const after = { parkedBecause: reason, remark: explanation, owner, says: 'PARKED' } as const;
      return change(each, run, rule, { ...after, state: 'PARKED' }, { kind: 'PARKED', reason: explanation });
    }
    case 'PROPOSE': {
      const { explanation } = decision;
      const after = { proposedBy: POLICY, owner: rule.owner, remark: explanation } as const;
      return change(
        each,
        run,
        rule,
        { ...after, state: 'PROPOSED' },
        { kind: 'PROPOSED', reason: explanation },
      );
    }
    case 'PATCH': {
      const { plan } = decision;
      const hour = plan.decidedAt.slice(0, HOUR_LENGTH);
      const isAccepted = plan.action === 'ACCEPT' || plan.action === 'ADOPT';
      const after: Partial<KeptBreak> = isAccepted
        ? { state: 'PATCHED', patch: { ...plan, sentAt: plan.decidedAt }, says: 'PATCHED' }
        : { state: 'PATCHING', patch: plan, attempts: plan.attempt };
      const kind = isAccepted ? 'PATCHED' : 'INTENDED';
      const step = change(each, run, rule, after, { kind, reason: plan.explanation, patch: plan });
      // What a person approved does not use up what policy may do.
      if (plan.decidedBy !== POLICY) return step;
      return { ...step, counts: { ruleId: rule.id, hour, perHourMax: rule.perHourMax } };
    }
  }
}

/** A case that does not differ any more: patched where something was done about it, else closed. */
function ended(each: KeptBreak, run: PatchRun, after: Evidence['after']): BreakChange {
  const { patch } = each;
  const at = new Date(run.now).toISOString();
  const isPatched = patch !== undefined;
  const reason = isPatched ? 'it agrees after what was done' : 'it agrees without anything done';
  return {
    before: each,
    after: {
      ...without(each),
      state: isPatched ? 'PATCHED' : 'CLOSED',
      changedAt: at,
      remark: reason,
      ...(isPatched ? { says: 'PATCHED' } : {}),
    },
    evidence: {
      ...stepEvidence(each, run),
      kind: isPatched ? 'PATCHED' : 'CLOSED',
      decidedBy: patch?.decidedBy ?? POLICY,
      reason,
      before: each.sides,
      ...(after === undefined ? {} : { after }),
      ...(patch === undefined ? {} : { patch, ruleId: patch.ruleId }),
    },
  };
}

function change(
  each: KeptBreak,
  run: PatchRun,
  rule: PatchRule,
  after: Partial<KeptBreak>,
  evidence: Pick<Evidence, 'kind' | 'reason' | 'patch'>,
): BreakChange {
  const changedAt = new Date(run.now).toISOString();
  return {
    before: each,
    after: { ...without(each), changedAt, ruleId: rule.id, ...after },
    evidence: {
      ...stepEvidence(each, run),
      ruleId: rule.id,
      decidedBy: evidence.patch?.decidedBy ?? POLICY,
      before: each.sides,
      ...evidence,
    },
  };
}

/** The case without what its next change says anew. */
function without(each: KeptBreak) {
  const { remark: _remark, ...rest } = withoutLastChange(each);
  return rest;
}

function stepEvidence(each: KeptBreak, { now, policy }: PatchRun) {
  return { ...aboutCase(each, policy.version), at: new Date(now).toISOString() };
}

/** What only one patch at a time may be about. */
function placeOf({ transactionId }: Break): string {
  return transactionId;
}
