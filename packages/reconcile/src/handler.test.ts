import { DescribeReplayCommand, EventBridgeClient, ListReplaysCommand } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AwsContext, InvocationContext } from '@payments/stage-kit';
import { DynamoDbSideStore } from './adapters/dynamodb-side-store.ts';
import { BreakTables } from './break-tables.fixture.ts';
import { compose } from './handler.ts';
import type { KeptBreak } from './ports.ts';
import type { TransactionSides } from './transaction-sides.ts';

const MINUTE_MS = 60_000;
const SAID_AT = '2026-11-22T09:00:00.000Z';
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const ARN = 'arn:aws:events:eu-west-2:000000000000';
const RULE = `${ARN}:rule/payments-local-platform-bus/payments-local-reconcile-subscription`;

const QUEUES = 'https://sqs.eu-west-2.amazonaws.com/000000000000';

const CONTEXT: InvocationContext = { awsRequestId: 'test', getRemainingTimeInMillis: () => 30_000 };

const environment = {
  EVENT_BUS_NAME: 'payments-local-platform-bus',
  DELIVERY_MODE: 'real-time',
  METRICS_NAMESPACE: 'payments/test',
  QUARANTINE_BUCKET: 'payments-local-platform-quarantine-000000000000',
  RECONCILIATION_TABLE: 'payments-local-reconcile-reconciliation',
  RECONCILIATION_OVERDUE_MINUTES: '30',
  REVERSAL_WINDOW_MINUTES: '60',
  LEDGER_TABLE: 'payments-local-posting-ledger',
  BREAKS_TABLE: 'payments-local-reconcile-breaks',
  PATCH_COUNTS_TABLE: 'payments-local-reconcile-patch-counts',
  EVIDENCE_TABLE: 'payments-local-reconcile-evidence',
  PASSES_TABLE: 'payments-local-reconcile-passes',
  REPLAY_PLACES: JSON.stringify({
    archiveArn: `${ARN}:archive/payments-local-platform-archive`,
    busArn: `${ARN}:event-bus/payments-local-platform-bus`,
    ruleArn: RULE,
  }),
  REPETITIONS_TABLE: 'payments-local-reconcile-repetitions',
  REPEAT_QUEUES: JSON.stringify({
    standardize: `${QUEUES}/payments-local-standardize-queue`,
    'account-interface': `${QUEUES}/payments-local-account-interface-queue`,
  }),
};

const approved: TransactionSides = {
  transactionId: '576a0688-b1b5-5616-b56e-1dceb43e95be',
  scheme: 'VISA',
  loggedAt: '2026-11-22T09:00:00Z',
  lifecycleId: 'VISA.316319101500002',
  authorized: { saidAt: SAID_AT, amount: { minorUnits: '2599', currency: 'GBP' } },
  approved: {
    saidAt: SAID_AT,
    amount: { minorUnits: '2599', currency: 'GBP' },
    billed: { minorUnits: '2599', currency: 'GBP' },
  },
};

let tables: BreakTables;
let now = NOW;
const written: Record<string, unknown>[] = [];

beforeAll(async () => {
  tables = await BreakTables.open();
});
afterAll(() => tables.close());

/** Invokes a function as its schedule or event source mapping does. */
async function invoke(name: string, event: unknown): Promise<unknown> {
  const aws: AwsContext = {
    clock: { now: () => now, sleep: async () => undefined },
    random: { uuid: () => '00000000-0000-4000-8000-000000000000', bytes: (size) => new Uint8Array(size) },
    client: tables.client,
    output: (line) => written.push(JSON.parse(line)),
  };
  const entry = compose(environment, aws)[name];
  if (entry === undefined) throw new Error(`there is no function ${name}`);
  return entry(event, CONTEXT);
}

/** The last value of a metric. */
function metric(name: string): unknown {
  return written.findLast((line) => name in line)?.[name];
}

async function onlyCase(): Promise<KeptBreak> {
  const [row, ...others] = await tables.rows('breaks');
  if (row === undefined || others.length > 0)
    throw new Error(`there are ${others.length} cases more than one`);
  return row as unknown as KeptBreak;
}

describe('the functions together', () => {
  it('find what is overdue once, and give it to its stage once more', async () => {
    const patience = { overdueMs: 30 * MINUTE_MS, windowMs: 60 * MINUTE_MS };
    const clock = { now: () => NOW - 60 * MINUTE_MS, sleep: async () => undefined };
    const sides = new DynamoDbSideStore(tables.documents, environment.RECONCILIATION_TABLE, patience, clock);
    await sides.add([approved]);
    expect(await invoke('sweep', {})).toMatchObject({ overdue: 1 });
    expect(metric('Mismatches')).toBe(1);
    await invoke('sweep', {});
    expect(await onlyCase()).toMatchObject({ type: 'A_NOT_P', state: 'OPEN', says: 'DETECTED' });

    expect(await invoke('patch', {})).toMatchObject({ planned: 1, replays: 1 });
    const events = new EventBridgeClient(tables.client);
    const { Replays = [] } = await events.send(new ListReplaysCommand({}));
    expect(Replays).toHaveLength(1);
    const replay = await events.send(new DescribeReplayCommand({ ReplayName: Replays[0]?.ReplayName }));
    expect(replay.Destination?.FilterArns).toEqual([RULE]);
    expect(await tables.rows('repetitions')).toMatchObject([
      {
        name: Replays[0]?.ReplayName,
        window: { stage: 'account-interface' },
        transactionIds: [approved.transactionId],
      },
    ]);
    expect(metric('OpenBreaks')).toBe(1);
    expect(metric('ParkedBreaks')).toBe(0);
  });

  it('tell of a case as its stream gives it', async () => {
    const each = await onlyCase();
    const image = marshall({ ...each, says: 'DETECTED' }, { removeUndefinedValues: true });
    const Records = [{ dynamodb: { SequenceNumber: '1', NewImage: image } }];
    expect(await invoke('tell', { Records })).toEqual({ batchItemFailures: [] });
  });

  it('pass over both sides, and know when', async () => {
    expect(await invoke('pass', { window: 'hourly' })).toMatchObject({ name: 'hourly', opened: 0 });
    now += 30 * MINUTE_MS;
    await invoke('patch', {});
    expect(metric('HoursSincePass')).toBe(0.5);
    expect(metric('DifferingGroups')).toBe(0);
    await expect(invoke('pass', { window: 'weekly' })).rejects.toThrow(/there is no window weekly/);
  });

  it('take a decision of a person, and say why not', async () => {
    const { breakId } = await onlyCase();
    const decision = { breakId, decision: 'approve', by: 'jane', reason: 'seen' };
    await expect(invoke('decide', decision)).rejects.toMatchObject({ code: 'NOT_WAITING' });
  });
});
