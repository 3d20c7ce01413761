import type { Money, PatchRule } from '@payments/schemas';
import type { Break, PatchAction } from './break.ts';
import { type Correction, correctingEntries, type NoCorrection } from './correcting-entries.ts';
import type { PlannedPatch } from './ports.ts';
import { isWithin, type PreparedPolicy, ruleFor } from './prepare-policy.ts';
import { windowOf } from './replay-windows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A difference of dates is timing for so long after the authorization; what is older is looked at by a person. */
const TIMING_DAYS_MAX = 2;
/** Digits in a row that might pass for a card number are not written. */
const DIGITS_MAX = 12;

/** What follows `YYYY-MM-DD` in a time. */
const DATE_LENGTH = 10;

const ADOPTED = 'what stands in the ledger is accepted as it is';
const WITHOUT_CORRECTION: Readonly<Record<NoCorrection, string>> = {
  UNKNOWN: 'it is not known what was posted, or what a row was meant to book',
  NOTHING_TO_CORRECT: 'the accounts come to what was posted, though its rows are not those',
  NOT_BY_THIS_ACTION: 'more differs than this patch can put right',
};

/** Who decides where no person does. */
export const POLICY = 'policy';

/** Why policy lets nobody but a person put a mismatch right. */
export type ParkReason =
  | 'NOT_AUTOMATIC'
  | 'NOT_ALLOWED'
  | 'NOT_POSSIBLE'
  | 'AMOUNT_CAP'
  | 'COUNT_CAP'
  | 'ATTEMPTS'
  | 'TOO_OLD'
  | 'REJECTED';

/** What is to be done about a case now. */
export type PatchDecision =
  | { readonly kind: 'PATCH'; readonly rule: PatchRule; readonly plan: PlannedPatch }
  /** Somebody else than the policy has to agree. */
  | { readonly kind: 'PROPOSE'; readonly rule: PatchRule; readonly explanation: string }
  | {
      readonly kind: 'PARK';
      readonly rule: PatchRule;
      readonly reason: ParkReason;
      readonly explanation: string;
    }
  | { readonly kind: 'WAIT'; readonly rule: PatchRule; readonly explanation: string };

/**
 * Decides about a case by policy: what is never patched, what has to wait, what may not be done or not so often, what a
 * second person has to see; what is left is patched. A person's approval stands for the caps and for one attempt more.
 *
 * @param found the case as it differs now, either OPEN or PATCHING without effect
 * @param counts how often each rule patched in this hour
 * @param now epoch milliseconds
 */
export function decidePatch(
  found: Break,
  policy: PreparedPolicy,
  counts: ReadonlyMap<string, number>,
  now: number,
): PatchDecision {
  const rule = ruleFor(policy, found.type, found.atRisk);
  const { action } = rule;
  const park = (reason: ParkReason, explanation: string): PatchDecision => ({
    kind: 'PARK',
    rule,
    reason,
    explanation,
  });
  const since = Date.parse(found.openedAt);
  if (now < since + rule.waitMinutes * MINUTE_MS) {
    return { kind: 'WAIT', rule, explanation: `it may put itself right for ${rule.waitMinutes} minutes` };
  }
  if (found.type === 'UNBALANCED')
    return park('NOT_ALLOWED', 'what does not balance is never patched: it is an incident');
  if (found.statement !== undefined)
    return park(
      'NOT_ALLOWED',
      "a bank's books are put right by the bank, and its next statement ends the case",
    );
  if (action === 'NONE') return park('NOT_AUTOMATIC', 'policy knows nothing that would put it right');

  const isApproved = found.state === 'OPEN' && found.decidedBy !== undefined;
  if (!isApproved) {
    if (!rule.automatic) return park('NOT_AUTOMATIC', 'policy leaves it to a person');
    if (found.attempts >= rule.attemptsMax)
      return park('ATTEMPTS', `it was patched ${timesText(found.attempts)} and still differs`);
  }
  if (action === 'ACCEPT' && now - Date.parse(found.loggedAt) > TIMING_DAYS_MAX * DAY_MS && !isApproved)
    return park('TOO_OLD', `after ${TIMING_DAYS_MAX} days another date is no matter of timing`);

  const decidedBy = (isApproved ? found.decidedBy : undefined) ?? POLICY;
  const planned = planPatch(found, { ruleId: rule.id, action, decidedBy }, now);
  if ('impossible' in planned) return park('NOT_POSSIBLE', planned.impossible);
  const forbidden = forbiddenRole(planned.plan, rule);
  if (forbidden !== undefined)
    return park('NOT_ALLOWED', `policy does not let accounts of the role ${forbidden} be corrected`);
  if (!isApproved) {
    if (!isWithin(found.atRisk, rule.amountMax))
      return park('AMOUNT_CAP', `${amountText(found.atRisk)} is more than policy lets be patched`);
    if (needsFourEyes(found.atRisk, rule.fourEyesAbove)) {
      const explanation = `${action}: ${amountText(found.atRisk)} needs somebody who approves it`;
      return { kind: 'PROPOSE', rule, explanation };
    }
    if ((counts.get(rule.id) ?? 0) >= rule.perHourMax)
      return park('COUNT_CAP', `policy lets it be patched ${rule.perHourMax} times in an hour`);
  }
  return { kind: 'PATCH', rule, plan: planned.plan };
}

