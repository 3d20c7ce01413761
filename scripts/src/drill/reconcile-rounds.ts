import type { Environment } from '@payments/infra/environment';
import type { DrillCase } from './drill-cases.ts';
import { drillCases } from './drill-cases.ts';
import { type DrillCloud, DrillStuckError } from './drill-cloud.ts';

/** After how much virtual time it is looked whether all is quiet. */
const ROUND_MINUTES = 15;
/** After so many rounds it counts as restless: three days. */
const ROUNDS_MAX = 3 * 24 * 4;
/** Who approves what policy proposes, and what for. */
const APPROVER = 'drill.second-person';
const REASON = 'a drill: what was posted is known to be right';
/** States in which something is still to be done by reconciliation itself. */
const RESTLESS: ReadonlySet<DrillCase['state']> = new Set(['OPEN', 'PATCHING']);

/** Compares everything that is posted and settled with the ledger. */
export async function runPass(drill: DrillCloud): Promise<void> {
  await drill.call('reconcile', 'pass', {});
}

/**
 * Makes a pass, lets time pass until no case changes any more and nothing is under way, and makes another.
 *
 * @param atLeastMinutes how much virtual time passes in any case: what was lost is found when it is overdue
 * @throws DrillStuckError where reconciliation does not come to an end
 */
export async function reconcileUntilQuiet(
  drill: DrillCloud,
  say: (text: string) => void,
  atLeastMinutes = 0,
): Promise<void> {
  const { environment, documents } = drill;
  const until = drill.minutes + atLeastMinutes;
  let known = '';
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    if (round === 1) await runPass(drill);
    await drill.pass(ROUND_MINUTES);
    if (drill.minutes < until) continue;
    await drill.rest();
    const cases = await drillCases(environment, documents);
    const states = JSON.stringify(cases.map(({ breakId, state, attempts }) => [breakId, state, attempts]));
    const restless = cases.filter(({ state }) => RESTLESS.has(state)).length;
    say(`${drill.minutes} virtual minutes: ${cases.length} cases, ${restless} of them under way`);
    if (states === known && restless === 0) {
      await runPass(drill);
      return;
    }
    known = states;
  }
  throw new DrillStuckError(`reconciliation is not quiet after ${ROUNDS_MAX} rounds`);
}

/** After so long everything that was lost is overdue, also what may wait for another transaction. */
export function minutesUntilOverdue({
  reconciliationOverdueMinutes,
  reversalWindowMinutes,
}: Pick<Environment, 'reconciliationOverdueMinutes' | 'reversalWindowMinutes'>): number {
  return reconciliationOverdueMinutes + reversalWindowMinutes + ROUND_MINUTES;
}

/** Approves what policy proposed, as a second person does; gives the cases. */
export async function approveProposals(
  drill: DrillCloud,
  cases: readonly DrillCase[],
): Promise<ReadonlySet<string>> {
  const proposed = cases.filter(({ state }) => state === 'PROPOSED').map(({ breakId }) => breakId);
  // A decision is not taken twice: a person whose answer was lost looks at the case before deciding again.
  drill.disturb(false);
  for (const breakId of proposed)
    await drill.call('reconcile', 'decide', { breakId, decision: 'approve', by: APPROVER, reason: REASON });
  drill.disturb(true);
  return new Set(proposed);
}
