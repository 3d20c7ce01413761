/**
 * The arguments that cannot be changed in place: Terraform destroys the resource and makes another. The
 * first one names the resource, and no two resources of a type may have the same.
 * Source: the AWS provider's schemas, `ForceNew`.
 */
const FORCE_NEW: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_composite_alarm: ['alarm_name'],
  aws_cloudwatch_dashboard: ['dashboard_name'],
  aws_cloudwatch_event_archive: ['name', 'event_source_arn'],
  aws_cloudwatch_event_bus: ['name'],
  aws_cloudwatch_event_rule: ['name', 'event_bus_name'],
  aws_cloudwatch_event_target: ['target_id', 'rule', 'event_bus_name'],
  aws_cloudwatch_log_group: ['name'],
  aws_cloudwatch_metric_alarm: ['alarm_name'],
  aws_dynamodb_table: ['name', 'hash_key', 'range_key'],
  aws_iam_policy: ['name', 'path'],
  aws_iam_role: ['name', 'path'],
  aws_iam_role_policy: ['name', 'role'],
  aws_iam_role_policy_attachment: ['policy_arn', 'role'],
  aws_kms_alias: ['name'],
  aws_lambda_event_source_mapping: ['', 'event_source_arn', 'starting_position'],
  aws_lambda_function: ['function_name', 'package_type'],
  aws_lambda_permission: [
    'statement_id',
    'function_name',
    'action',
    'principal',
    'source_arn',
    'source_account',
  ],
  aws_pipes_pipe: ['name', 'source'],
  aws_s3_bucket: ['bucket'],
  aws_scheduler_schedule: ['name', 'group_name'],
  aws_scheduler_schedule_group: ['name'],
  aws_schemas_registry: ['name'],
  aws_schemas_schema: ['name', 'registry_name'],
  aws_sfn_state_machine: ['name', 'type'],
  aws_sns_topic: ['name', 'fifo_topic'],
  aws_sns_topic_subscription: ['', 'topic_arn', 'protocol', 'endpoint'],
  aws_sqs_queue: ['name', 'fifo_queue'],
};

/** The types whose first argument names them only together with others. */
const NAMED_WITHIN: ReadonlySet<string> = new Set([
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_lambda_permission',
  'aws_scheduler_schedule',
  'aws_schemas_schema',
]);

/** True when a change of the argument means another resource. */
export function forcesReplacement(type: string, argument: string): boolean {
  return FORCE_NEW[type]?.includes(argument) ?? false;
}

/** The arguments that together name a resource of the type in the account, or none when AWS names it. */
export function namingArguments(type: string): readonly string[] {
  const [name, ...others] = FORCE_NEW[type] ?? [];
  if (name === undefined || name === '') return [];
  return NAMED_WITHIN.has(type) ? [name, ...others] : [name];
}
