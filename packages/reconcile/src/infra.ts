import {
  BOOKED_SEQUENCES,
  feedFromStream,
  grantPutEvents,
  runSynthesis,
  StageAlarm,
  type StageContext,
  StageFunction,
  StageSchedule,
  StageStack,
  StageSubscription,
  StageTable,
  streamOf,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

const LEDGER_TIMEOUT_SECONDS = 60;
const SWEEP_TIMEOUT_SECONDS = 300;
/** How often transactions that should have been posted by now are looked for. */
const SWEEP_SCHEDULE = 'rate(1 minute)';

/** The index of what is not yet reconciled. */
const DUE_INDEX = 'due';

/** What all functions of the stage count. */
const MISMATCHES = { namespace: 'Payments', metric: 'Mismatches' } as const;

/** What is known of each transaction, fed by the lifecycle events and the ledger, swept for what is overdue. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const reconciliation = new StageTable(stack, 'reconciliation', {
    hashKey: { name: 'transactionId', type: 'S' },
    // Only what is not yet reconciled has `due`, so that the index holds no more than what is open.
    index: {
      name: DUE_INDEX,
      hashKey: { name: 'due', type: 'S' },
      rangeKey: { name: 'dueAt', type: 'N' },
    },
  });
  const environment = {
    RECONCILIATION_TABLE: reconciliation.name,
    RECONCILIATION_OVERDUE_MINUTES: String(context.environment.reconciliationOverdueMinutes),
    REVERSAL_WINDOW_MINUTES: String(context.environment.reversalWindowMinutes),
  };
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment,
  });
  const ledger = new StageFunction(stack, 'ledger', {
    entry: 'ledger',
    timeoutSeconds: LEDGER_TIMEOUT_SECONDS,
    environment,
  });
  const sweep = new StageFunction(stack, 'sweep', {
    entry: 'sweep',
    timeoutSeconds: SWEEP_TIMEOUT_SECONDS,
    environment,
  });
  for (const reconciler of [subscriber, ledger, sweep]) {
    reconciliation.grant(reconciler, 'BatchGetItem', 'UpdateItem');
    grantPutEvents(stack, reconciler);
  }
  reconciliation.grantQuery(sweep, DUE_INDEX);
  new StageSubscription(stack, subscriber);
  feedFromStream(stack, 'read-ledger', {
    reader: ledger,
    streamArn: streamOf(stack, 'ledger'),
    filter: BOOKED_SEQUENCES,
  });
  new StageSchedule(stack, 'sweep-overdue', { expression: SWEEP_SCHEDULE, target: sweep, input: {} });
  new StageAlarm(stack, 'mismatches', {
    ...MISMATCHES,
    says: 'What was authorized, posted and booked do not agree for a transaction.',
    runbook: 'mismatches',
    dimensions: { Stage: stage.name },
    statistic: 'Sum',
    above: 0,
  });
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
