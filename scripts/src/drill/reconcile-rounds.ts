import type { DrillCase } from './drill-cases.ts';
import { drillCases } from './drill-cases.ts';
import { type DrillCloud, DrillStuckError } from './drill-cloud.ts';

/** How much virtual time lies between two passes. */
const ROUND_MINUTES = 15;
/** Quiet is where nothing changes for so many rounds. */
const QUIET_ROUNDS = 2;
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
 * Lets time pass with a pass in every round, until all that can be overdue is, and no case changes any more.
 *
 * @throws DrillStuckError where reconciliation does not come to an end
 */
export async function reconcileUntilQuiet(drill: DrillCloud, say: (text: string) => void): Promise<void> {
  const { environment, documents } = drill;
  const { reconciliationOverdueMinutes, reversalWindowMinutes } = environment;
  const allDueAt = drill.minutes + reconciliationOverdueMinutes + reversalWindowMinutes;
  let known = '';
  let quietRounds = 0;
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    await drill.pass(ROUND_MINUTES);
    await runPass(drill);
    await drill.rest();
    const cases = await drillCases(environment, documents);
    const states = JSON.stringify(cases.map(({ breakId, state, attempts }) => [breakId, state, attempts]));
    const restless = cases.filter(({ state }) => RESTLESS.has(state)).length;
    quietRounds = states === known && restless === 0 ? quietRounds + 1 : 0;
    known = states;
    say(`${drill.minutes} virtual minutes: ${cases.length} cases, ${restless} of them under way`);
    if (quietRounds >= QUIET_ROUNDS && drill.minutes >= allDueAt) return;
  }
  throw new DrillStuckError(`reconciliation is not quiet after ${ROUNDS_MAX} rounds`);
}

/** Approves what policy proposed, as a second person does; gives the cases. */
export async function approveProposals(
  drill: DrillCloud,
  cases: readonly DrillCase[],
): Promise<ReadonlySet<string>> {
  const proposed = cases.filter(({ state }) => state === 'PROPOSED').map(({ breakId }) => breakId);
  for (const breakId of proposed)
    await drill.call('reconcile', 'decide', { breakId, decision: 'approve', by: APPROVER, reason: REASON });
  return new Set(proposed);
}
