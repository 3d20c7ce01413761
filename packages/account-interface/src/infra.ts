import {
  grantPutEvents,
  runSynthesis,
  type StageContext,
  StageFunction,
  StageSchedule,
  StageStack,
  StageSubscription,
  StageTable,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

const SWEEP_TIMEOUT_SECONDS = 300;
/** How often holds that are over and reversals without their original are looked for. */
const SWEEP_SCHEDULE = 'rate(1 minute)';

/** The index of holds that end by themselves and of what waits for something. */
const DUE_INDEX = 'due';

/** What was posted and held by life cycle, fed by approvals, swept for what is over or overdue. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const lifecycles = new StageTable(stack, 'lifecycles', {
    hashKey: { name: 'lifecycleId', type: 'S' },
    rangeKey: { name: 'position', type: 'S' },
    expiresAt: 'expiresAt',
    // Only what must be looked at has `due`, so that the index holds no more than that.
    index: {
      name: DUE_INDEX,
      hashKey: { name: 'due', type: 'S' },
      rangeKey: { name: 'dueAt', type: 'N' },
      keysOnly: true,
    },
  });
  const environment = {
    LIFECYCLES_TABLE: lifecycles.name,
    LIFECYCLE_RETENTION_DAYS: String(context.environment.lifecycleRetentionDays),
    REVERSAL_WINDOW_MINUTES: String(context.environment.reversalWindowMinutes),
  };
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment,
  });
  const sweep = new StageFunction(stack, 'sweep', {
    entry: 'sweep',
    timeoutSeconds: SWEEP_TIMEOUT_SECONDS,
    environment,
  });
  lifecycles.grant(subscriber, 'BatchGetItem', 'BatchWriteItem', 'PutItem', 'Query', 'UpdateItem');
  lifecycles.grant(sweep, 'PutItem', 'Query', 'UpdateItem');
  lifecycles.grantQuery(sweep, DUE_INDEX);
  for (const publisher of [subscriber, sweep]) grantPutEvents(stack, publisher);
  new StageSubscription(stack, subscriber);
  new StageSchedule(stack, 'sweep-due', { expression: SWEEP_SCHEDULE, target: sweep, input: {} });
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
