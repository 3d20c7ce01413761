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

/** A queue and a function, as the environment's `subscribers.rules` says. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const engine = new StageFunction(stack, 'engine', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment: {},
  });
  grantPutEvents(stack, engine);
  new StageSubscription(stack, engine);
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
