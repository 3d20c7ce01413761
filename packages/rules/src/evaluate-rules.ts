import type { RuleOutcome, TransactionEnrichedRecord } from '@payments/schemas';
import jsonLogic from 'json-logic-js';
import { exceeds } from './money-comparison.ts';
import { observedValues } from './observed-values.ts';
import type { FindingEvent, PreparedRules, RefusalRule } from './prepare-rules.ts';

jsonLogic.add_operation('exceeds', exceeds);

/** Something worth telling, and the event that tells it. */
export interface Finding {
  readonly emits: FindingEvent;
  readonly outcome: RuleOutcome;
}

/** What the rules make of a transaction. */
export interface Judgement {
  readonly ruleSetVersion: string;
  /** The first rule that refuses; without one the transaction is approved. */
  readonly refusal?: RuleOutcome;
  /** What is worth telling, of refused transactions too. */
  readonly findings: readonly Finding[];
}

/**
 * Judges a transaction: may it be posted, and what is worth telling about it. Each outcome says which values its rule
 * looked at.
 *
 * @param rules prepared once by `prepareRules`
 */
export function evaluateRules(record: TransactionEnrichedRecord, rules: PreparedRules): Judgement {
  const refusal = rules.refusals.find((rule) => speaks(rule, record));
  return {
    ruleSetVersion: rules.version,
    ...(refusal !== undefined && { refusal: outcomeOf(refusal, record) }),
    findings: rules.findings
      .filter((rule) => speaks(rule, record))
      .map((rule) => ({ emits: rule.emits, outcome: outcomeOf(rule, record) })),
  };
}

/** Says whether a rule's condition is true of a transaction. */
export function speaks({ when }: Pick<RefusalRule, 'when'>, record: TransactionEnrichedRecord): boolean {
  return jsonLogic.truthy(jsonLogic.apply(when as jsonLogic.RulesLogic, record));
}

function outcomeOf({ says, paths }: RefusalRule, record: TransactionEnrichedRecord): RuleOutcome {
  return { ...says, values: observedValues(record, paths) };
}
