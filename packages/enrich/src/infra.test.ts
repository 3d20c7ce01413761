import { describe, expect, it } from '@jest/globals';
import { feedOf, intentProblems, loadEnvironment, synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));
const local = stacks.in('local');
const BUS = 'arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus';
const QUARANTINE = 'arn:aws:s3:::payments-local-platform-quarantine-000000000000/quarantine';

describe('the stack of enrich', () => {
  it.each(stacks.entries())('is what every stack of ours must be, in %s', (name, stack) => {
    expect(intentProblems(stack, { environment: loadEnvironment(name), stage })).toEqual([]);
  });

  it('subscribes to exactly what it declares, from the stages that emit it', () => {
    expect(
      JSON.parse(String(local.resource('aws_cloudwatch_event_rule', 'subscription')['event_pattern'])),
    ).toEqual({
      source: ['payments.standardize'],
      'detail-type': ['TransactionStandardized'],
    });
  });

  it.each([
    ['local', { batchSize: 10, windowSeconds: 0, concurrency: 10 }],
    ['localnrt', { batchSize: 100, windowSeconds: 1, concurrency: 10 }],
    ['localbatch', { batchSize: 100, windowSeconds: 2, concurrency: 10 }],
    ['localmixed', { batchSize: 200, windowSeconds: 2, concurrency: 10 }],
  ])('takes its events as %s says', (environment, feed) => {
    expect(feedOf(stacks.in(environment))).toEqual(feed);
  });

  it('may look up reference data, and not change it', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.reference.arn',
      `events:PutEvents ${BUS}`,
      `s3:PutObject ${QUARANTINE}/enrich/*`,
      'sqs:DeleteMessage aws_sqs_queue.queue.arn',
      'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
      'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
    ]);
  });

  it('tells the function where and how long to look up', () => {
    expect(local.variables('subscriber')).toMatchObject({
      REFERENCE_TABLE: 'payments-local-enrich-reference',
      REFERENCE_CACHE_SECONDS: '60',
      REFERENCE_VERSION: 'CURRENT',
    });
  });
});
