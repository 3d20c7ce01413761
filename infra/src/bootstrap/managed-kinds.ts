import type { Environment } from '@payments/schemas';
import type { Conditions } from '../iam-policy.ts';
import { arnOf } from '../names.ts';
import { allNamed, allUnnamed, type ManagedKind, namePrefix } from './ci-permission.ts';

// The actions that the AWS provider calls for each type, by its source (hashicorp/terraform-provider-aws 6.25,
// internal/service) and the Service Authorization Reference. A type that no kind names fails the tests.

const TAGGING = ['TagResource', 'UntagResource'];

function of(service: string, ...actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${service}:${action}`);
}

/** The kinds of which an environment has many; keys and roles, with conditions of their own, are elsewhere. */
export const MANAGED_KINDS: readonly ManagedKind[] = [
  {
    name: 'Queues',
    types: ['aws_sqs_queue', 'aws_sqs_queue_policy'],
    read: of('sqs', 'GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'),
    write: of('sqs', 'CreateQueue', 'DeleteQueue', 'SetQueueAttributes', 'TagQueue', 'UntagQueue'),
    resources: allNamed('sqs'),
  },
  {
    name: 'Topics',
    types: ['aws_sns_topic', 'aws_sns_topic_policy'],
    read: of('sns', 'GetTopicAttributes', 'ListTagsForResource'),
    write: of('sns', 'CreateTopic', 'DeleteTopic', 'SetTopicAttributes', ...TAGGING),
    resources: allNamed('sns'),
  },
  {
    name: 'Events',
    types: [
      'aws_cloudwatch_event_archive',
      'aws_cloudwatch_event_bus',
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_event_target',
    ],
    read: of(
      'events',
      'DescribeArchive',
      'DescribeEventBus',
      'DescribeRule',
      'ListTagsForResource',
      'ListTargetsByRule',
    ),
    write: of(
      'events',
      'CreateArchive',
      'CreateEventBus',
      'DeleteArchive',
      'DeleteEventBus',
      'DeleteRule',
      'DisableRule',
      'EnableRule',
      'PutRule',
      'PutTargets',
      'RemoveTargets',
      'UpdateArchive',
      'UpdateEventBus',
      ...TAGGING,
    ),
    resources: (environment) =>
      ['archive/', 'event-bus/', 'rule/'].flatMap((kind) => allNamed('events', kind)(environment)),
  },
  {
    name: 'Pipes',
    types: ['aws_pipes_pipe'],
    read: of('pipes', 'DescribePipe', 'ListTagsForResource'),
    write: of('pipes', 'CreatePipe', 'DeletePipe', 'StartPipe', 'StopPipe', 'UpdatePipe', ...TAGGING),
    resources: allNamed('pipes', 'pipe/'),
  },
  {
    name: 'Schedules',
    types: ['aws_scheduler_schedule'],
    read: of('scheduler', 'GetSchedule'),
    write: of('scheduler', 'CreateSchedule', 'DeleteSchedule', 'UpdateSchedule'),
    resources: allNamed('scheduler', 'schedule/default/'),
  },
  {
    name: 'Contracts',
    types: ['aws_schemas_registry', 'aws_schemas_schema'],
    read: of('schemas', 'DescribeRegistry', 'DescribeSchema', 'ListTagsForResource'),
    write: of(
      'schemas',
      'CreateRegistry',
      'CreateSchema',
      'DeleteRegistry',
      'DeleteSchema',
      'UpdateRegistry',
      'UpdateSchema',
      ...TAGGING,
    ),
    resources: (environment) =>
      ['registry/', 'schema/'].flatMap((kind) => allNamed('schemas', kind)(environment)),
  },
  {
    name: 'Workflows',
    types: ['aws_sfn_state_machine'],
    read: of('states', 'DescribeStateMachine', 'ListStateMachineVersions', 'ListTagsForResource'),
    write: of('states', 'CreateStateMachine', 'DeleteStateMachine', 'UpdateStateMachine', ...TAGGING),
    resources: allNamed('states', 'stateMachine:'),
  },
  {
    name: 'Functions',
    types: ['aws_lambda_function', 'aws_lambda_function_url', 'aws_lambda_permission'],
    read: of(
      'lambda',
      'GetFunction',
      'GetFunctionCodeSigningConfig',
      'GetFunctionConcurrency',
      'GetFunctionConfiguration',
      'GetFunctionUrlConfig',
      'GetPolicy',
      'ListTags',
      'ListVersionsByFunction',
    ),
    write: of(
      'lambda',
      'AddPermission',
      'CreateFunction',
      'CreateFunctionUrlConfig',
      'DeleteFunction',
      'DeleteFunctionConcurrency',
      'DeleteFunctionUrlConfig',
      'PutFunctionConcurrency',
      'RemovePermission',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'UpdateFunctionUrlConfig',
      ...TAGGING,
    ),
    resources: allNamed('lambda', 'function:'),
  },
  {
    // A mapping is named by AWS; whose function it feeds is a condition.
    name: 'Mappings',
    types: ['aws_lambda_event_source_mapping'],
    read: of('lambda', 'GetEventSourceMapping'),
    write: of('lambda', 'CreateEventSourceMapping', 'DeleteEventSourceMapping', 'UpdateEventSourceMapping'),
    resources: allUnnamed('lambda', 'event-source-mapping:'),
    conditions: feedsOurs,
  },
  {
    // Lambda takes no condition on the function here; tags of a mapping give nobody anything.
    name: 'MappingTags',
    types: [],
    read: of('lambda', 'ListTags'),
    write: of('lambda', ...TAGGING),
    resources: allUnnamed('lambda', 'event-source-mapping:'),
  },
  {
    name: 'LogGroups',
    types: ['aws_cloudwatch_log_group'],
    read: of('logs', 'ListTagsForResource'),
    write: of(
      'logs',
      'AssociateKmsKey',
      'CreateLogGroup',
      'DeleteLogGroup',
      'DeleteRetentionPolicy',
      'DisassociateKmsKey',
      'PutRetentionPolicy',
      ...TAGGING,
    ),
    resources: (environment) =>
      ['/aws/lambda/', '/aws/vendedlogs/states/'].flatMap((group) =>
        allNamed('logs', `log-group:${group}`)(environment),
      ),
  },
  {
    name: 'Alarms',
    types: ['aws_cloudwatch_dashboard', 'aws_cloudwatch_metric_alarm'],
    read: of('cloudwatch', 'DescribeAlarms', 'GetDashboard', 'ListTagsForResource'),
    write: of('cloudwatch', 'DeleteAlarms', 'DeleteDashboards', 'PutDashboard', 'PutMetricAlarm', ...TAGGING),
    resources: (environment) => [
      ...allNamed('cloudwatch', 'alarm:')(environment),
      // Dashboards belong to no region.
      `arn:aws:cloudwatch::${environment.accountId}:dashboard/${namePrefix(environment)}*`,
    ],
  },
  {
    name: 'Tables',
    types: ['aws_dynamodb_table'],
    read: of(
      'dynamodb',
      'DescribeContinuousBackups',
      'DescribeTable',
      'DescribeTimeToLive',
      'ListTagsOfResource',
    ),
    write: of(
      'dynamodb',
      'CreateTable',
      'DeleteTable',
      'UpdateContinuousBackups',
      'UpdateTable',
      'UpdateTimeToLive',
      ...TAGGING,
    ),
    resources: allNamed('dynamodb', 'table/'),
  },
  {
    name: 'Buckets',
    types: [
      'aws_s3_bucket',
      'aws_s3_bucket_lifecycle_configuration',
      'aws_s3_bucket_notification',
      'aws_s3_bucket_ownership_controls',
      'aws_s3_bucket_policy',
      'aws_s3_bucket_public_access_block',
      'aws_s3_bucket_server_side_encryption_configuration',
      'aws_s3_bucket_versioning',
    ],
    read: of(
      's3',
      'GetAccelerateConfiguration',
      'GetBucketAcl',
      'GetBucketCORS',
      'GetBucketLocation',
      'GetBucketLogging',
      'GetBucketNotification',
      'GetBucketObjectLockConfiguration',
      'GetBucketOwnershipControls',
      'GetBucketPolicy',
      'GetBucketPublicAccessBlock',
      'GetBucketRequestPayment',
      'GetBucketTagging',
      'GetBucketVersioning',
      'GetBucketWebsite',
      'GetEncryptionConfiguration',
      'GetLifecycleConfiguration',
      'GetReplicationConfiguration',
      'ListBucket',
      'ListTagsForResource',
    ),
    write: of(
      's3',
      'CreateBucket',
      'DeleteBucket',
      'DeleteBucketPolicy',
      'PutBucketNotification',
      'PutBucketOwnershipControls',
      'PutBucketPolicy',
      'PutBucketPublicAccessBlock',
      'PutBucketTagging',
      'PutBucketVersioning',
      'PutEncryptionConfiguration',
      'PutLifecycleConfiguration',
      ...TAGGING,
    ),
    resources: (environment) => [`arn:aws:s3:::${namePrefix(environment)}*`],
  },
];

/** Reading that AWS lets be allowed for all resources alone (Service Authorization Reference). */
export const READ_OF_NO_RESOURCE: readonly string[] = [
  'kms:ListAliases',
  'logs:DescribeLogGroups',
  'states:ValidateStateMachineDefinition',
];

function feedsOurs(environment: Environment): Conditions {
  return {
    ArnLike: {
      'lambda:FunctionArn': arnOf(environment, 'lambda', `function:${namePrefix(environment)}*`),
    },
  };
}
