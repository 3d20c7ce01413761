import { describe, expect, it } from '@jest/globals';
import {
  feedOf,
  firstBlock,
  intentProblems,
  loadEnvironment,
  reference,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));
const local = stacks.in('local');
const BUS = 'arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus';
const QUARANTINE = 'arn:aws:s3:::payments-local-platform-quarantine-000000000000/quarantine';

describe('the stack of reconcile', () => {
  it.each(stacks.entries())('is what every stack of ours must be, in %s', (name, stack) => {
    expect(intentProblems(stack, { environment: loadEnvironment(name), stage })).toEqual([]);
  });

  it('subscribes to exactly what it declares, from the stages that emit it', () => {
    expect(
      JSON.parse(String(local.resource('aws_cloudwatch_event_rule', 'subscription')['event_pattern'])),
    ).toEqual({
      source: ['payments.dedup', 'payments.rules', 'payments.posting', 'payments.account-interface'],
      'detail-type': stage.consumes,
    });
  });

  it.each([
    ['local', { batchSize: 10, windowSeconds: 0, concurrency: 10 }],
    ['localnrt', { batchSize: 100, windowSeconds: 1, concurrency: 10 }],
    ['localbatch', { batchSize: 100, windowSeconds: 2, concurrency: 10 }],
    ['localmixed', { schedule: 'rate(1 minute)', input: { drain: { largestBatch: 5000 } } }],
  ])('takes its events as %s says', (environment, feed) => {
    expect(feedOf(stacks.in(environment))).toEqual(feed);
  });

  it('lets the subscriber note what it hears', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      `events:PutEvents ${BUS}`,
      `s3:PutObject ${QUARANTINE}/reconcile/*`,
      'sqs:DeleteMessage aws_sqs_queue.queue.arn',
      'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
      'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
    ]);
  });

  it('lets the reader of the ledger note what is booked', () => {
    expect(local.grants('ledger')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:DescribeStream data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:GetRecords data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:GetShardIterator data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:ListStreams data.aws_dynamodb_table.posting-ledger.stream_arn',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      `events:PutEvents ${BUS}`,
      'sqs:SendMessage aws_sqs_queue.read-ledger-failed.arn',
    ]);
  });

  it('lets the sweep ask what is due', () => {
    expect(local.grants('sweep')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.reconciliation.arn',
      'dynamodb:Query aws_dynamodb_table.reconciliation.arn/index/due',
      'dynamodb:UpdateItem aws_dynamodb_table.reconciliation.arn',
      `events:PutEvents ${BUS}`,
    ]);
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

  it('sweeps every minute', () => {
    expect(local.resource('aws_scheduler_schedule', 'sweep-overdue')).toMatchObject({
      schedule_expression: 'rate(1 minute)',
      target: { arn: reference('aws_lambda_function.sweep.arn') },
    });
  });
});