type Planned = { readonly plan: PlannedPatch } | { readonly impossible: string };

function planPatch(
  found: Break,
  by: Pick<PlannedPatch, 'ruleId' | 'action' | 'decidedBy'>,
  now: number,
): Planned {
  const { action } = by;
  const decidedAt = new Date(now).toISOString();
  const attempt = found.attempts + 1;
  const common = { ...by, decidedAt, attempt };
  switch (action) {
    case 'RE_EMIT':
    case 'RESEND': {
      const window = windowOf(found, action, attempt, now);
      if (window === undefined)
        return { impossible: 'no event of it is known that could be given once more' };
      const explanation = `what ${window.stage} consumes of ${found.lastGood?.event} is given to it once more`;
      return { plan: { ...common, explanation, window } };
    }
    case 'CONTRA':
    case 'REVERSE_AND_REPOST':
    case 'ROUND':
      return planCorrection(found, common);
    case 'ACCEPT':
      return {
        plan: { ...common, explanation: 'the amounts agree; that the dates differ is accepted as timing' },
      };
    case 'ADOPT':
      return { plan: { ...common, explanation: ADOPTED } };
  }
}

/**
 * A correcting sequence. What people approve may take more than the rule's own patch: all that differs is put right then,
 * and what comes to what was posted already, though row by row it differs, is accepted.
 */
function planCorrection(found: Break, common: Omit<PlannedPatch, 'explanation'>): Planned {
  const { action, decidedBy, decidedAt } = common;
  const correction = correctingEntries(found, action, decidedAt.slice(0, DATE_LENGTH));
  if (typeof correction !== 'string')
    return { plan: { ...common, explanation: explanationOf(action, correction), ...correction } };
  if (decidedBy !== POLICY && correction === 'NOTHING_TO_CORRECT')
    return { plan: { ...common, action: 'ADOPT', explanation: ADOPTED } };
  if (decidedBy !== POLICY && correction === 'NOT_BY_THIS_ACTION' && action !== 'REVERSE_AND_REPOST')
    return planCorrection(found, { ...common, action: 'REVERSE_AND_REPOST' });
  return { impossible: WITHOUT_CORRECTION[correction] };
}

function explanationOf(action: PatchAction, { entries }: Correction): string {
  const what = {
    CONTRA: 'the younger of rows that say the same is booked the other way round',
    ROUND: 'the difference is booked on the account that differs',
  } as const;
  const how =
    action === 'CONTRA' || action === 'ROUND'
      ? what[action]
      : 'rows that differ are booked the other way round, and what was posted is booked';
  return `${how}: ${entries.length} entries`;
}

function forbiddenRole({ entries }: PlannedPatch, { roles }: PatchRule): string | undefined {
  if (roles === undefined) return undefined;
  return entries?.find(({ account }) => !roles.includes(account.role))?.account.role;
}

/** From the threshold of its currency on; without a threshold for it, and where the amount is not known, always. */
function needsFourEyes(amount: Money | undefined, thresholds: readonly Money[] | undefined): boolean {
  if (thresholds === undefined) return false;
  const threshold = thresholds.find(({ currency }) => currency === amount?.currency);
  if (amount === undefined || threshold === undefined) return true;
  return BigInt(amount.minorUnits) >= BigInt(threshold.minorUnits);
}

function amountText(amount: Money | undefined): string {
  if (amount === undefined) return 'an amount that is not known';
  const { minorUnits, currency } = amount;
  return minorUnits.length > DIGITS_MAX ? `a large amount of ${currency}` : `${minorUnits} ${currency}`;
}

function timesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
