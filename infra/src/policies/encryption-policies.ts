import { keyAlias } from '../names.ts';
import {
  type Arguments,
  firstBlock,
  reference,
  referenceTo,
  type SynthesizedStack,
} from '../synthesized-stack.ts';
import type { CheckedStack, Fault, Policy } from './policy.ts';
import { allowedBy, readStatements } from './statements.ts';

/** Where each type of resource that holds data names its key. */
const KEYS: readonly (readonly [type: string, argument: string, read: (args: Arguments) => unknown])[] = [
  ['aws_cloudwatch_event_archive', 'kms_key_identifier', (args) => args['kms_key_identifier']],
  ['aws_cloudwatch_event_bus', 'kms_key_identifier', (args) => args['kms_key_identifier']],
  ['aws_cloudwatch_log_group', 'kms_key_id', (args) => args['kms_key_id']],
  [
    'aws_dynamodb_table',
    'server_side_encryption.kms_key_arn',
    (args) => firstBlock(args['server_side_encryption'])['kms_key_arn'],
  ],
  ['aws_lambda_function', 'kms_key_arn', (args) => args['kms_key_arn']],
  ['aws_pipes_pipe', 'kms_key_identifier', (args) => args['kms_key_identifier']],
  ['aws_scheduler_schedule', 'kms_key_arn', (args) => args['kms_key_arn']],
  [
    'aws_sfn_state_machine',
    'encryption_configuration.kms_key_id',
    (args) => firstBlock(args['encryption_configuration'])['kms_key_id'],
  ],
  ['aws_sns_topic', 'kms_master_key_id', (args) => args['kms_master_key_id']],
  ['aws_sqs_queue', 'kms_master_key_id', (args) => args['kms_master_key_id']],
];

const PLATFORM_KEY = 'key';
const PLATFORM_KEY_IN_STAGE = 'platform-key';

/** Whoever may not use the key reads nothing, whatever else he may. */
export const ENCRYPTION: Policy = {
  name: 'encryption',
  demands:
    "Queues, topics, buckets, tables, logs, bus, archive, workflow, pipes, schedules and functions' environments are encrypted by the environment's one customer-managed key.",
  source: 'AWS Well-Architected, security pillar, SEC08-BP02',
  check: (checked) => {
    const key = keyOf(checked);
    const faults: Fault[] = [];
    const hold = (address: string, argument: string, given: unknown): void => {
      if (given === key) return;
      faults.push({
        address,
        wrong: "is not encrypted by the environment's key",
        remedy: `Set ${argument} to the stack's keyArn.`,
      });
    };
    for (const [type, argument, read] of KEYS)
      for (const [id, args] of checked.stack.resources(type)) hold(`${type}.${id}`, argument, read(args));
    for (const id of checked.stack.resources('aws_s3_bucket').keys())
      hold(`aws_s3_bucket.${id}`, 'its encryption (StageBucket)', bucketKey(checked.stack, id));
    return [...faults, ...aliasFaults(checked)];
  },
};

/** A key that is wide, or never renewed, is one for everybody. */
export const KEY_POLICIES: Policy = {
  name: 'key-policies',
  demands:
    'A key is renewed every year and has a policy of its own, which lets the account grant named actions and services use it for this account alone.',
  source: 'KMS developer guide, "Key policies in AWS KMS"',
  check: ({ stack, environment }) => {
    const faults: Fault[] = [];
    for (const [id, key] of stack.resources('aws_kms_key')) {
      const address = `aws_kms_key.${id}`;
      const fault = (wrong: string, remedy: string): number => faults.push({ address, wrong, remedy });
      if (key['enable_key_rotation'] !== true)
        fault('is never renewed', 'Set enable_key_rotation, as CustomerKey does.');
      if (readStatements(key['policy']) === undefined) {
        fault('has no policy of its own', 'Make it with CustomerKey.');
        continue;
      }
      for (const { sid, actions, principal, conditions, isInverted } of allowedBy(key['policy'])) {
        const wide = isInverted ? 'what it does not name' : actions.find((action) => action.includes('*'));
        if (wide !== undefined) fault(`allows ${wide} in ${sid}`, 'Name the actions one by one.');
        const isAccount = JSON.stringify(principal ?? null).includes(`:${environment.accountId}:root`);
        if (!isAccount && !JSON.stringify(conditions).includes(environment.accountId))
          fault(
            `lets ${JSON.stringify(principal)} use it for any account (${sid})`,
            'Add a condition on aws:SourceAccount, or on an encryption context that names the account.',
          );
      }
    }
    return faults;
  },
};

