import { firstBlock } from '../synthesized-stack.ts';
import { companionOf } from './access-policies.ts';
import type { Fault, Policy } from './policy.ts';

/** What was booked must outlive a mistake. */
export const DATA_PROTECTION: Policy = {
  name: 'data-protection',
  demands:
    'Tables can be restored to any second; buckets keep versions and forget in time; both are protected from deletion where the environment protects data.',
  source: 'DynamoDB developer guide, "Point-in-time backups" and "Using deletion protection"',
  check: ({ stack, environment: { protectData } }) => {
    const faults: Fault[] = [];
    for (const [id, table] of stack.resources('aws_dynamodb_table')) {
      const address = `aws_dynamodb_table.${id}`;
      if (firstBlock(table['point_in_time_recovery'])['enabled'] !== true)
        faults.push({
          address,
          wrong: 'cannot be restored to a point in time',
          remedy: 'Enable point_in_time_recovery, as StageTable does.',
        });
      if (table['deletion_protection_enabled'] !== protectData)
        faults.push({
          address,
          wrong: 'is not protected from deletion as the environment says',
          remedy: `Set deletion_protection_enabled to ${protectData}, the environment's protectData.`,
        });
    }
    for (const [id, bucket] of stack.resources('aws_s3_bucket')) {
      const address = `aws_s3_bucket.${id}`;
      if (bucket['force_destroy'] !== !protectData)
        faults.push({
          address,
          wrong: 'is not protected from deletion as the environment says',
          remedy: `Set force_destroy to ${!protectData}, the opposite of the environment's protectData.`,
        });
      const versioning = companionOf(stack, 'aws_s3_bucket_versioning', id);
      if (firstBlock(versioning?.['versioning_configuration'])['status'] !== 'Enabled')
        faults.push({
          address,
          wrong: 'keeps no versions',
          remedy: 'Enable versioning, as StageBucket does.',
        });
      if (companionOf(stack, 'aws_s3_bucket_lifecycle_configuration', id) === undefined)
        faults.push({
          address,
          wrong: 'keeps what it holds for ever',
          remedy: 'Give it a lifecycle, as StageBucket does.',
        });
    }
    return faults;
  },
};

/** Logs are needed for as long as somebody may ask, and a liability after that. */
export const LOG_RETENTION: Policy = {
  name: 'log-retention',
  demands:
    'Every function and workflow logs to a group of ours, and every group forgets as the environment says.',
  source: 'CloudWatch Logs user guide, "Change log data retention in CloudWatch Logs"',
  check: ({ stack, environment: { logRetentionDays } }) => {
    const faults: Fault[] = [];
    const groups = stack.resources('aws_cloudwatch_log_group');
    const names = new Set([...groups.values()].map(({ name }) => name));
    for (const [id, { retention_in_days }] of groups) {
      if (retention_in_days === logRetentionDays) continue;
      faults.push({
        address: `aws_cloudwatch_log_group.${id}`,
        wrong: `keeps logs for ${String(retention_in_days ?? 'ever')} days`,
        remedy: `Set retention_in_days to ${logRetentionDays}, the environment's logRetentionDays.`,
      });
    }
    for (const [id, { function_name }] of stack.resources('aws_lambda_function')) {
      if (names.has(`/aws/lambda/${String(function_name)}`)) continue;
      faults.push({
        address: `aws_lambda_function.${id}`,
        wrong: 'has no log group: Lambda would make one that keeps everything, without our key',
        remedy: `Make the group /aws/lambda/${String(function_name)}, as StageFunction does.`,
      });
    }
    for (const [id, machine] of stack.resources('aws_sfn_state_machine')) {
      const { log_destination, include_execution_data } = firstBlock(machine['logging_configuration']);
      if (log_destination !== undefined && include_execution_data !== true) continue;
      faults.push({
        address: `aws_sfn_state_machine.${id}`,
        wrong: 'logs nowhere, or logs what it was given, which is data of customers',
        remedy: 'Log errors without execution data to a group of ours, as StageWorkflow does.',
      });
    }
    return faults;
  },
};
