/**
 * Holds `rule-set.json` against its contract, prepares it and runs the tests beside its rules. The bundle of this stage
 * is made only after this has passed, so that a rule set whose tests fail is in no bundle and cannot be deployed; the
 * function itself has no tests to run when it starts.
 */
import { explainProblem } from '@payments/schemas';
import { RuleSet } from '@payments/schemas/closed/rule-set';
import { TransactionEnrichedRecord } from '@payments/schemas/closed/transaction-enriched';
import { RuleSetError } from './errors.ts';
import { prepareRules } from './prepare-rules.ts';
import ruleSet from './rule-set.json' with { type: 'json' };
import { ruleTestProblems } from './rule-tests.ts';

const problems = problemsOf(ruleSet);
for (const problem of problems) console.error(`rule-set.json: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else {
  const tests = ruleSet.rules.reduce((count, rule) => count + rule.tests.length, 0);
  console.log(`rule set ${ruleSet.version}: ${ruleSet.rules.length} rules keep their ${tests} tests`);
}

function problemsOf(candidate: unknown): readonly string[] {
  if (!RuleSet(candidate)) return [explainProblem(RuleSet)];
  try {
    prepareRules(candidate);
  } catch (error) {
    if (!(error instanceof RuleSetError)) throw error;
    return [error.message];
  }
  return ruleTestProblems(candidate, TransactionEnrichedRecord);
}
