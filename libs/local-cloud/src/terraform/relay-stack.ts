// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's interpolations.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../core/aws-error.ts';

const BUS = 'relay';
const require = createRequire(import.meta.url);

/** What a test wants otherwise than it should be. */
export interface RelayDefects {
  /** The queue has no policy that lets the rule send. */
  readonly queueIsClosed?: boolean;
  /** The function's role may not write to the table. */
  readonly tableIsClosed?: boolean;
  /** The role trusts another service than Lambda. */
  readonly roleIsForeign?: boolean;
}

/**
 * Writes a small but whole stack for tests of the cloud: bus, rule, queue, function, table, topic and alarm.
 * What is put on the bus ends as an item of the table `relayed`.
 *
 * @param directory where `cdk.tf.json` and the bundle are written
 * @returns the path of the stack
 */
export function writeRelayStack(directory: string, defects: RelayDefects = {}): string {
  mkdirSync(join(directory, 'bundle'), { recursive: true });
  writeFileSync(join(directory, 'bundle', 'index.mjs'), bundle());
  const path = join(directory, 'cdk.tf.json');
  writeFileSync(path, JSON.stringify(stack(defects), null, 1));
  return path;
}

function bundle(): string {
  const sdk = pathToFileURL(require.resolve('@aws-sdk/client-dynamodb')).href;
  return `
    const { default: sdk } = await import('${sdk}');
    export const compose = (environment, aws) => {
      const client = new sdk.DynamoDBClient(aws.client);
      return { handler: async ({ Records }) => {
        for (const { messageId, body } of Records) {
          const { id, detail } = JSON.parse(body);
          aws.output(JSON.stringify({ _aws: { Timestamp: aws.clock.now(), CloudWatchMetrics: [
            { Namespace: 'Relay', Dimensions: [[]], Metrics: [{ Name: 'Relayed' }] }] }, Relayed: 1 }));
          await client.send(new sdk.PutItemCommand({ TableName: environment.TABLE,
            Item: { id: { S: id }, text: { S: detail.text } } }));
        }
      } };
    };`;
}

function statements(...list: readonly JsonObject[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: list });
}

function stack(defects: RelayDefects): JsonObject {
  const allow = (action: string | readonly string[], resource: string): JsonObject => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  });
  const fromRule = {
    ...allow('sqs:SendMessage', '${aws_sqs_queue.main.arn}'),
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': '${aws_cloudwatch_event_rule.all.arn}' } },
  };
  const polling = allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    '${aws_sqs_queue.main.arn}',
  );
  const logging = allow(
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    'arn:aws:logs:eu-west-2:000000000000:log-group:/aws/lambda/relay:log-stream:*',
  );
  const writing = allow('dynamodb:PutItem', '${aws_dynamodb_table.relayed.arn}');
  const trusted = defects.roleIsForeign === true ? 'states.amazonaws.com' : 'lambda.amazonaws.com';
  const deadLetters = JSON.stringify({
    deadLetterTargetArn: '${aws_sqs_queue.dead.arn}',
    maxReceiveCount: 2,
  });
  return {
    '//': { metadata: { stackName: 'relay' } },
    provider: { aws: [{ region: 'eu-west-2' }] },
    resource: {
      aws_cloudwatch_event_bus: { bus: { name: BUS } },
      aws_cloudwatch_event_rule: {
        all: {
          name: 'all',
          event_bus_name: '${aws_cloudwatch_event_bus.bus.name}',
          event_pattern: '{"source":["relay.test"]}',
        },
      },
      aws_cloudwatch_event_target: {
        queue: {
          rule: '${aws_cloudwatch_event_rule.all.name}',
          event_bus_name: '${aws_cloudwatch_event_bus.bus.name}',
          target_id: 'queue',
          arn: '${aws_sqs_queue.main.arn}',
          dead_letter_config: { arn: '${aws_sqs_queue.undelivered.arn}' },
        },
      },
      aws_sqs_queue: {
        main: { name: 'main', visibility_timeout_seconds: 30, redrive_policy: deadLetters },
        dead: { name: 'dead' },
        undelivered: { name: 'undelivered' },
      },
      aws_sqs_queue_policy: {
        ...(defects.queueIsClosed === true
          ? {}
          : { main: { queue_url: '${aws_sqs_queue.main.url}', policy: statements(fromRule) } }),
        undelivered: {
          queue_url: '${aws_sqs_queue.undelivered.url}',
          policy: statements({ ...fromRule, Resource: '${aws_sqs_queue.undelivered.arn}' }),
        },
      },
      aws_iam_role: {
        relay: {
          name: 'relay',
          assume_role_policy: statements({
            Effect: 'Allow',
            Principal: { Service: trusted },
            Action: 'sts:AssumeRole',
          }),
        },
      },
      aws_iam_role_policy: {
        relay: {
          name: 'relay',
          role: '${aws_iam_role.relay.name}',
          policy: statements(polling, logging, ...(defects.tableIsClosed === true ? [] : [writing])),
        },
      },
      aws_lambda_function: {
        relay: {
          function_name: 'relay',
          filename: 'bundle',
          handler: 'index.handler',
          runtime: 'nodejs24.x',
          role: '${aws_iam_role.relay.arn}',
          timeout: 5,
          environment: { variables: { TABLE: '${aws_dynamodb_table.relayed.name}' } },
          depends_on: ['aws_iam_role_policy.relay'],
        },
      },
      aws_lambda_event_source_mapping: {
        main: {
          event_source_arn: '${aws_sqs_queue.main.arn}',
          function_name: '${aws_lambda_function.relay.arn}',
          batch_size: 10,
        },
      },
      aws_dynamodb_table: {
        relayed: {
          name: 'relayed',
          billing_mode: 'PAY_PER_REQUEST',
          hash_key: 'id',
          attribute: [{ name: 'id', type: 'S' }],
        },
      },
      aws_sns_topic: { alerts: { name: 'alerts' } },
      aws_cloudwatch_metric_alarm: {
        dead: {
          alarm_name: 'dead-letters',
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: '${aws_sqs_queue.dead.name}' },
          statistic: 'Maximum',
          period: 60,
          evaluation_periods: 1,
          threshold: 0,
          comparison_operator: 'GreaterThanThreshold',
          alarm_actions: ['${aws_sns_topic.alerts.arn}'],
        },
      },
    },
    output: { bus: { value: '${aws_cloudwatch_event_bus.bus.arn}' } },
  };
}
