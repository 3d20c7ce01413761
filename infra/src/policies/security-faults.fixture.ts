import { reference } from '../synthesized-stack.ts';
import { adding, type PlantedFault, replacing, setting, without } from './plant.fixture.ts';

const SUBSCRIBER_POLICY = 'aws_iam_role_policy.subscriber-role-policy';

/** Faults of who may do what, and of how data is kept, by the policy that must find each. */
export const SECURITY_FAULTS: Readonly<Record<string, readonly PlantedFault[]>> = {
  'least-privilege': [
    {
      what: 'a wide action',
      owner: 'dedup',
      plant: replacing(SUBSCRIBER_POLICY, 'policy', 'dynamodb:PutItem', 'dynamodb:*'),
      address: SUBSCRIBER_POLICY,
    },
    {
      what: 'every resource',
      owner: 'dedup',
      plant: replacing(
        SUBSCRIBER_POLICY,
        'policy',
        JSON.stringify(reference('aws_sqs_queue.queue.arn')),
        '"*"',
      ),
      address: SUBSCRIBER_POLICY,
    },
    {
      what: 'resources of a kind',
      owner: 'dedup',
      plant: replacing(
        SUBSCRIBER_POLICY,
        'policy',
        JSON.stringify(reference('aws_sqs_queue.queue.arn')),
        '"arn:aws:sqs:eu-west-2:000000000000:payments-*"',
      ),
      address: SUBSCRIBER_POLICY,
    },
    {
      what: 'every resource beside what belongs to none',
      owner: 'dedup',
      plant: replacing(
        SUBSCRIBER_POLICY,
        'policy',
        '"xray:PutTraceSegments"',
        '"xray:PutTraceSegments","sqs:DeleteQueue"',
      ),
      address: SUBSCRIBER_POLICY,
    },
    {
      what: 'whatever is not named',
      owner: 'dedup',
      plant: replacing(
        SUBSCRIBER_POLICY,
        'policy',
        '"Action":["sqs:ReceiveMessage"',
        '"NotAction":["sqs:ReceiveMessage"',
      ),
      address: SUBSCRIBER_POLICY,
    },
    {
      what: 'a policy that lies elsewhere',
      owner: 'dedup',
      plant: adding('aws_iam_policy.further', {
        name: 'payments-local-dedup-further',
        policy: reference('data.aws_iam_policy_document.further.json'),
      }),
      address: 'aws_iam_policy.further',
    },
    {
      what: "a policy of AWS's own",
      owner: 'dedup',
      plant: adding('aws_iam_role_policy_attachment.further', {
        role: reference('aws_iam_role.subscriber-role.name'),
        policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
      address: 'aws_iam_role_policy_attachment.further',
    },
  ],
  'public-access': [
    {
      what: 'a topic that everyone may publish to',
      owner: 'platform',
      plant: replacing(
        'aws_sns_topic_policy.alarms-policy',
        'policy',
        '{"Service":"cloudwatch.amazonaws.com"}',
        '{"AWS":"*"}',
      ),
      address: 'aws_sns_topic_policy.alarms-policy',
    },
    {
      what: 'a role that everyone may take',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role.subscriber-role',
        'assume_role_policy',
        '{"Service":"lambda.amazonaws.com"}',
        '"*"',
      ),
      address: 'aws_iam_role.subscriber-role',
    },
    {
      what: 'a bucket that may be made public',
      owner: 'dedup',
      plant: setting('aws_s3_bucket_public_access_block.parked-public-access', 'block_public_policy', false),
      address: 'aws_s3_bucket.parked',
    },
    {
      what: 'a bucket of which others own the objects',
      owner: 'dedup',
      plant: without('aws_s3_bucket_ownership_controls.parked-ownership'),
      address: 'aws_s3_bucket.parked',
    },
    {
      what: 'a URL that takes what nobody signed',
      owner: 'ingest',
      plant: setting('aws_lambda_function_url.api-url', 'authorization_type', 'NONE'),
      address: 'aws_lambda_function_url.api-url',
    },
  ],
  encryption: [
    ...(
      [
        ['a queue', 'dedup', 'aws_sqs_queue.queue', 'kms_master_key_id'],
        ['a topic', 'platform', 'aws_sns_topic.alarms', 'kms_master_key_id'],
        ['a table', 'dedup', 'aws_dynamodb_table.seen-transactions', 'server_side_encryption'],
        ['a log group', 'dedup', 'aws_cloudwatch_log_group.subscriber-logs', 'kms_key_id'],
        ['the bus', 'platform', 'aws_cloudwatch_event_bus.bus', 'kms_key_identifier'],
        ['the archive', 'platform', 'aws_cloudwatch_event_archive.archive', 'kms_key_identifier'],
        ['a workflow', 'rules', 'aws_sfn_state_machine.workflow', 'encryption_configuration'],
        ["a function's environment", 'dedup', 'aws_lambda_function.subscriber', 'kms_key_arn'],
        ['a pipe', 'dedup', 'aws_pipes_pipe.log', 'kms_key_identifier'],
        ['a schedule', 'posting', 'aws_scheduler_schedule.age-sequences', 'kms_key_arn'],
      ] as const
    ).map(([what, owner, address, argument]) => ({
      what: `${what} in the clear`,
      owner,
      plant: setting(address, argument, undefined),
      address,
    })),
    {
      what: 'a bucket in the clear',
      owner: 'dedup',
      plant: without('aws_s3_bucket_server_side_encryption_configuration.parked-encryption'),
      address: 'aws_s3_bucket.parked',
    },
    {
      what: 'a queue with a key of its own',
      owner: 'ingest',
      plant: setting('aws_sqs_queue.queue', 'kms_master_key_id', reference('aws_kms_key.vault-key.arn')),
      address: 'aws_sqs_queue.queue',
    },
    {
      what: "another environment's key",
      owner: 'platform',
      plant: setting('aws_kms_alias.key-alias', 'name', 'alias/payments-dev'),
      address: 'aws_kms_alias.key-alias',
    },
  ],
  'key-policies': [
    {
      what: 'a key that is never renewed',
      owner: 'platform',
      plant: setting('aws_kms_key.key', 'enable_key_rotation', false),
      address: 'aws_kms_key.key',
    },
    {
      what: 'a key with a wide action',
      owner: 'platform',
      plant: replacing('aws_kms_key.key', 'policy', 'kms:CreateGrant', 'kms:*'),
      address: 'aws_kms_key.key',
    },
    {
      what: 'a key that a service uses for any account',
      owner: 'platform',
      plant: replacing(
        'aws_kms_key.key',
        'policy',
        '{"StringEquals":{"aws:SourceAccount":"000000000000"}}',
        '{}',
      ),
      address: 'aws_kms_key.key',
    },
    {
      what: "a key with AWS's own policy",
      owner: 'ingest',
      plant: setting('aws_kms_key.vault-key', 'policy', undefined),
      address: 'aws_kms_key.vault-key',
    },
  ],
  transport: [
    {
      what: 'a queue that takes calls without TLS',
      owner: 'dedup',
      plant: replacing('aws_sqs_queue_policy.queue-policy', 'policy', '"false"', '"true"'),
      address: 'aws_sqs_queue.queue',
    },
    {
      what: 'a topic without a policy',
      owner: 'platform',
      plant: without('aws_sns_topic_policy.notifications-policy'),
      address: 'aws_sns_topic.notifications',
    },
    {
      what: 'a bucket without a policy',
      owner: 'dedup',
      plant: without('aws_s3_bucket_policy.parked-policy'),
      address: 'aws_s3_bucket.parked',
    },
  ],
  'data-protection': [
    {
      what: 'a table that cannot be restored',
      owner: 'posting',
      plant: setting('aws_dynamodb_table.ledger', 'point_in_time_recovery.enabled', false),
      address: 'aws_dynamodb_table.ledger',
    },
    {
      what: 'a table that is not protected as the environment says',
      owner: 'posting',
      plant: setting('aws_dynamodb_table.ledger', 'deletion_protection_enabled', true),
      address: 'aws_dynamodb_table.ledger',
    },
    {
      what: 'a bucket that is not protected as the environment says',
      owner: 'dedup',
      plant: setting('aws_s3_bucket.parked', 'force_destroy', false),
      address: 'aws_s3_bucket.parked',
    },
    {
      what: 'a bucket without versions',
      owner: 'dedup',
      plant: without('aws_s3_bucket_versioning.parked-versioning'),
      address: 'aws_s3_bucket.parked',
    },
    {
      what: 'a bucket that keeps everything',
      owner: 'dedup',
      plant: without('aws_s3_bucket_lifecycle_configuration.parked-lifecycle'),
      address: 'aws_s3_bucket.parked',
    },
  ],
};
