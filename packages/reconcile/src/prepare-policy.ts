import { explainProblem, type Money, type PatchRule } from '@payments/schemas';
import { ReconciliationPolicy as isPolicy } from '@payments/schemas/closed/reconciliation-policy';
import type { MismatchType } from './break.ts';
import { ReconciliationPolicyError } from './errors.ts';

type RuleAction = PatchRule['action'];

const CORRECTIONS: readonly RuleAction[] = ['CONTRA', 'ROUND', 'REVERSE_AND_REPOST', 'NONE'];
const REPETITIONS: readonly RuleAction[] = ['RE_EMIT', 'RESEND', 'NONE'];

/** What may be done about a type of mismatch at all; what is missing here would do nothing about it, or harm. */
const ACTIONS: Readonly<Record<MismatchType, readonly RuleAction[]>> = {
  A_NOT_P: REPETITIONS,
  SEQ_INCOMPLETE: REPETITIONS,
  P_NOT_L: REPETITIONS,
  L_NOT_P: [...REPETITIONS, 'ADOPT'],
  DUPLICATE_L: CORRECTIONS,
  AMOUNT_MISMATCH: CORRECTIONS,
  DIRECTION_MISMATCH: CORRECTIONS,
  ACCOUNT_MISMATCH: CORRECTIONS,
  CURRENCY_MISMATCH: CORRECTIONS,
  DATE_ONLY: ['ACCEPT', 'NONE'],
  STALE_REFERENCE: REPETITIONS,
  REVERSAL_WITHOUT_ORIGINAL: REPETITIONS,
  ORIGINAL_WITHOUT_REVERSAL: REPETITIONS,
  POSTED_UNAPPROVED: [...REPETITIONS, 'ADOPT'],
  COUNT_MISMATCH: [...CORRECTIONS, 'RESEND'],
  HASH_MISMATCH: CORRECTIONS,
  UNBALANCED: ['NONE'],
};

/** A policy that was checked and put in order once. */
export interface PreparedPolicy {
  readonly version: string;
  readonly settledAfterMinutes: number;
  readonly oldestBreakHours: number;
  /** The rules of each type, that of the smallest amounts first; there is at least one. */
  readonly rules: ReadonlyMap<MismatchType, readonly PatchRule[]>;
}

/**
 * Checks a policy: that it keeps its contract, and what a schema cannot say.
 *
 * @param value a `schemas/configuration/reconciliation-policy.v1.json`
 * @throws ReconciliationPolicyError with every problem, each naming its rule
 */
export function preparePolicy(value: unknown): PreparedPolicy {
  if (!isPolicy(value)) throw new ReconciliationPolicyError([explainProblem(isPolicy)]);
  const { version, settledAfterMinutes, oldestBreakHours } = value;
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const rule of value.rules) {
    if (ids.has(rule.id)) problems.push(`the rule ${rule.id} is there twice`);
    ids.add(rule.id);
    problems.push(...problemsOf(rule));
  }
  const rules = new Map<MismatchType, readonly PatchRule[]>();
  for (const type of Object.keys(ACTIONS) as MismatchType[]) {
    const inOrder = value.rules.filter((rule) => rule.type === type).sort(bySmallerAmounts);
    if (inOrder.length === 0) problems.push(`there is no rule for ${type}`);
    problems.push(...overlaps(inOrder));
    rules.set(type, inOrder);
  }
  if (problems.length > 0) throw new ReconciliationPolicyError(problems);
  return { version, settledAfterMinutes, oldestBreakHours, rules };
}

/**
 * The rule for a mismatch: the first that covers what is at risk, else the last one, whose cap then holds it.
 *
 * @param atRisk what the difference comes to; absent where it is not known
 */
export function ruleFor(policy: PreparedPolicy, type: MismatchType, atRisk: Money | undefined): PatchRule {
  const rules = policy.rules.get(type) ?? [];
  const rule = rules.find(({ amountMax }) => isWithin(atRisk, amountMax)) ?? rules.at(-1);
  if (rule === undefined) throw new ReconciliationPolicyError([`there is no rule for ${type}`]);
  return rule;
}

/** Says whether an amount is at most the cap of its currency; what is not known, or in another currency, is not. */
export function isWithin(amount: Money | undefined, caps: readonly Money[] | undefined): boolean {
  if (caps === undefined) return true;
  const cap = caps.find(({ currency }) => currency === amount?.currency);
  return amount !== undefined && cap !== undefined && BigInt(amount.minorUnits) <= BigInt(cap.minorUnits);
}

function problemsOf({
  id,
  type,
  action,
  automatic,
  perHourMax,
  amountMax,
  fourEyesAbove,
}: PatchRule): string[] {
  const problems: string[] = [];
  if (type === 'UNBALANCED' && action !== 'NONE') {
    problems.push(`the rule ${id} patches UNBALANCED, which is never patched`);
  } else if (!ACTIONS[type].includes(action)) {
    problems.push(`the rule ${id} does ${action} about ${type}, which puts nothing right`);
  }
  if (action === 'NONE' && automatic) problems.push(`the rule ${id} does nothing, and that automatically`);
  if (automatic && perHourMax === 0) problems.push(`the rule ${id} is automatic and may never patch`);
  for (const caps of [amountMax, fourEyesAbove]) {
    const currencies = (caps ?? []).map(({ currency }) => currency);
    const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index);
    if (twice !== undefined) problems.push(`the rule ${id} names an amount in ${twice} twice`);
  }
  for (const { currency, minorUnits } of fourEyesAbove ?? []) {
    if (amountMax !== undefined && !isWithin({ currency, minorUnits }, amountMax))
      problems.push(
        `the rule ${id} asks for four eyes from ${minorUnits} ${currency}, which is above its cap`,
      );
  }
  return problems;
}

/** What has no cap covers everything, and comes last. */
function bySmallerAmounts(left: PatchRule, right: PatchRule): number {
  if (left.amountMax === undefined || right.amountMax === undefined)
    return Number(left.amountMax === undefined) - Number(right.amountMax === undefined);
  const [first] = left.amountMax;
  const other = right.amountMax.find(({ currency }) => currency === first?.currency);
  if (first === undefined || other === undefined) return 0;
  return BigInt(first.minorUnits) < BigInt(other.minorUnits) ? -1 : 1;
}

/** Of two rules of one type it must be clear for every amount which of them is meant: caps only grow. */
function overlaps(inOrder: readonly PatchRule[]): string[] {
  return inOrder.slice(1).flatMap((larger, index) => {
    const smaller = inOrder[index];
    if (smaller === undefined || isSmaller(smaller.amountMax, larger.amountMax)) return [];
    return [
      `the rules ${smaller.id} and ${larger.id} both match ${larger.type}: neither has the smaller amounts`,
    ];
  });
}

/** Says whether every cap of the one is below that of the other in the same currency. */
function isSmaller(smaller: readonly Money[] | undefined, larger: readonly Money[] | undefined): boolean {
  if (smaller === undefined) return false;
  return smaller.every(({ currency, minorUnits }) => {
    const other = larger?.find((cap) => cap.currency === currency);
    return larger === undefined || (other !== undefined && BigInt(minorUnits) < BigInt(other.minorUnits));
  });
}
