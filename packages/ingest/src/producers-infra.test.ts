import { describe, expect, it } from '@jest/globals';
import {
  firstBlock,
  loadEnvironment,
  reference,
  statementsOf,
  synthesizeStacks,
} from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');
const { accountId } = loadEnvironment('local');
const VAULT = [
  'dynamodb:BatchGetItem aws_dynamodb_table.card-tokens.arn',
  'dynamodb:GetItem aws_dynamodb_table.card-tokens.arn',
  'dynamodb:PutItem aws_dynamodb_table.card-tokens.arn',
  'kms:Decrypt aws_kms_key.vault-key.arn',
  'kms:GenerateDataKey aws_kms_key.vault-key.arn',
];

/** What a policy that is attached to nobody allows. */
function policyOf(id: string) {
  return statementsOf(local.resource('aws_iam_policy', id)['policy']).map(
    ({ Action, Resource, Condition }) => ({ Action, Resource, Condition }),
  );
}

describe('the API', () => {
  it('has a URL that takes signed requests only, and no more of them than are reserved', () => {
    expect(local.resource('aws_lambda_function_url', 'api-url')).toMatchObject({
      function_name: 'payments-local-ingest-api',
      authorization_type: 'AWS_IAM',
      invoke_mode: 'BUFFERED',
      depends_on: ['aws_lambda_function.api'],
    });
    expect(local.resource('aws_lambda_function', 'api')['reserved_concurrent_executions']).toBe(20);
    expect(local.resources('aws_lambda_permission').size).toBe(0);
  });

  it('may use the vault and its own table, and put its one event on the bus as itself', () => {
    expect(local.grants('api')).toEqual(
      [
        ...VAULT,
        'dynamodb:GetItem aws_dynamodb_table.api-requests.arn',
        'dynamodb:PutItem aws_dynamodb_table.api-requests.arn',
        'dynamodb:UpdateItem aws_dynamodb_table.api-requests.arn',
        `events:PutEvents arn:aws:events:eu-west-2:${accountId}:event-bus/payments-local-platform-bus`,
      ].sort(),
    );
    const publish = statementsOf(local.resource('aws_iam_role_policy', 'api-role-policy')['policy']).find(
      ({ Sid }) => Sid === 'PublishEvents',
    );
    expect(publish?.Condition).toEqual({
      StringEquals: { 'events:source': 'payments.ingest', 'events:detail-type': ['AuthorizationLogged'] },
    });
  });

  it('forgets requests in time', () => {
    const { ttl } = local.resource('aws_dynamodb_table', 'api-requests');
    expect(firstBlock(ttl)).toEqual({ attribute_name: 'expiresAt', enabled: true });
  });

  it('has a policy for its callers, which lets them call the URL and nothing else', () => {
    const fn = [reference('aws_lambda_function.api.arn')];
    expect(policyOf('api-url-callers')).toEqual([
      {
        Action: ['lambda:InvokeFunctionUrl'],
        Resource: fn,
        Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      },
      {
        Action: ['lambda:InvokeFunction'],
        Resource: fn,
        Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
      },
    ]);
  });

  it('rings when it answers that something failed', () => {
    expect(local.resource('aws_cloudwatch_metric_alarm', 'api-url-failures-alarm')).toMatchObject({
      metric_name: 'Url5xxCount',
      dimensions: { FunctionName: 'payments-local-ingest-api' },
    });
  });
});

describe('files', () => {
  it('lie in a bucket that tells a queue of those that senders encrypted', () => {
    expect(local.resource('aws_s3_bucket', 'inbound')['bucket']).toBe(
      `payments-local-ingest-inbound-${accountId}`,
    );
    const notification = local.resource('aws_s3_bucket_notification', 'inbound-notification');
    expect(firstBlock(notification['queue'])).toEqual({
      id: 'inbound',
      queue_arn: reference('aws_sqs_queue.queue.arn'),
      events: ['s3:ObjectCreated:*'],
      filter_suffix: '.encrypted',
    });
    expect(notification['depends_on']).toEqual([
      'aws_s3_bucket.inbound',
      'aws_sqs_queue_policy.queue-policy',
    ]);
  });

  it('are told of by this bucket of this account only', () => {
    const allowed = statementsOf(local.resource('aws_sqs_queue_policy', 'queue-policy')['policy']).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed).toEqual([
      {
        Sid: 'TakeNotifications',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [reference('aws_sqs_queue.queue.arn')],
        Condition: {
          ArnEquals: { 'aws:SourceArn': reference('aws_s3_bucket.inbound.arn') },
          StringEquals: { 'aws:SourceAccount': accountId },
        },
      },
    ]);
  });

  it('are read one at a time by a function that may decrypt them, and neither put nor delete them', () => {
    expect(local.resource('aws_lambda_event_source_mapping', 'feed')).toMatchObject({
      batch_size: 1,
      function_response_types: ['ReportBatchItemFailures'],
    });
    expect(local.grants('batch')).toEqual(
      [
        ...VAULT,
        'dynamodb:BatchWriteItem aws_dynamodb_table.authorizations.arn',
        'dynamodb:GetItem aws_dynamodb_table.batches.arn',
        'dynamodb:PutItem aws_dynamodb_table.batches.arn',
        'dynamodb:UpdateItem aws_dynamodb_table.batches.arn',
        'kms:Decrypt aws_kms_key.inbound-key.arn',
        's3:GetObjectVersion aws_s3_bucket.inbound.arn/*',
        'sqs:ChangeMessageVisibility aws_sqs_queue.queue.arn',
        'sqs:DeleteMessage aws_sqs_queue.queue.arn',
        'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
        'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
        'sqs:SendMessage aws_sqs_queue.queue.arn',
      ].sort(),
    );
  });

  it('are put by senders who may encrypt and not decrypt, nor read', () => {
    const platformKey = reference('data.aws_kms_alias.platform-key.target_key_arn');
    expect(policyOf('inbound-senders')).toEqual([
      {
        Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
        Resource: [`${reference('aws_s3_bucket.inbound.arn')}/*`],
      },
      { Action: ['kms:GenerateDataKey'], Resource: [reference('aws_kms_key.inbound-key.arn')] },
      { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [platformKey] },
    ]);
  });

  it('ring when one cannot be read', () => {
    expect(local.resource('aws_cloudwatch_metric_alarm', 'files-failed-alarm')).toMatchObject({
      namespace: 'payments/local',
      metric_name: 'FilesFailed',
      dimensions: { Stage: 'ingest' },
      alarm_description: expect.stringMatching(/inbound-files\.md$/),
    });
  });
});
