import type { RuleSet } from '@payments/schemas';
import { type Compose, lambdaEntry, stageKit } from '@payments/stage-kit';
import { type JudgementEvent, judgeTransaction } from './judgement-events.ts';
import { prepareRules } from './prepare-rules.ts';
import { notificationsOf } from './rule-notifications.ts';
import ruleSet from './rule-set.json' with { type: 'json' };
import { stage } from './stage.ts';

/** The composition root: what the workflow's task, the local cloud and tests run. */
export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const rules = prepareRules(ruleSet as RuleSet);
  return {
    handler: kit.workflowTask({
      eachRecord: ({ record }) => judgeTransaction(record, rules),
      // What was emitted for the record is what was judged of it.
      notifications: ({ record }, emissions) =>
        notificationsOf(record, emissions as readonly JudgementEvent[], rules),
    }),
  };
};

export const handler = lambdaEntry(compose, 'handler');
