import { describe, expect, it } from '@jest/globals';
import {
  firstBlock,
  LOCAL_PLATFORM,
  reference,
  statementsOf,
  subscriberGrants,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));
const local = stacks.in('local');
const LEDGER = 'arn:aws:dynamodb:eu-west-2:000000000000:table/payments-local-posting-ledger';

describe('the stack of reconcile', () => {
  it('lets the subscriber note what it hears, and open cases', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:GetItem aws_dynamodb_table.repetitions.arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      ...subscriberGrants(stage),
      'sqs:SendMessage arn:aws:sqs:eu-west-2:000000000000:payments-local-account-interface-queue',
      'sqs:SendMessage arn:aws:sqs:eu-west-2:000000000000:payments-local-standardize-queue',
    ]);
  });

  it('lets the reader of the ledger note what is booked, and open cases', () => {
    expect(local.grants('ledger')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:DescribeStream data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:GetRecords data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:GetShardIterator data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:ListStreams data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
      'sqs:SendMessage aws_sqs_queue.read-ledger-failed.arn',
    ]);
  });

  it('lets the sweep ask what is due, and look into the ledger', () => {
    expect(local.grants('sweep')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      `dynamodb:Query ${LEDGER}`,
      'dynamodb:Query aws_dynamodb_table.reconciliation.arn/index/due',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
    ]);
  });

  it('lets a pass read both sides and open cases, and change neither side', () => {
    expect(local.grants('pass')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:BatchWriteItem aws_dynamodb_table.passes.arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      'dynamodb:PutItem aws_dynamodb_table.evidence.arn',
      'dynamodb:PutItem aws_dynamodb_table.passes.arn',
      'dynamodb:Query aws_dynamodb_table.breaks.arn/index/state',
      'dynamodb:Query aws_dynamodb_table.evidence.arn',
      `dynamodb:Scan ${LEDGER}`,
      'dynamodb:Scan aws_dynamodb_table.reconciliation.arn',
    ]);
  });

  it('lets patching replay the archive and add entries, and keep evidence of it', () => {
    expect(local.grants('patch')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.patch-counts.arn',
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      'dynamodb:PutItem aws_dynamodb_table.evidence.arn',
      'dynamodb:PutItem aws_dynamodb_table.repetitions.arn',
      `dynamodb:Query ${LEDGER}`,
      'dynamodb:Query aws_dynamodb_table.breaks.arn/index/state',
      'dynamodb:Query aws_dynamodb_table.evidence.arn',
      'dynamodb:Query aws_dynamodb_table.passes.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.patch-counts.arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
      'events:StartReplay arn:aws:events:eu-west-2:000000000000:archive/payments-local-platform-archive',
      'events:StartReplay arn:aws:events:eu-west-2:000000000000:replay/*',
    ]);
  });

  it('lets a person decide about cases with evidence, and nothing else', () => {
    expect(local.grants('decide')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.breaks.arn',
      'dynamodb:PutItem aws_dynamodb_table.breaks.arn',
      'dynamodb:PutItem aws_dynamodb_table.evidence.arn',
      'dynamodb:Query aws_dynamodb_table.evidence.arn',
    ]);
  });

  it('tells of cases from their stream', () => {
    expect(local.grants('tell')).toEqual([
      'dynamodb:DescribeStream aws_dynamodb_table.breaks.stream_arn',
      'dynamodb:GetRecords aws_dynamodb_table.breaks.stream_arn',
      'dynamodb:GetShardIterator aws_dynamodb_table.breaks.stream_arn',
      'dynamodb:ListStreams aws_dynamodb_table.breaks.stream_arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
      'sqs:SendMessage aws_sqs_queue.tell-breaks-failed.arn',
    ]);
  });

  it('lets nobody update or delete evidence', () => {
    for (const [address, { policy }] of local.all()) {
      if (policy === undefined) continue;
      const touching = statementsOf(policy).filter(({ Resource }) =>
        [Resource].flat().some((resource) => resource.includes('aws_dynamodb_table.evidence')),
      );
      const actions = touching.flatMap(({ Action }) => [Action].flat());
      const allowed = ['PutItem', 'Query', 'Scan', 'GetItem', 'BatchGetItem'].map(
        (each) => `dynamodb:${each}`,
      );
      expect({ address, others: actions.filter((action) => !allowed.includes(action)) }).toEqual({
        address,
        others: [],
      });
    }
  });

  it.each([
    ['subscriber', ['TransactionReconciled']],
    ['patch', ['PostingEntryCreated']],
    [
      'tell',
      ['ReconciliationMismatchDetected', 'ReconciliationMismatchPatched', 'ReconciliationMismatchParked'],
    ],
  ])('lets the function %s say %j alone', (purpose, events) => {
    const { policy } = local.resource('aws_iam_role_policy', `${purpose}-role-policy`);
    const publish = statementsOf(policy).find(({ Sid }) => Sid === 'PublishEvents');
    expect(publish?.Condition?.['StringEquals']?.['events:detail-type']).toEqual(events);
  });

  it('patches one run at a time', () => {
    expect(local.resource('aws_lambda_function', 'patch')).toMatchObject({
      reserved_concurrent_executions: 1,
      timeout: 55,
    });
  });

  it('replays to its own rule, and knows the queues of the stages that it gives events to', () => {
    const rule = local.resource('aws_cloudwatch_event_rule', 'subscription');
    expect(JSON.parse(local.variables('patch')['REPLAY_PLACES'] ?? '')).toMatchObject({
      ruleArn: `arn:aws:events:eu-west-2:000000000000:rule/${String(rule['event_bus_name'])}/${String(rule['name'])}`,
    });
    const queues = JSON.parse(local.variables('subscriber')['REPEAT_QUEUES'] ?? '') as Record<string, string>;
    const names = Object.entries(queues).map(([stageName, url]) => {
      const infra = new URL(`../../${stageName}/src/infra.ts`, import.meta.url);
      const { name } = synthesizeStacks(stageName as never, infra)
        .in('local')
        .resource('aws_sqs_queue', 'queue');
      expect(url).toBe(`https://sqs.eu-west-2.amazonaws.com/000000000000/${String(name)}`);
      return `arn:aws:sqs:eu-west-2:000000000000:${String(name)}`;
    });
    const { policy } = local.resource('aws_iam_role_policy', 'subscriber-role-policy');
    const send = statementsOf(policy).find(({ Sid }) => Sid === 'SendToNeighbours');
    expect(send).toMatchObject({ Action: ['sqs:SendMessage'], Resource: names });
  });

  it('drains with a function that knows its queue and has the time, where the environment says so', () => {
    const mixed = stacks.in('localmixed');
    expect(mixed.variables('subscriber')['STAGE_QUEUE_URL']).toBe(reference('aws_sqs_queue.queue.url'));
    expect(mixed.resource('aws_lambda_function', 'subscriber')['timeout']).toBe(900);
    expect(mixed.resource('aws_sqs_queue', 'queue')['visibility_timeout_seconds']).toBe(5400);
    expect(local.variables('subscriber')['STAGE_QUEUE_URL']).toBeUndefined();
  });

  it("reads the stream of posting's ledger", () => {
    expect(local.data('aws_dynamodb_table').get('posting-ledger')?.['name']).toBe(
      'payments-local-posting-ledger',
    );
    expect(local.resource('aws_lambda_event_source_mapping', 'read-ledger')['event_source_arn']).toBe(
      reference('data.aws_dynamodb_table.posting-ledger.stream_arn'),
    );
  });

  it('indexes only what is due', () => {
    const index = firstBlock(
      local.resource('aws_dynamodb_table', 'reconciliation')['global_secondary_index'],
    );
    expect(index).toMatchObject({ name: 'due', hash_key: 'due', range_key: 'dueAt' });
  });

  it.each([
    ['sweep-overdue', 'rate(1 minute)', 'sweep'],
    ['patch-breaks', 'rate(1 minute)', 'patch'],
    ['pass-hourly', 'rate(1 hour)', 'pass'],
    ['pass-end-of-day', 'cron(30 0 * * ? *)', 'pass'],
  ])('runs %s at %s', (purpose, expression, target) => {
    expect(local.resource('aws_scheduler_schedule', purpose)).toMatchObject({
      schedule_expression: expression,
      target: { arn: reference(`aws_lambda_function.${target}.arn`) },
    });
  });

  it.each([
    ['mismatches', 'OpenBreaks', 100],
    ['parked-breaks', 'ParkedBreaks', 0],
    ['oldest-break', 'OldestBreakHours', 24],
    ['control-totals', 'DifferingGroups', 0],
    ['reconciliation-behind', 'HoursSincePass', 3],
  ])('rings %s when %s is above %i', (purpose, metric, above) => {
    expect(local.resource('aws_cloudwatch_metric_alarm', `${purpose}-alarm`)).toMatchObject({
      metric_name: metric,
      threshold: above,
      statistic: 'Maximum',
      dimensions: { Stage: 'reconcile' },
    });
  });

  it('rings when one of 100 transactions takes longer than the environment allows', () => {
    const alarmIn = (environment: string) =>
      stacks.in(environment).resource('aws_cloudwatch_metric_alarm', 'posting-latency-alarm');
    expect(alarmIn('local')).toMatchObject({
      namespace: 'payments/local',
      metric_name: 'PostingLatencyMs',
      extended_statistic: 'p99',
      threshold: 60_000,
      evaluation_periods: 3,
    });
    expect(alarmIn('local')['statistic']).toBeUndefined();
    expect(alarmIn('dev')).toMatchObject({ namespace: 'payments/dev', threshold: 300_000 });
  });
});
