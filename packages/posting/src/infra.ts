import {
  BOOKED_SEQUENCES,
  feedFromStream,
  grantPutEvents,
  readSecret,
  runSynthesis,
  STREAMED_TABLES,
  StageAlarm,
  type StageContext,
  StageFunction,
  StageSchedule,
  StageStack,
  StageSubscription,
  StageTable,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

const FOLD_TIMEOUT_SECONDS = 60;
const AGE_TIMEOUT_SECONDS = 60;
/** How often incomplete sequences are looked for. */
const AGE_SCHEDULE = 'rate(1 minute)';

/** How much of its time a function may spend on calls to a core, and how many seconds at the most; what is not sent by
 * then comes again. */
const CORE_TIME_SHARE = 0.5;
const CORE_SECONDS_MAX = 30;

/** The index of customers' entries in the order of their booking, for statements. */
const STATEMENT_INDEX = 'statement';

/** The assembly of sequences, the reference ledger and what was added to it, the balances folded from its stream. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const assembly = new StageTable(stack, 'assembly', {
    hashKey: { name: 'sequenceId', type: 'S' },
    rangeKey: { name: 'number', type: 'N' },
  });
  const ledger = new StageTable(stack, STREAMED_TABLES.ledger.purpose, {
    hashKey: { name: 'sequenceId', type: 'S' },
    rangeKey: { name: 'position', type: 'S' },
    stream: true,
    // Sparse: entries on customers' accounts alone have these attributes.
    index: {
      name: STATEMENT_INDEX,
      hashKey: { name: 'customerAccountId', type: 'S' },
      rangeKey: { name: 'bookedOrder', type: 'S' },
    },
  });
  const additions = new StageTable(stack, 'additions', {
    hashKey: { name: 'sequenceId', type: 'S' },
    rangeKey: { name: 'number', type: 'N' },
  });
  const balances = new StageTable(stack, 'balances', {
    hashKey: { name: 'id', type: 'S' },
    expiresAt: 'expiresAt',
  });
  const environment = {
    ASSEMBLY_TABLE: assembly.name,
    LEDGER_TABLE: ledger.name,
    ADDITIONS_TABLE: additions.name,
    POSTING_SYSTEM: postingSystemOf(stack),
    BALANCES_TABLE: balances.name,
    INCOMPLETE_SEQUENCE_MINUTES: String(context.environment.incompleteSequenceMinutes),
  };
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment,
  });
  const fold = new StageFunction(stack, 'fold', {
    entry: 'fold',
    timeoutSeconds: FOLD_TIMEOUT_SECONDS,
    environment,
  });
  const age = new StageFunction(stack, 'age', {
    entry: 'age',
    timeoutSeconds: AGE_TIMEOUT_SECONDS,
    environment,
  });
  const secretId = context.environment.core?.secretId;
  if (secretId !== undefined) readSecret(subscriber, secretId);
  assembly.grant(subscriber, 'BatchGetItem', 'BatchWriteItem');
  ledger.grant(subscriber, 'BatchGetItem', 'GetItem', 'PutItem', 'Query');
  additions.grant(subscriber, 'PutItem', 'Query');
  balances.grant(fold, 'PutItem', 'UpdateItem');
  assembly.grant(age, 'BatchWriteItem', 'Scan', 'UpdateItem');
  ledger.grant(age, 'BatchGetItem');
  grantPutEvents(stack, subscriber, ['TransactionPosted', 'TransactionPostingFailed']);
  grantPutEvents(stack, age, ['TransactionPostingDelayed']);
  new StageSubscription(stack, subscriber);
  feedFromStream(stack, 'fold-ledger', {
    reader: fold,
    streamArn: ledger.streamArn,
    filter: BOOKED_SEQUENCES,
  });
  new StageSchedule(stack, 'age-sequences', { expression: AGE_SCHEDULE, target: age, input: {} });
  new StageAlarm(stack, 'late-sequences', {
    namespace: stack.platform.metricsNamespace,
    metric: 'LateSequences',
    says: `A sequence has waited for an entry longer than ${context.environment.incompleteSequenceMinutes} minutes.`,
    runbook: 'late-sequences',
    dimensions: { Stage: stage.name },
    statistic: 'Maximum',
    above: 0,
  });
  return stack;
}

/** The core of the environment, or the reference ledger where it names none. */
function postingSystemOf(stack: StageStack): string {
  const { core } = stack.environment;
  if (core === undefined) return 'reference-ledger';
  const seconds = Math.min(CORE_SECONDS_MAX, subscriberTimeoutSeconds(stack) * CORE_TIME_SHARE);
  return JSON.stringify({ ...core, budgetMilliseconds: Math.floor(seconds * 1000) });
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
