import {
  grantPutEvents,
  runSynthesis,
  type StageContext,
  StageFunction,
  StageStack,
  StageSubscription,
  StageTable,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

/** What the function takes for the version that is current, when the environment names none. */
const CURRENT = 'CURRENT';

/** The reference data, and the function that looks it up. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const reference = new StageTable(stack, 'reference', { hashKey: { name: 'id', type: 'S' } });
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment: {
      REFERENCE_TABLE: reference.name,
      REFERENCE_CACHE_SECONDS: String(context.environment.referenceCacheSeconds),
      REFERENCE_VERSION: context.environment.referenceVersion ?? CURRENT,
    },
  });
  reference.grant(subscriber, 'BatchGetItem');
  grantPutEvents(stack, subscriber);
  new StageSubscription(stack, subscriber);
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
