import type { Environment } from '@payments/schemas';
import { firstBlock, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';

const BUCKET_COMPANIONS = [
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_versioning',
];

/** What holds data is encrypted by our key, restorable where it counts, closed, and forgets in time. */
export function encryptionProblems(stack: SynthesizedStack, environment: Environment): readonly string[] {
  const problems: string[] = [];
  for (const [id, table] of stack.resources('aws_dynamodb_table')) {
    if (firstBlock(table['server_side_encryption'])['kms_key_arn'] === undefined) {
      problems.push(`the table ${id} is not encrypted by our key`);
    }
    if (firstBlock(table['point_in_time_recovery'])['enabled'] !== true) {
      problems.push(`the table ${id} cannot be restored to a point in time`);
    }
    if (table['deletion_protection_enabled'] !== environment.protectData) {
      problems.push(`the table ${id} is not protected as the environment says`);
    }
  }
  for (const [id, group] of stack.resources('aws_cloudwatch_log_group')) {
    if (group['kms_key_id'] === undefined) problems.push(`the log group ${id} is not encrypted by our key`);
    if (group['retention_in_days'] !== environment.logRetentionDays) {
      problems.push(`the log group ${id} does not forget as the environment says`);
    }
  }
  for (const [id, topic] of stack.resources('aws_sns_topic')) {
    if (topic['kms_master_key_id'] === undefined)
      problems.push(`the topic ${id} is not encrypted by our key`);
  }
  for (const [id, key] of stack.resources('aws_kms_key')) {
    if (key['enable_key_rotation'] !== true) problems.push(`the key ${id} is not renewed`);
    if (key['policy'] === undefined) problems.push(`the key ${id} has no policy of its own`);
  }
  return [...problems, ...bucketProblems(stack, environment)];
}

function bucketProblems(stack: SynthesizedStack, environment: Environment): readonly string[] {
  const problems: string[] = [];
  for (const [id, bucket] of stack.resources('aws_s3_bucket')) {
    if (bucket['force_destroy'] !== !environment.protectData) {
      problems.push(`the bucket ${id} is not protected as the environment says`);
    }
    for (const type of BUCKET_COMPANIONS) {
      const companions = [...stack.resources(type).values()];
      if (!companions.some((companion) => referenceTo(companion['bucket'], 'aws_s3_bucket') === id)) {
        problems.push(`the bucket ${id} has no ${type}`);
      }
    }
  }
  return problems;
}
