import {
  BOOKED_SEQUENCES,
  CallerPolicy,
  feedFromStream,
  grantPutEvents,
  grantReadNeighbour,
  grantSendToNeighbour,
  grantStartReplay,
  neighbourQueueUrl,
  neighbourTable,
  postingObjectiveSeconds,
  replayPlaces,
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
import type { EventName } from '@payments/schemas';
import policy from './reconciliation-policy.json' with { type: 'json' };
import windows from './reconciliation-windows.json' with { type: 'json' };
import { stage } from './stage.ts';

const STREAM_TIMEOUT_SECONDS = 60;
const SWEEP_TIMEOUT_SECONDS = 300;
/** It ends before it is begun again: only one runs at a time, so that no two correct the same. */
const PATCH_TIMEOUT_SECONDS = 55;
const DECIDE_TIMEOUT_SECONDS = 30;
/** The batch limit: a pass over a million transactions ends within it. */
const PASS_TIMEOUT_SECONDS = 900;
const PASS_MEMORY_MEGABYTES = 3008;
/** The stages that events are given to once more. */
const REPEATED_TO = ['standardize', 'account-interface'] as const;
/** How often transactions that should have been posted by now are looked for, and cases are looked at. */
const EVERY_MINUTE = 'rate(1 minute)';

/** The index of what is not yet reconciled. */
const DUE_INDEX = 'due';
/** The index of cases by state, and of those of a day. */
const STATE_INDEX = 'state';
const BUSINESS_DATE_INDEX = 'business-date';
/** The index of evidence by case. */
const BREAK_INDEX = 'break';

/** More cases at one time than this are no single mistakes: something is wrong with all of them. */
const BREAKS_MAX = 100;
/** So many looks of five minutes in a row must be over the objective: one slow transaction at night is no incident. */
const LATENCY_PERIODS = 3;
/** A pass is made every hour; one that has not come for so long is missed. */
const HOURS_WITHOUT_PASS_MAX = 3;

/** The changes of cases that are said by an event. */
const SAID_CHANGES = { dynamodb: { NewImage: { says: { S: ['DETECTED', 'PATCHED', 'PARKED'] } } } } as const;
const BREAK_EVENTS: readonly EventName[] = [
  'ReconciliationMismatchDetected',
  'ReconciliationMismatchPatched',
  'ReconciliationMismatchParked',
];

/**
 * What is known of each transaction, fed by the lifecycle events and the ledger, swept for what is overdue, compared with
 * the ledger as a whole; and the cases that come of it, patched as policy and people decide.
 */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const tables = tablesOf(stack);
  const { reconciliation, breaks, counts, evidence, passes, repetitions } = tables;
  const environment = {
    RECONCILIATION_TABLE: reconciliation.name,
    RECONCILIATION_OVERDUE_MINUTES: String(context.environment.reconciliationOverdueMinutes),
    REVERSAL_WINDOW_MINUTES: String(context.environment.reversalWindowMinutes),
    LEDGER_TABLE: neighbourTable(stack, 'ledger'),
    BREAKS_TABLE: breaks.name,
    PATCH_COUNTS_TABLE: counts.name,
    EVIDENCE_TABLE: evidence.name,
    PASSES_TABLE: passes.name,
    REPETITIONS_TABLE: repetitions.name,
    REPLAY_PLACES: JSON.stringify(replayPlaces(stack)),
    REPEAT_QUEUES: JSON.stringify(
      Object.fromEntries(REPEATED_TO.map((each) => [each, neighbourQueueUrl(stack, each)])),
    ),
  };
  const make = (purpose: string, entry: string, timeoutSeconds: number, more = {}): StageFunction =>
    new StageFunction(stack, purpose, { entry, timeoutSeconds, environment, ...more });
  const subscriber = make('subscriber', 'handler', subscriberTimeoutSeconds(stack));
  const ledger = make('ledger', 'ledger', STREAM_TIMEOUT_SECONDS);
  const sweep = make('sweep', 'sweep', SWEEP_TIMEOUT_SECONDS);
  const tell = make('tell', 'tell', STREAM_TIMEOUT_SECONDS);
  const patch = make('patch', 'patch', PATCH_TIMEOUT_SECONDS, { reservedConcurrency: 1 });
  const decide = make('decide', 'decide', DECIDE_TIMEOUT_SECONDS);
  const pass = make('pass', 'pass', PASS_TIMEOUT_SECONDS, { memoryMegabytes: PASS_MEMORY_MEGABYTES });

  for (const reconciler of [subscriber, ledger, sweep]) {
    reconciliation.grant(reconciler, 'BatchGetItem', 'UpdateItem');
    grantPutEvents(stack, reconciler, ['TransactionReconciled']);
  }
  reconciliation.grantQuery(sweep, DUE_INDEX);
  reconciliation.grant(patch, 'BatchGetItem');
  reconciliation.grant(pass, 'BatchGetItem', 'Scan');
  // A case is opened where there is none, and changed as it was read: both are puts with a condition.
  for (const writer of [subscriber, ledger, sweep, patch, decide, pass])
    breaks.grant(writer, 'BatchGetItem', 'PutItem');
  for (const reader of [patch, pass]) breaks.grantQuery(reader, STATE_INDEX);
  // What is written to the evidence stays: nobody may update or delete it.
  for (const writer of [patch, decide, pass]) evidence.grant(writer, 'PutItem', 'Query');
  counts.grant(patch, 'BatchGetItem', 'UpdateItem');
  passes.grant(pass, 'BatchWriteItem', 'PutItem');
  passes.grant(patch, 'Query');
  for (const reader of [sweep, patch]) grantReadNeighbour(stack, reader, 'ledger', 'Query');
  grantReadNeighbour(stack, pass, 'ledger', 'Scan');
  grantPutEvents(stack, patch, ['PostingEntryCreated']);
  grantPutEvents(stack, tell, BREAK_EVENTS);
  grantStartReplay(stack, patch);
  repetitions.grant(patch, 'PutItem');
  repetitions.grant(subscriber, 'GetItem');
  for (const each of REPEATED_TO) grantSendToNeighbour(stack, subscriber, each);

  new StageSubscription(stack, subscriber);
  feedFromStream(stack, 'read-ledger', {
    reader: ledger,
    streamArn: streamOf(stack, 'ledger'),
    filter: BOOKED_SEQUENCES,
  });
  feedFromStream(stack, 'tell-breaks', {
    reader: tell,
    streamArn: breaks.streamArn,
    filter: SAID_CHANGES,
  });
  new StageSchedule(stack, 'sweep-overdue', { expression: EVERY_MINUTE, target: sweep, input: {} });
  new StageSchedule(stack, 'patch-breaks', { expression: EVERY_MINUTE, target: patch, input: {} });
  for (const { name, schedule } of windows.windows)
    new StageSchedule(stack, `pass-${name}`, { expression: schedule, target: pass, input: { window: name } });
  letPeopleIn(stack, tables, { decide, pass });
  raiseAlarms(stack);
  return stack;
}

