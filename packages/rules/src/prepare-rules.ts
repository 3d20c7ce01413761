import type { RuleOutcome, RuleSet } from '@payments/schemas';
import { problemOf } from './condition-check.ts';
import { pathsIn } from './condition-paths.ts';
import { RuleSetError } from './errors.ts';
import { type ObservedPath, observedPath } from './observed-values.ts';

/** A record carries at most this many findings (`schemas/events/transaction-posting-approved.v1.json`). */
const FINDING_RULES_MAX = 20;

/** An outcome tells at most this many values (`schemas/shared/rule-outcome.v1.json`). */
const PATHS_MAX = 20;

/**
 * What a rule may look at but not refuse by: counts of what happened before, which may miss what happens at the same
 * time and come out otherwise when a record is enriched again (docs/decisions/0017-velocity-and-limits.md).
 */
const APPROXIMATE = 'facts';

type Rule = RuleSet['rules'][number];

/** An event that tells of a finding. */
export type FindingEvent = NonNullable<Rule['emits']>;

/** A rule that refuses. */
export interface RefusalRule {
  readonly when: Rule['when'];
  /** What the rule says when it speaks, but for the values that it looked at. */
  readonly says: RuleOutcome;
  /** What it looks at. */
  readonly paths: readonly ObservedPath[];
}

/** A rule that finds something worth telling, and lets pass. */
export interface FindingRule extends RefusalRule {
  readonly emits: FindingEvent;
}

/** A rule set that was checked and taken apart once, to be used for every transaction. */
export interface PreparedRules {
  readonly version: string;
  /** In order: the first that speaks decides. */
  readonly refusals: readonly RefusalRule[];
  readonly findings: readonly FindingRule[];
  /** The rules of which people are told. */
  readonly notifying: ReadonlySet<string>;
}

/**
 * Checks a rule set and takes it apart.
 *
 * @throws RuleSetError naming the rule that cannot be used
 */
export function prepareRules({ version, rules }: RuleSet): PreparedRules {
  const refusals: RefusalRule[] = [];
  const findings: FindingRule[] = [];
  const ids = new Set<string>();
  for (const rule of rules) {
    const { id, effect, when, emits } = rule;
    if (ids.has(id)) throw new RuleSetError(id, 'is there twice');
    ids.add(id);
    const problem = problemOf(when);
    if (problem !== undefined) throw new RuleSetError(id, problem);
    const paths = pathsIn(when);
    if (paths.length > PATHS_MAX) throw new RuleSetError(id, `looks at more than ${PATHS_MAX} members`);
    const says: RuleOutcome = {
      ruleId: id,
      ruleVersion: rule.version,
      reason: rule.reason,
      explanation: rule.explanation,
    };
    if (effect === 'REFUSE') {
      if (emits !== undefined) throw new RuleSetError(id, 'refuses, so it emits no finding');
      if (paths.some(isApproximate))
        throw new RuleSetError(id, `looks at ${APPROXIMATE}, by which a rule may find but not refuse`);
      refusals.push({ when, says, paths: paths.map(observedPath) });
    } else {
      if (emits === undefined) throw new RuleSetError(id, 'finds something but does not say what it emits');
      if (findings.length === FINDING_RULES_MAX)
        throw new RuleSetError(id, `is one finding too many: a record carries at most ${FINDING_RULES_MAX}`);
      findings.push({ when, says, paths: paths.map(observedPath), emits });
    }
  }
  const notifying = new Set(rules.filter(({ notify }) => notify === true).map(({ id }) => id));
  return { version, refusals, findings, notifying };
}

function isApproximate(path: string): boolean {
  return path === APPROXIMATE || path.startsWith(`${APPROXIMATE}.`);
}
