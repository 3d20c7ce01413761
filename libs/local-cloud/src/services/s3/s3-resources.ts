import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';
import { block, blocks, optionalBoolean, optionalText, requiredText } from '../sqs/members.ts';
import type { BucketRegistry } from './bucket-registry.ts';
import type { ObjectStore } from './object-store.ts';
import { s3Error } from './s3-error.ts';

/** What the resources of S3 act on. */
export interface S3Administration {
  readonly account: Account;
  readonly runtime: Runtime;
  readonly buckets: BucketRegistry;
  readonly objects: ObjectStore;
}

const KEPT = 'Nobody but callers on this machine can reach a bucket.';
const TAGS = 'Nobody bills one machine by tags.';

/** The Terraform resources of S3. */
export function s3Resources(administration: S3Administration): ResourceType[] {
  const { buckets } = administration;
  return [
    bucketType(administration),
    settingType('aws_s3_bucket_versioning', ['versioning_configuration'], {
      set: (name, args) => {
        const status = optionalText(block(args, 'versioning_configuration') ?? {}, 'status');
        buckets.setVersioned(name, status === 'Enabled');
      },
      unset: (name) => buckets.setVersioned(name, false),
    }),
    settingType('aws_s3_bucket_policy', ['policy'], {
      set: (name, args) => buckets.setPolicy(name, requiredText(args, 'policy')),
      unset: (name) => buckets.setPolicy(name, undefined),
    }),
    settingType('aws_s3_bucket_server_side_encryption_configuration', ['rule'], {
      set: (name, args) => {
        const byDefault =
          block(blocks(args, 'rule')[0] ?? {}, 'apply_server_side_encryption_by_default') ?? {};
        const key = optionalText(byDefault, 'kms_master_key_id');
        buckets.setEncryption(name, optionalText(byDefault, 'sse_algorithm'), key);
      },
      unset: (name) => buckets.setEncryption(name, undefined, undefined),
    }),
    keptType('aws_s3_bucket_public_access_block', KEPT, [
      'block_public_acls',
      'block_public_policy',
      'ignore_public_acls',
      'restrict_public_buckets',
    ]),
    keptType('aws_s3_bucket_ownership_controls', 'There is one account, which owns everything.', ['rule']),
    keptType('aws_s3_bucket_lifecycle_configuration', 'Objects stay until they are deleted.', [
      'rule',
      'transition_default_minimum_object_size',
    ]),
  ];
}

function bucketType({ account, runtime, buckets, objects }: S3Administration): ResourceType {
  const attributes = (name: string): JsonObject => ({
    id: name,
    bucket: name,
    arn: `arn:aws:s3:::${name}`,
    region: account.region,
    bucket_domain_name: `${name}.s3.amazonaws.com`,
    bucket_regional_domain_name: `${name}.s3.${account.region}.amazonaws.com`,
  });
  return {
    type: 'aws_s3_bucket',
    runs: ['bucket', 'force_destroy'],
    accepts: { tags: TAGS, object_lock_enabled: 'Retention is not enforced on one machine.' },
    create(args: JsonObject): JsonObject {
      const name = requiredText(args, 'bucket');
      buckets.create(name, runtime.now());
      return attributes(name);
    },
    update: (args) => attributes(requiredText(args, 'bucket')),
    destroy(state): void {
      const name = requiredText(state.attributes, 'bucket');
      if (optionalBoolean(state.arguments, 'force_destroy') !== true && objects.count(name) > 0) {
        throw s3Error('BucketNotEmpty', 409, `The bucket ${name} is not empty and force_destroy is not set.`);
      }
      objects.removeAll(name);
      buckets.remove(name);
    },
  };
}

/** A resource that is one setting of a bucket. */
function settingType(
  type: string,
  runs: readonly string[],
  setting: { set(name: string, args: JsonObject): void; unset(name: string): void },
): ResourceType {
  const set = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'bucket');
    setting.set(name, args);
    return { id: name };
  };
  return {
    type,
    runs: ['bucket', ...runs],
    accepts: { expected_bucket_owner: 'There is one account.' },
    create: set,
    update: set,
    destroy: (state) => setting.unset(requiredText(state.arguments, 'bucket')),
  };
}

/** A resource that means nothing on one machine but must name a bucket that is there. */
function keptType(type: string, reason: string, accepted: readonly string[]): ResourceType {
  const keep = (args: JsonObject): JsonObject => ({ id: requiredText(args, 'bucket') });
  const reasons: Record<string, JsonValue & string> = {};
  for (const argument of accepted) reasons[argument] = reason;
  return {
    type,
    runs: ['bucket'],
    accepts: { ...reasons, expected_bucket_owner: 'There is one account.' },
    create: keep,
    update: keep,
    destroy: () => undefined,
  };
}