function tablesOf(stack: StageStack) {
  return {
    reconciliation: new StageTable(stack, 'reconciliation', {
      hashKey: { name: 'transactionId', type: 'S' },
      // Only what is not yet reconciled has `due`, so that the index holds no more than what is open.
      index: {
        name: DUE_INDEX,
        hashKey: { name: 'due', type: 'S' },
        rangeKey: { name: 'dueAt', type: 'N' },
        keysOnly: true,
      },
    }),
    breaks: new StageTable(stack, 'breaks', {
      hashKey: { name: 'breakId', type: 'S' },
      stream: true,
      // Only cases that are not ended have `openState`.
      index: {
        name: STATE_INDEX,
        hashKey: { name: 'openState', type: 'S' },
        rangeKey: { name: 'openedAt', type: 'S' },
      },
      moreIndexes: [
        {
          name: BUSINESS_DATE_INDEX,
          hashKey: { name: 'businessDate', type: 'S' },
          rangeKey: { name: 'openedAt', type: 'S' },
        },
      ],
    }),
    counts: new StageTable(stack, 'patch-counts', {
      hashKey: { name: 'id', type: 'S' },
      expiresAt: 'expiresAt',
    }),
    evidence: new StageTable(stack, 'evidence', {
      hashKey: { name: 'chain', type: 'S' },
      rangeKey: { name: 'number', type: 'S' },
      index: {
        name: BREAK_INDEX,
        hashKey: { name: 'breakId', type: 'S' },
        rangeKey: { name: 'number', type: 'S' },
      },
    }),
    passes: new StageTable(stack, 'passes', {
      hashKey: { name: 'businessDate', type: 'S' },
      rangeKey: { name: 'ranAt', type: 'S' },
    }),
    repetitions: new StageTable(stack, 'repetitions', {
      hashKey: { name: 'name', type: 'S' },
      expiresAt: 'expiresAt',
    }),
  };
}

