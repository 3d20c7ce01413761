import {
  explainProblem,
  type RuleSet,
  type TransactionEnrichedRecord,
  type Validate,
} from '@payments/schemas';
import { speaks } from './evaluate-rules.ts';
import ordinary from './ordinary-transaction.json' with { type: 'json' };

type Rule = RuleSet['rules'][number];
type RuleTest = Rule['tests'][number];

/**
 * Runs the tests that stand beside each rule.
 *
 * @param accepts the contract that the transactions of the tests must keep, so that a test cannot be about a
 *   transaction that there is not
 * @returns a sentence for each problem, that names its rule: a test that decides otherwise, a rule that has no test
 *   in which it speaks, or none in which it is silent
 */
export function ruleTestProblems(
  { rules }: RuleSet,
  accepts: Validate<TransactionEnrichedRecord>,
): readonly string[] {
  return rules.flatMap((rule) => [
    ...coverageProblems(rule),
    ...rule.tests.flatMap((test) => problemsOf(rule, test, accepts)),
  ]);
}

/** The transaction of a test: the ordinary one with what differs, merged as RFC 7386 says; null takes a member out. */
export function transactionOf({ given }: Pick<RuleTest, 'given'>): unknown {
  return merged(ordinary, given);
}

function coverageProblems({ id, tests }: Rule): string[] {
  const missing = [true, false].filter((speaking) => !tests.some((test) => test.speaks === speaking));
  return missing.map((speaking) => `rule ${id} has no test in which it ${speaking ? 'speaks' : 'is silent'}`);
}

function problemsOf(rule: Rule, test: RuleTest, accepts: Validate<TransactionEnrichedRecord>): string[] {
  const record = transactionOf(test);
  const named = `rule ${rule.id}, "${test.title}"`;
  if (!accepts(record)) return [`${named}: there is no such transaction: ${explainProblem(accepts)}`];
  if (speaks(rule, record) === test.speaks) return [];
  return [`${named}: ${test.speaks ? 'is silent and should speak' : 'speaks and should be silent'}`];
}

function merged(base: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(base) ? { ...base } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
