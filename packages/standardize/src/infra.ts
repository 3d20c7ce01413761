import {
  grantPutEvents,
  runSynthesis,
  type StageContext,
  StageFunction,
  StageStack,
  StageSubscription,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

/** One function behind its queue: standardize owns nothing. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment: {},
  });
  grantPutEvents(stack, subscriber);
  new StageSubscription(stack, subscriber);
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
