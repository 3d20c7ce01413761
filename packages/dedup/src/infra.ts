import {
  grantPutEvents,
  grantQuarantine,
  LogPipe,
  runSynthesis,
  StageBucket,
  type StageContext,
  StageFunction,
  StageStack,
  StageSubscription,
  StageTable,
  streamOf,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

/** A pipe waits for its enrichment and its target five minutes at the most, for both. */
const ENRICHMENT_TIMEOUT_SECONDS = 120;

/** Below what the parked ones lie in their bucket. */
const PARKED_PREFIX = 'parked';

/** What the log's pipe lets through: a new row of an approved authorization. */
const APPROVED_AND_NEW = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { outcome: { S: ['APPROVED'] } } },
};

/** The memory of seen transactions, the parked ones, the pipe from the log, and the subscriber of events. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const seenTransactions = new StageTable(stack, 'seen-transactions', {
    hashKey: { name: 'dedupKey', type: 'S' },
    expiresAt: 'expiresAt',
  });
  const parked = new StageBucket(stack, 'parked', { retentionDays: context.environment.parkedRetentionDays });
  const environment = {
    SEEN_TRANSACTIONS_TABLE: seenTransactions.name,
    PARKED_BUCKET: parked.name,
    DEDUP_WINDOW_DAYS: String(context.environment.dedupWindowDays),
  };
  const enrichment = new StageFunction(stack, 'enrichment', {
    entry: 'enrichment',
    timeoutSeconds: ENRICHMENT_TIMEOUT_SECONDS,
    environment,
  });
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment,
  });
  for (const decider of [enrichment, subscriber]) {
    seenTransactions.grant(decider, 'PutItem');
    parked.grantPut(decider, 'Park', PARKED_PREFIX);
  }
  // The pipe puts what the enrichment answers on the bus; the enrichment itself publishes the rest.
  grantPutEvents(stack, enrichment, ['DuplicateTransactionParked']);
  grantQuarantine(stack, enrichment);
  grantPutEvents(stack, subscriber);
  new LogPipe(stack, 'log', {
    streamArn: streamOf(stack, 'authorizations'),
    filter: APPROVED_AND_NEW,
    enrichment,
    event: 'TransactionAuthorized',
  });
  new StageSubscription(stack, subscriber);
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
