import { describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '../environment.ts';
import { STAGE_DECLARATIONS } from '../stages.ts';
import { reference, SynthesizedStack } from '../synthesized-stack.ts';
import { intentProblems } from './intent.ts';
import { synthesizeStacks } from './synthesize-stacks.ts';

// The rules are held against stacks that were broken on purpose: a rule that notices nothing is none.

type Json = Record<string, unknown>;

const dedup = synthesizeStacks('dedup', new URL('../../../packages/dedup/src/infra.ts', import.meta.url)).in(
  'local',
);
const platform = synthesizeStacks('platform').in('local');
const environment = loadEnvironment('local');

function problemsAfter(
  stack: SynthesizedStack,
  change: (resources: Record<string, Record<string, Json>>) => void,
) {
  const document = JSON.parse(stack.text);
  change(document.resource);
  const intent = stack === dedup ? { environment, stage: STAGE_DECLARATIONS.dedup } : { environment };
  return intentProblems(new SynthesizedStack(JSON.stringify(document)), intent);
}

/** Changes one argument; `undefined` removes it. */
function setting(type: string, id: string, argument: string, value: unknown) {
  return (resources: Record<string, Record<string, Json>>): void => {
    const found = resources[type]?.[id];
    if (found === undefined) throw new Error(`there is no ${type}.${id}`);
    found[argument] = value;
  };
}

function without(type: string, id: string) {
  return (resources: Record<string, Record<string, Json>>): void => {
    if (resources[type]?.[id] === undefined) throw new Error(`there is no ${type}.${id}`);
    delete resources[type]?.[id];
  };
}

function replacing(type: string, id: string, argument: string, from: string, to: string) {
  return (resources: Record<string, Record<string, Json>>): void => {
    const before = String(resources[type]?.[id]?.[argument]);
    if (!before.includes(from)) throw new Error(`${type}.${id} has no "${from}"`);
    setting(type, id, argument, before.replace(from, to))(resources);
  };
}

const VARIABLES = {
  variables: {
    EVENT_BUS_NAME: 'payments-local-platform-bus',
    QUARANTINE_BUCKET: 'payments-local-platform-quarantine-000000000000',
    DELIVERY_MODE: 'real-time',
    METRICS_NAMESPACE: 'payments/local',
    LOG_LEVEL: 'info',
    SEEN_TRANSACTIONS_TABLE: 'x',
    PARKED_BUCKET: 'x',
  },
};

describe('the rules of every stack notice', () => {
  it('nothing in stacks that keep them', () => {
    expect(problemsAfter(dedup, () => undefined)).toEqual([]);
    expect(problemsAfter(platform, () => undefined)).toEqual([]);
  });

  it.each([
    [
      'a queue without a dead-letter queue',
      setting('aws_sqs_queue', 'queue', 'redrive_policy', undefined),
      /queue queue has no dead-letter queue/,
    ],
    [
      'a queue in the clear',
      setting('aws_sqs_queue', 'queue', 'kms_master_key_id', undefined),
      /queue queue is not encrypted/,
    ],
    [
      'a queue without a policy',
      without('aws_sqs_queue_policy', 'queue-policy'),
      /queue queue has no policy/,
    ],
    [
      'a queue that nobody watches',
      without('aws_cloudwatch_metric_alarm', 'queue-age-alarm'),
      /queue queue has no alarm/,
    ],
    [
      'a dead-letter queue that nobody watches',
      without('aws_cloudwatch_metric_alarm', 'dead-letters-depth-alarm'),
      /queue dead-letters has no alarm/,
    ],
    [
      'a message that comes back too soon',
      setting('aws_sqs_queue', 'queue', 'visibility_timeout_seconds', 179),
      /gives a message back after 179 s/,
    ],
    [
      'a queue policy without TLS',
      replacing('aws_sqs_queue_policy', 'queue-policy', 'policy', '"false"', '"true"'),
      /queue-policy does not refuse calls without TLS/,
    ],
    [
      'a wide action',
      replacing('aws_iam_role_policy', 'subscriber-role-policy', 'policy', 'dynamodb:PutItem', 'dynamodb:*'),
      /allows the action dynamodb:\*/,
    ],
    [
      'a wide resource',
      replacing(
        'aws_iam_role_policy',
        'subscriber-role-policy',
        'policy',
        JSON.stringify(reference('aws_sqs_queue.queue.arn')),
        '"*"',
      ),
      /allows TakeFromQueue on \*/,
    ],
    [
      'a table in the clear',
      setting('aws_dynamodb_table', 'seen-transactions', 'server_side_encryption', undefined),
      /table seen-transactions is not encrypted/,
    ],
    [
      'a table that cannot be restored',
      setting('aws_dynamodb_table', 'seen-transactions', 'point_in_time_recovery', { enabled: false }),
      /cannot be restored/,
    ],
    [
      'a table that is not protected as it should be',
      setting('aws_dynamodb_table', 'seen-transactions', 'deletion_protection_enabled', true),
      /table seen-transactions is not protected/,
    ],
    [
      'a log group that keeps too long',
      setting('aws_cloudwatch_log_group', 'subscriber-logs', 'retention_in_days', 400),
      /log group subscriber-logs does not forget/,
    ],
    [
      'a log group in the clear',
      setting('aws_cloudwatch_log_group', 'subscriber-logs', 'kms_key_id', undefined),
      /log group subscriber-logs is not encrypted/,
    ],
    [
      'a function without a log group',
      without('aws_cloudwatch_log_group', 'subscriber-logs'),
      /function subscriber has no log group/,
    ],
    [
      'a function that nobody watches',
      without('aws_cloudwatch_metric_alarm', 'subscriber-throttles-alarm'),
      /subscriber has no alarm on Throttles/,
    ],
    [
      'a path of a machine',
      setting('aws_lambda_function', 'subscriber', 'filename', '/home/me/handler.zip'),
      /holds a path of a machine/,
    ],
    [
      'a variable that is missing',
      setting('aws_lambda_function', 'subscriber', 'environment', VARIABLES),
      /but the stage declares DEDUP_WINDOW_DAYS/,
    ],
    [
      'a bucket that is open',
      without('aws_s3_bucket_public_access_block', 'parked-public-access'),
      /bucket parked has no aws_s3_bucket_public_access_block/,
    ],
    [
      'a bucket that is not to be emptied',
      setting('aws_s3_bucket', 'parked', 'force_destroy', false),
      /bucket parked is not protected/,
    ],
    [
      'a rule that loses events',
      setting('aws_cloudwatch_event_target', 'subscription-target', 'dead_letter_config', undefined),
      /target subscription-target has no dead-letter queue/,
    ],
    [
      'a rule that gives up soon',
      setting('aws_cloudwatch_event_target', 'subscription-target', 'retry_policy', {
        maximum_event_age_in_seconds: 60,
        maximum_retry_attempts: 185,
      }),
      /does not try again for a day/,
    ],
    [
      'a mapping that fails whole batches',
      setting('aws_lambda_event_source_mapping', 'feed', 'function_response_types', []),
      /fails whole batches/,
    ],
    [
      'a mapping without a cap',
      setting('aws_lambda_event_source_mapping', 'feed', 'scaling_config', undefined),
      /has no concurrency cap/,
    ],
    [
      'an alarm that tells nobody',
      setting('aws_cloudwatch_metric_alarm', 'queue-age-alarm', 'alarm_actions', []),
      /queue-age-alarm tells nobody/,
    ],
    [
      'an alarm without a runbook',
      setting(
        'aws_cloudwatch_metric_alarm',
        'queue-age-alarm',
        'alarm_description',
        'Late. Runbook: docs/runbooks/none.md',
      ),
      /names no runbook/,
    ],
  ])('%s', (_case, change, problem) => {
    const problems = problemsAfter(dedup, change);
    expect(problems.filter((each) => problem.test(each))).not.toEqual([]);
  });

  it.each([
    [
      'a topic in the clear',
      setting('aws_sns_topic', 'alarms', 'kms_master_key_id', undefined),
      /topic alarms is not encrypted/,
    ],
    [
      'a key that is never renewed',
      setting('aws_kms_key', 'key', 'enable_key_rotation', false),
      /key key is not renewed/,
    ],
    [
      'a key with a wide action',
      replacing('aws_kms_key', 'key', 'policy', 'kms:CreateGrant', 'kms:*'),
      /allows the action kms:\*/,
    ],
    [
      'an address that names the environment',
      (resources: Record<string, Record<string, Json>>) => {
        resources['aws_sns_topic'] = {
          ...resources['aws_sns_topic'],
          'alarms-local': { kms_master_key_id: 'x' },
        };
      },
      /alarms-local names the environment/,
    ],
  ])('%s', (_case, change, problem) => {
    expect(problemsAfter(platform, change).filter((each) => problem.test(each))).not.toEqual([]);
  });
});