/** A policy for the people who run reconciliation: they read all that it knows, decide about cases and run passes. */
function letPeopleIn(
  stack: StageStack,
  { reconciliation, breaks, evidence, passes }: ReturnType<typeof tablesOf>,
  { decide, pass }: { readonly decide: StageFunction; readonly pass: StageFunction },
): void {
  const indexes = [
    [breaks, STATE_INDEX],
    [breaks, BUSINESS_DATE_INDEX],
    [evidence, BREAK_INDEX],
  ] as const;
  const tables = [reconciliation, breaks, evidence, passes].map(({ arn }) => arn);
  new CallerPolicy(stack, 'operator', {
    description: 'Whoever runs reconciliation: reads cases, evidence and passes, decides and runs a pass',
    statements: [
      {
        sid: 'DecideAndRun',
        actions: ['lambda:InvokeFunction'],
        resources: [decide.arn, pass.arn],
      },
      {
        sid: 'Read',
        actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
        resources: tables,
      },
      {
        sid: 'QueryIndexes',
        actions: ['dynamodb:Query'],
        resources: indexes.map(([{ arn }, index]) => `${arn}/index/${index}`),
      },
      { sid: 'UseKey', actions: ['kms:Decrypt'], resources: [stack.keyArn] },
    ],
  });
}

/** What the functions count, and what of it somebody has to look at. */
function raiseAlarms(stack: StageStack): void {
  const metricOf = (metric: string) => ({
    namespace: stack.platform.metricsNamespace,
    metric,
    dimensions: { Stage: stage.name },
  });
  const objectiveSeconds = postingObjectiveSeconds(stack.environment);
  new StageAlarm(stack, 'posting-latency', {
    ...metricOf('PostingLatencyMs'),
    says: `One of 100 transactions takes longer from its authorization to its posting than ${objectiveSeconds} seconds.`,
    runbook: 'posting-latency',
    statistic: 'p99',
    above: objectiveSeconds * 1000,
    periods: LATENCY_PERIODS,
  });
  new StageAlarm(stack, 'mismatches', {
    ...metricOf('OpenBreaks'),
    says: `More than ${BREAKS_MAX} mismatches are neither patched nor parked.`,
    runbook: 'mismatches',
    statistic: 'Maximum',
    above: BREAKS_MAX,
  });
  new StageAlarm(stack, 'parked-breaks', {
    ...metricOf('ParkedBreaks'),
    says: 'Policy lets nobody but a person put a mismatch right: it waits for its owner.',
    runbook: 'parked-breaks',
    statistic: 'Maximum',
    above: 0,
  });
  new StageAlarm(stack, 'oldest-break', {
    ...metricOf('OldestBreakHours'),
    says: `A mismatch has been neither patched nor closed for ${policy.oldestBreakHours} hours.`,
    runbook: 'oldest-break',
    statistic: 'Maximum',
    above: policy.oldestBreakHours,
  });
  new StageAlarm(stack, 'control-totals', {
    ...metricOf('DifferingGroups'),
    says: 'Control totals of what was posted and what stands in the ledger differ.',
    runbook: 'control-totals',
    statistic: 'Maximum',
    above: 0,
  });
  new StageAlarm(stack, 'reconciliation-behind', {
    ...metricOf('HoursSincePass'),
    says: `No pass over what was posted and the ledger has ended for ${HOURS_WITHOUT_PASS_MAX} hours.`,
    runbook: 'reconciliation-behind',
    statistic: 'Maximum',
    above: HOURS_WITHOUT_PASS_MAX,
  });
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
