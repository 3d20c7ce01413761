import {
  adding,
  type Draft,
  notConsumed,
  type PlantedFault,
  replacing,
  setting,
  without,
} from './plant.fixture.ts';

const FUNCTION = 'aws_lambda_function.subscriber';

/** Faults of what a stack says and is named, by the policy that must find each. */
export const DECLARATION_FAULTS: Readonly<Record<string, readonly PlantedFault[]>> = {
  'event-patterns': [
    {
      what: 'an archive that keeps nothing',
      owner: 'platform',
      plant: replacing('aws_cloudwatch_event_archive.archive', 'event_pattern', 'payments.', 'payment.'),
      address: 'aws_cloudwatch_event_archive.archive',
    },
    {
      what: 'a rule for an event that nobody emits',
      owner: 'dedup',
      plant: adding('aws_cloudwatch_event_rule.second', {
        name: 'payments-local-dedup-second',
        event_bus_name: 'payments-local-platform-bus',
        event_pattern: '{"source":["payments.dedup"],"detail-type":["TransactionAuthorised"]}',
      }),
      address: 'aws_cloudwatch_event_rule.second',
    },
    {
      what: 'a rule that looks into the event',
      owner: 'dedup',
      plant: adding('aws_cloudwatch_event_rule.second', {
        name: 'payments-local-dedup-second',
        event_bus_name: 'payments-local-platform-bus',
        event_pattern: '{"detail":{"outcome":["APPROVED"]}}',
      }),
      address: 'aws_cloudwatch_event_rule.second',
    },
  ],
  subscriptions: [
    {
      what: 'a rule that leaves out an event of the declaration',
      owner: 'reconcile',
      plant: replacing('aws_cloudwatch_event_rule.subscription', 'event_pattern', '"HoldChanged"', '"Held"'),
      address: 'packages/reconcile/src/stage.ts',
    },
    {
      what: 'a rule that hears more than the declaration says',
      owner: 'enrich',
      plant: setting(
        'aws_cloudwatch_event_rule.subscription',
        'event_pattern',
        '{"source":["payments.standardize","payments.rules"]}',
      ),
      address: 'packages/enrich/src/stage.ts',
    },
  ],
  'emitted-events': [
    {
      what: 'an event that nobody consumes any more',
      owner: 'enrich',
      plant: notConsumed('TransactionEnriched'),
      address: 'packages/enrich/src/stage.ts',
    },
  ],
  'put-events': [
    {
      what: 'another source',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role_policy.subscriber-role-policy',
        'policy',
        '"events:source":"payments.dedup"',
        '"events:source":"payments.posting"',
      ),
      address: 'aws_iam_role_policy.subscriber-role-policy',
    },
    {
      what: 'an event that the stage does not declare',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role_policy.subscriber-role-policy',
        'policy',
        '"DuplicateTransactionParked"',
        '"TransactionPosted"',
      ),
      address: 'aws_iam_role_policy.subscriber-role-policy',
    },
    {
      what: 'no condition on the event',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role_policy.subscriber-role-policy',
        'policy',
        '"events:detail-type"',
        '"aws:PrincipalTag/x"',
      ),
      address: 'aws_iam_role_policy.subscriber-role-policy',
    },
    {
      what: 'another bus',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role_policy.subscriber-role-policy',
        'policy',
        'event-bus/payments-local-platform-bus',
        'event-bus/default',
      ),
      address: 'aws_iam_role_policy.subscriber-role-policy',
    },
  ],
  'log-retention': [
    {
      what: 'logs that are kept too long',
      owner: 'dedup',
      plant: setting('aws_cloudwatch_log_group.subscriber-logs', 'retention_in_days', 400),
      address: 'aws_cloudwatch_log_group.subscriber-logs',
    },
    {
      what: 'a function without a log group',
      owner: 'dedup',
      plant: without('aws_cloudwatch_log_group.subscriber-logs'),
      address: FUNCTION,
    },
    {
      what: 'a workflow that logs what it was given',
      owner: 'rules',
      plant: setting('aws_sfn_state_machine.workflow', 'logging_configuration.include_execution_data', true),
      address: 'aws_sfn_state_machine.workflow',
    },
  ],
  tracing: [
    {
      what: 'a function without traces',
      owner: 'dedup',
      plant: setting(FUNCTION, 'tracing_config', undefined),
      address: FUNCTION,
    },
    {
      what: 'a workflow without traces',
      owner: 'rules',
      plant: setting('aws_sfn_state_machine.workflow', 'tracing_configuration.enabled', false),
      address: 'aws_sfn_state_machine.workflow',
    },
  ],
  runtime: [
    {
      what: 'another Node',
      owner: 'dedup',
      plant: setting(FUNCTION, 'runtime', 'nodejs22.x'),
      address: FUNCTION,
    },
    {
      what: 'another processor',
      owner: 'dedup',
      plant: setting(FUNCTION, 'architectures', ['x86_64']),
      address: FUNCTION,
    },
    {
      what: 'a path of a machine',
      owner: 'dedup',
      plant: setting(FUNCTION, 'filename', '/home/me/handler.zip'),
      address: FUNCTION,
    },
  ],
  'function-variables': [
    {
      what: 'a variable that is missing',
      owner: 'dedup',
      plant: setting(FUNCTION, 'environment.variables.PARKED_BUCKET', undefined),
      address: FUNCTION,
    },
    {
      what: 'a variable that nobody declared',
      owner: 'dedup',
      plant: setting(FUNCTION, 'environment.variables.DEBUG', '1'),
      address: FUNCTION,
    },
    {
      what: 'another log level',
      owner: 'dedup',
      plant: setting(FUNCTION, 'environment.variables.LOG_LEVEL', 'debug'),
      address: FUNCTION,
    },
  ],
  tags: [
    {
      what: 'no tag of the environment',
      owner: 'dedup',
      plant: inProvider('default_tags', [
        { tags: { system: 'payments', stage: 'dedup', managedBy: 'terraform' } },
      ]),
      address: 'provider.aws',
    },
    {
      what: 'a table that says it is of another stage',
      owner: 'dedup',
      plant: setting('aws_dynamodb_table.seen-transactions', 'tags', { stage: 'posting' }),
      address: 'aws_dynamodb_table.seen-transactions',
    },
  ],
  'environment-names': [
    {
      what: 'the name of another environment',
      owner: 'dedup',
      plant: setting('aws_dynamodb_table.seen-transactions', 'name', 'payments-dev-dedup-seen-transactions'),
      address: 'aws_dynamodb_table.seen-transactions',
    },
    {
      what: 'an address that names the environment',
      owner: 'dedup',
      plant: adding('aws_s3_bucket_notification.parked-local', {}),
      address: 'aws_s3_bucket_notification.parked-local',
    },
    {
      what: 'an ARN of another account',
      owner: 'dedup',
      plant: replacing(
        'aws_iam_role_policy.subscriber-role-policy',
        'policy',
        '"sqs:DeleteMessage"],"Resource":[',
        '"sqs:DeleteMessage"],"Resource":["arn:aws:sqs:eu-west-2:111122223333:queue",',
      ),
      address: 'aws_iam_role_policy.subscriber-role-policy',
    },
    {
      what: 'another region',
      owner: 'dedup',
      plant: inProvider('region', 'us-east-1'),
      address: 'provider.aws',
    },
    {
      what: 'the state of another stack',
      owner: 'dedup',
      plant: ({ document }) => {
        document['terraform'] = { backend: { local: { path: 'posting.tfstate' } } };
      },
      address: 'terraform.backend',
    },
  ],
};

function inProvider(argument: string, value: unknown): (draft: Draft) => void {
  return ({ document }) => {
    const [provider] = (document['provider'] as { aws: Record<string, unknown>[] }).aws;
    if (provider?.[argument] === undefined) throw new Error(`the provider has no ${argument}`);
    provider[argument] = value;
  };
}
