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

describe('the stack of account-interface', () => {
  it.each(stacks.entries())('is what every stack of ours must be, in %s', (name, stack) => {
    expect(intentProblems(stack, { environment: loadEnvironment(name), stage })).toEqual([]);
  });

  it('subscribes to exactly what it declares, from the stages that emit it', () => {
    expect(
      JSON.parse(String(local.resource('aws_cloudwatch_event_rule', 'subscription')['event_pattern'])),
    ).toEqual({
      source: ['payments.rules'],
      'detail-type': ['TransactionPostingApproved'],
    });
  });

  it.each([
    ['local', { batchSize: 10, windowSeconds: 0, concurrency: 10 }],
    ['localnrt', { batchSize: 100, windowSeconds: 1, concurrency: 10 }],
    ['localbatch', { batchSize: 100, windowSeconds: 2, concurrency: 10 }],
    ['localmixed', { batchSize: 10, windowSeconds: 0, concurrency: 5 }],
  ])('takes its events as %s says', (environment, feed) => {
    expect(feedOf(stacks.in(environment))).toEqual(feed);
  });

  it('lets the subscriber take events, keep life cycles, publish and set aside, and no more', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:BatchWriteItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:PutItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.lifecycles.arn',
      `events:PutEvents ${BUS}`,
      `s3:PutObject ${QUARANTINE}/account-interface/*`,
      'sqs:DeleteMessage aws_sqs_queue.queue.arn',
      'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
      'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
    ]);
  });

  it('lets the sweep ask what is due, decide it and publish', () => {
    expect(local.grants('sweep')).toEqual([
      'dynamodb:PutItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn/index/due',
      'dynamodb:UpdateItem aws_dynamodb_table.lifecycles.arn',
      `events:PutEvents ${BUS}`,
    ]);
  });

  it('keeps life cycles as long as the environment says, and waits as long', () => {
    const { lifecycleRetentionDays, reversalWindowMinutes } = loadEnvironment('local');
    expect(local.variables('sweep')).toMatchObject({
      LIFECYCLE_RETENTION_DAYS: String(lifecycleRetentionDays),
      REVERSAL_WINDOW_MINUTES: String(reversalWindowMinutes),
    });
    expect(firstBlock(local.resource('aws_dynamodb_table', 'lifecycles')['ttl'])).toEqual({
      enabled: true,
      attribute_name: 'expiresAt',
    });
  });

  it('indexes only what is due, and sweeps every minute', () => {
    const index = firstBlock(local.resource('aws_dynamodb_table', 'lifecycles')['global_secondary_index']);
    expect(index).toMatchObject({ name: 'due', hash_key: 'due', range_key: 'dueAt' });
    expect(local.resource('aws_scheduler_schedule', 'sweep-due')).toMatchObject({
      schedule_expression: 'rate(1 minute)',
      target: { arn: reference('aws_lambda_function.sweep.arn') },
    });
  });
});
