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

describe('the stack of dedup', () => {
  const pipe = local.resource('aws_pipes_pipe', 'log');

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
      target: LOCAL_PLATFORM.busArn,
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
    expect(local.grants('subscriber')).toEqual(
      [
        ...subscriberGrants(stage),
        'dynamodb:PutItem aws_dynamodb_table.seen-transactions.arn',
        's3:PutObject aws_s3_bucket.parked.arn/parked/*',
      ].sort(),
    );
  });

  it('forgets keys in time, by itself', () => {
    expect(local.resource('aws_dynamodb_table', 'seen-transactions')).toMatchObject({
      hash_key: 'dedupKey',
      ttl: { enabled: true, attribute_name: 'expiresAt' },
    });
    expect(local.variables('enrichment')['DEDUP_WINDOW_DAYS']).toBe('30');
  });
});
