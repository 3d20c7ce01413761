import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { DataSourceType, ResourceState, ResourceType } from '../../core/resource.ts';
import { optionalBoolean, optionalText, requiredText } from '../sqs/members.ts';
import type { KeyRegistry, KeySpec, KeyUsage } from './key-registry.ts';

const USAGES: ReadonlySet<string> = new Set<KeyUsage>(['ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC']);
const SPECS: ReadonlySet<string> = new Set<KeySpec>([
  'SYMMETRIC_DEFAULT',
  'HMAC_256',
  'HMAC_384',
  'HMAC_512',
]);

/** The Terraform resources of KMS. */
export function kmsResources(keys: KeyRegistry): ResourceType[] {
  return [keyType(keys), keyPolicyType(keys), aliasType(keys)];
}

/** The `aws_kms_alias` and `aws_kms_key` data sources. */
export function kmsSources(keys: KeyRegistry): DataSourceType[] {
  return [
    {
      type: 'aws_kms_alias',
      read(args: JsonObject): JsonObject {
        const name = requiredText(args, 'name');
        const key = keys.get(name);
        const arn = keys.aliasArn(name);
        return { id: arn, arn, name, target_key_arn: key.arn, target_key_id: key.id };
      },
    },
    {
      type: 'aws_kms_key',
      read(args: JsonObject): JsonObject {
        const key = keys.get(requiredText(args, 'key_id'));
        return { id: key.id, arn: key.arn, key_usage: key.usage, key_spec: key.spec };
      },
    },
  ];
}

function keyType(keys: KeyRegistry): ResourceType {
  return {
    type: 'aws_kms_key',
    runs: ['description', 'policy', 'key_usage', 'customer_master_key_spec', 'is_enabled'],
    accepts: {
      bypass_policy_lockout_safety_check: 'The owner is never locked out.',
      deletion_window_in_days: 'A key is destroyed at once.',
      enable_key_rotation: 'The material stays the same; ciphertexts stay readable either way.',
      rotation_period_in_days: 'The material stays the same; ciphertexts stay readable either way.',
      multi_region: 'There is one region.',
      tags: 'Nobody bills one machine by tags.',
    },
    create(args: JsonObject): JsonObject {
      const key = keys.create(settingsOf(args));
      return { id: key.id, key_id: key.id, arn: key.arn };
    },
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const key = keys.get(requiredText(previous.attributes, 'key_id'));
      const settings = settingsOf(args);
      if (settings.usage !== key.usage || settings.spec !== key.spec) {
        throw new AwsError('UnsupportedOperationException', 'The usage of a key cannot be changed.');
      }
      keys.put({ ...key, ...settings });
      return previous.attributes;
    },
    destroy: (state) => keys.remove(requiredText(state.attributes, 'key_id')),
  };
}

function keyPolicyType(keys: KeyRegistry): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const key = keys.get(requiredText(args, 'key_id'));
    keys.put({ ...key, policy: requiredText(args, 'policy') });
    return { id: key.id };
  };
  return {
    type: 'aws_kms_key_policy',
    runs: ['key_id', 'policy'],
    accepts: { bypass_policy_lockout_safety_check: 'The owner is never locked out.' },
    create: put,
    update: put,
    destroy(state): void {
      const key = keys.find(requiredText(state.arguments, 'key_id'));
      if (key !== undefined) keys.put({ ...key, policy: undefined });
    },
  };
}

function aliasType(keys: KeyRegistry): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'name');
    if (!name.startsWith('alias/'))
      throw new AwsError('ValidationException', 'An alias begins with "alias/".');
    const key = keys.get(requiredText(args, 'target_key_id'));
    keys.putAlias(name, key.id);
    return { id: name, name, arn: keys.aliasArn(name), target_key_arn: key.arn };
  };
  return {
    type: 'aws_kms_alias',
    runs: ['name', 'target_key_id'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => keys.removeAlias(requiredText(state.arguments, 'name')),
  };
}

function settingsOf(args: JsonObject): {
  usage: KeyUsage;
  spec: KeySpec;
  enabled: boolean;
  policy: string | undefined;
  description: string;
} {
  const usage = optionalText(args, 'key_usage') ?? 'ENCRYPT_DECRYPT';
  const spec = optionalText(args, 'customer_master_key_spec') ?? 'SYMMETRIC_DEFAULT';
  const fits =
    isUsage(usage) && isSpec(spec) && (usage === 'ENCRYPT_DECRYPT') === (spec === 'SYMMETRIC_DEFAULT');
  if (!fits) {
    throw new AwsError(
      'UnsupportedOperationException',
      `A key ${spec} for ${usage} is not run by the local cloud.`,
    );
  }
  return {
    usage,
    spec,
    enabled: optionalBoolean(args, 'is_enabled') ?? true,
    policy: optionalText(args, 'policy'),
    description: optionalText(args, 'description') ?? '',
  };
}

function isUsage(usage: string): usage is KeyUsage {
  return USAGES.has(usage);
}

function isSpec(spec: string): spec is KeySpec {
  return SPECS.has(spec);
}