/** Nothing crosses a network in the clear. */
export const TRANSPORT: Policy = {
  name: 'transport',
  demands: 'Queues, topics and buckets have a policy that refuses calls without TLS.',
  source: 'SQS developer guide, "Amazon SQS security best practices"; S3 and SNS likewise',
  check: ({ stack }) => {
    const guarded = new Set([
      ...refusers(stack, 'aws_sqs_queue_policy', 'queue_url'),
      ...refusers(stack, 'aws_sns_topic_policy', 'arn'),
      ...refusers(stack, 'aws_s3_bucket_policy', 'bucket'),
    ]);
    return ['aws_sqs_queue', 'aws_sns_topic', 'aws_s3_bucket'].flatMap((type) =>
      [...stack.resources(type).keys()]
        .filter((id) => !guarded.has(`${type}.${id}`))
        .map((id) => ({
          address: `${type}.${id}`,
          wrong: 'takes calls without TLS',
          remedy: 'Give it a policy with the statement of tlsOnly.',
        })),
    );
  },
};

/** The address of each resource of which a policy refuses plain transport. */
function refusers(stack: SynthesizedStack, type: string, argument: string): readonly string[] {
  return [...stack.resources(type).values()]
    .filter(({ policy }) =>
      readStatements(policy)?.some(
        ({ isAllowed, principal, conditions }) =>
          !isAllowed && principal === '*' && conditions['Bool']?.['aws:SecureTransport'] === 'false',
      ),
    )
    .map((args) => String(args[argument]).replace(/^\$\{(\w+\.[\w-]+)\.\w+\}$/, '$1'));
}

/** The environment's key as a stack refers to it: its own in the platform's, by its alias in a stage's. */
function keyOf({ owner }: CheckedStack): string {
  return owner === 'platform'
    ? reference(`aws_kms_key.${PLATFORM_KEY}.arn`)
    : reference(`data.aws_kms_alias.${PLATFORM_KEY_IN_STAGE}.target_key_arn`);
}

function aliasFaults({ owner, stack, environment }: CheckedStack): readonly Fault[] {
  const alias = keyAlias(environment);
  const given =
    owner === 'platform'
      ? stack.resources('aws_kms_alias').get(`${PLATFORM_KEY}-alias`)?.['name']
      : stack.data('aws_kms_alias').get(PLATFORM_KEY_IN_STAGE)?.['name'];
  if (given === alias) return [];
  const type = owner === 'platform' ? 'aws_kms_alias' : 'data.aws_kms_alias';
  return [
    {
      address: `${type}.${owner === 'platform' ? `${PLATFORM_KEY}-alias` : PLATFORM_KEY_IN_STAGE}`,
      wrong: `is ${String(given)}, which is not the alias of the environment's key`,
      remedy: `Name it ${alias}.`,
    },
  ];
}

function bucketKey(stack: SynthesizedStack, id: string): unknown {
  const type = 'aws_s3_bucket_server_side_encryption_configuration';
  const configuration = [...stack.resources(type).values()].find(
    ({ bucket }) => referenceTo(bucket, 'aws_s3_bucket') === id,
  );
  const rule = firstBlock(configuration?.['rule']);
  return firstBlock(rule['apply_server_side_encryption_by_default'])['kms_master_key_id'];
}
