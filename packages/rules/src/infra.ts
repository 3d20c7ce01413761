import {
  alarmOnQuarantine,
  grantQuarantine,
  runSynthesis,
  type StageContext,
  StageFunction,
  StageStack,
  StageWorkflow,
} from '@payments/infra';
import { stage } from './stage.ts';
import { rulesWorkflow } from './workflow.ts';

/** An Express workflow ends after five minutes, its retries of this task included. */
const EVALUATE_TIMEOUT_SECONDS = 30;

/** The function that decides, and the workflow that runs it and publishes what it says. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const evaluate = new StageFunction(stack, 'evaluate', {
    entry: 'handler',
    timeoutSeconds: EVALUATE_TIMEOUT_SECONDS,
    environment: {},
  });
  grantQuarantine(stack, evaluate);
  alarmOnQuarantine(stack);
  new StageWorkflow(stack, 'workflow', {
    task: evaluate,
    definition: (failed) =>
      rulesWorkflow({
        functionArn: evaluate.arn,
        notificationsTopicArn: stack.platform.notificationsTopicArn,
        deadLetterQueueUrl: failed.url,
      }),
  });
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
