import { describe, expect, it } from '@jest/globals';
import {
  firstBlock,
  LOCAL_PLATFORM,
  loadEnvironment,
  reference,
  subscriberGrants,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of account-interface', () => {
  it('lets the subscriber take events, keep life cycles, publish and set aside, and no more', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:BatchWriteItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:PutItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn',
      'dynamodb:UpdateItem aws_dynamodb_table.lifecycles.arn',
      ...subscriberGrants(stage),
    ]);
  });

  it('lets the sweep ask what is due, decide it and publish', () => {
    expect(local.grants('sweep')).toEqual([
      'dynamodb:PutItem aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn',
      'dynamodb:Query aws_dynamodb_table.lifecycles.arn/index/due',
      'dynamodb:UpdateItem aws_dynamodb_table.lifecycles.arn',
      `events:PutEvents ${LOCAL_PLATFORM.busArn}`,
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
