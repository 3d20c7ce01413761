import { describe, expect, it } from '@jest/globals';
import {
  feedOf,
  firstBlock,
  intentProblems,
  loadEnvironment,
  reference,
  statementsOf,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const stacks = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url));
const local = stacks.in('local');
const BUS = 'arn:aws:events:eu-west-2:000000000000:event-bus/payments-local-platform-bus';
const QUARANTINE = 'arn:aws:s3:::payments-local-platform-quarantine-000000000000/quarantine';

describe('the stack of dedup', () => {
  const pipe = local.resource('aws_pipes_pipe', 'log');

  it.each(stacks.entries())('is what every stack of ours must be, in %s', (name, stack) => {
    expect(intentProblems(stack, { environment: loadEnvironment(name), stage })).toEqual([]);
  });

  it('subscribes to exactly what it declares, from the stages that emit it', () => {
    expect(
      JSON.parse(String(local.resource('aws_cloudwatch_event_rule', 'subscription')['event_pattern'])),
    ).toEqual({
      source: ['payments.ingest'],
      'detail-type': ['AuthorizationLogged'],
    });
  });

  it.each([
    ['local', { batchSize: 10, windowSeconds: 0, concurrency: 10 }],
    ['localnrt', { batchSize: 100, windowSeconds: 1, concurrency: 10 }],
    ['localbatch', { batchSize: 100, windowSeconds: 2, concurrency: 10 }],
    ['localmixed', { batchSize: 10, windowSeconds: 0, concurrency: 10 }],
  ])('takes its events as %s says', (environment, feed) => {
    expect(feedOf(stacks.in(environment))).toEqual(feed);
  });

  it.each([
    ['local', { batch_size: 10, maximum_batching_window_in_seconds: 0 }],
    ['localnrt', { batch_size: 100, maximum_batching_window_in_seconds: 1 }],
    ['localbatch', { batch_size: 400, maximum_batching_window_in_seconds: 2 }],
    ['localmixed', { batch_size: 50, maximum_batching_window_in_seconds: 1 }],
  ])('reads the log as %s says', (environment, settings) => {
    const source = firstBlock(stacks.in(environment).resource('aws_pipes_pipe', 'log')['source_parameters']);
    expect(firstBlock(source['dynamodb_stream_parameters'])).toMatchObject(settings);
  });

  it('lets new rows of approved authorizations through the pipe, and nothing else', () => {
    const { filter } = firstBlock(firstBlock(pipe['source_parameters'])['filter_criteria']);
    expect(JSON.parse(String(firstBlock(filter)['pattern']))).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { outcome: { S: ['APPROVED'] } } },
    });
  });

  it("pipes from ingest's stream through the enrichment to the bus, and keeps what fails", () => {
    expect(local.data('aws_dynamodb_table').get('ingest-authorizations')?.['name']).toBe(
      'payments-local-ingest-authorizations',
    );
    expect(pipe).toMatchObject({
      source: reference('data.aws_dynamodb_table.ingest-authorizations.stream_arn'),
      enrichment: reference('aws_lambda_function.enrichment.arn'),
      target: BUS,
      target_parameters: {
        eventbridge_event_bus_parameters: { detail_type: 'TransactionAuthorized', source: 'payments.dedup' },
      },
    });
    expect(firstBlock(firstBlock(pipe['source_parameters'])['dynamodb_stream_parameters'])).toMatchObject({
      on_partial_batch_item_failure: 'AUTOMATIC_BISECT',
      dead_letter_config: { arn: reference('aws_sqs_queue.log-failed.arn') },
    });
  });

  it.each([
    ['enrichment', ['DuplicateTransactionParked']],
    ['log-pipe', ['TransactionAuthorized']],
    ['subscriber', ['TransactionAuthorized', 'DuplicateTransactionParked']],
  ])('lets %s publish its own events, as dedup', (purpose, events) => {
    const { policy } = local.resource('aws_iam_role_policy', `${purpose}-role-policy`);
    const publish = statementsOf(policy).find(({ Sid }) => Sid === 'PublishEvents');
    expect(publish?.Condition).toEqual({
      StringEquals: { 'events:source': 'payments.dedup', 'events:detail-type': events },
    });
  });

  it('may claim keys, park, publish and set aside, and no more', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:PutItem aws_dynamodb_table.seen-transactions.arn',
      `events:PutEvents ${BUS}`,
      `s3:PutObject ${QUARANTINE}/dedup/*`,
      's3:PutObject aws_s3_bucket.parked.arn/parked/*',
      'sqs:DeleteMessage aws_sqs_queue.queue.arn',
      'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
      'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
    ]);
  });

  it('forgets keys in time, by itself', () => {
    expect(local.resource('aws_dynamodb_table', 'seen-transactions')).toMatchObject({
      hash_key: 'dedupKey',
      ttl: { enabled: true, attribute_name: 'expiresAt' },
    });
    expect(local.variables('enrichment')['DEDUP_WINDOW_DAYS']).toBe('30');
  });
});
