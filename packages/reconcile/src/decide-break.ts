import { aboutCase, withoutLastChange } from './case-step.ts';
import { POLICY } from './decide-patch.ts';
import { DecisionRefusedError } from './errors.ts';
import type { BreakChange, BreakStore, Evidence, KeptBreak } from './ports.ts';
import { type PreparedPolicy, ruleFor } from './prepare-policy.ts';

/** A person as events name one (`schemas/events/reconciliation-mismatch-patched.v1.json`). */
const NAME = /^[\x21-\x7e]{1,64}$/;
const REASON_LENGTH_MAX = 140;

/** What a person decides about a case. */
export interface Decision {
  readonly breakId: string;
  readonly decision: 'approve' | 'reject';
  /** Who decides. */
  readonly by: string;
  readonly reason: string;
}

/**
 * Takes a person's decision. A proposed patch is approved by somebody else than who proposed it, and is done at the
 * next run; or it is rejected and waits for its owner. What policy parked is proposed anew by the first person who
 * approves it, and done when a second one does: four eyes stand for what policy would not answer for.
 *
 * @param now epoch milliseconds
 * @returns the case as it is then
 * @throws DecisionRefusedError saying why the decision is not taken
 */
export async function decideBreak(
  decision: Decision,
  breaks: BreakStore,
  policy: PreparedPolicy,
  now: number,
): Promise<KeptBreak> {
  const { breakId, by, reason } = decision;
  if (!NAME.test(by) || by === POLICY)
    throw new DecisionRefusedError('NOT_A_DECISION', 'who decides has a name without blanks');
  if (reason.trim() === '' || reason.length > REASON_LENGTH_MAX)
    throw new DecisionRefusedError(
      'NOT_A_DECISION',
      `a decision has a reason of at most ${REASON_LENGTH_MAX}`,
    );
  const found = (await breaks.find([breakId])).get(breakId);
  if (found === undefined) throw new DecisionRefusedError('UNKNOWN_BREAK', `there is no case ${breakId}`);
  const [result] = await breaks.change([changeOf(found, decision, policy, new Date(now).toISOString())]);
  if (result?.kind !== 'changed')
    throw new DecisionRefusedError('CHANGED_MEANWHILE', 'the case was changed meanwhile: look at it again');
  return result.kept;
}

function changeOf(found: KeptBreak, decision: Decision, policy: PreparedPolicy, at: string): BreakChange {
  const { by, reason } = decision;
  const rest = withoutLastChange(found);
  const step = (after: Partial<KeptBreak>, kind: Evidence['kind']): BreakChange => ({
    before: found,
    after: { ...rest, changedAt: at, remark: reason, ...after },
    evidence: { ...evidenceOf(found, policy), at, decidedBy: by, reason, kind },
  });
  if (found.state !== 'PROPOSED' && found.state !== 'PARKED')
    throw new DecisionRefusedError('NOT_WAITING', `the case is ${found.state} and waits for nobody`);
  if (decision.decision === 'reject') {
    if (found.state === 'PARKED')
      throw new DecisionRefusedError('NOT_WAITING', 'nothing is proposed for the case');
    return step({ state: 'PARKED', parkedBecause: 'REJECTED', says: 'PARKED' }, 'REJECTED');
  }
  if (found.statement !== undefined)
    throw new DecisionRefusedError(
      'NEVER_PATCHED',
      'it differs in the books of a bank, which we do not write',
    );
  const { action } = ruleFor(policy, found.type, found.atRisk);
  if (action === 'NONE')
    throw new DecisionRefusedError('NEVER_PATCHED', `${found.type} is not patched, whoever approves it`);
  if (found.state === 'PARKED') {
    const { parkedBecause: _parkedBecause, decidedBy: _decidedBy, ...open } = rest;
    const proposed = step({}, 'PROPOSED');
    return {
      ...proposed,
      after: { ...open, changedAt: at, state: 'PROPOSED', proposedBy: by, remark: reason },
    };
  }
  if (found.proposedBy === by)
    throw new DecisionRefusedError('SAME_PERSON', `${by} proposed it: somebody else has to approve it`);
  return step({ state: 'OPEN', decidedBy: by }, 'APPROVED');
}

function evidenceOf(found: KeptBreak, { version }: PreparedPolicy) {
  const { ruleId, sides } = found;
  return {
    ...aboutCase(found, version),
    ...(ruleId === undefined ? {} : { ruleId }),
    before: sides,
  };
}
