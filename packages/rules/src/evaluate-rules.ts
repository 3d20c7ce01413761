import type { RuleOutcome, TransactionEnrichedRecord } from '@payments/schemas';
import jsonLogic from 'json-logic-js';
import type { FindingRule, PreparedRules, RefusalRule } from './prepare-rules.ts';

/** What the rules make of a transaction. */
export interface Judgement {
  readonly ruleSetVersion: string;
  /** The first rule that refuses; without one the transaction is approved. */
  readonly refusal?: RuleOutcome;
  /** What is worth telling, of refused transactions too. */
  readonly findings: readonly FindingRule[];
}

/**
 * Judges a transaction: may it be posted, and what is worth telling about it.
 *
 * @param rules prepared once by `prepareRules`
 */
export function evaluateRules(record: TransactionEnrichedRecord, rules: PreparedRules): Judgement {
  const refusal = rules.refusals.find((rule) => speaks(rule, record));
  return {
    ruleSetVersion: rules.version,
    ...(refusal !== undefined && { refusal: refusal.outcome }),
    findings: rules.findings.filter((rule) => speaks(rule, record)),
  };
}

function speaks({ when }: RefusalRule, record: TransactionEnrichedRecord): boolean {
  return jsonLogic.truthy(jsonLogic.apply(when as jsonLogic.RulesLogic, record));
}
