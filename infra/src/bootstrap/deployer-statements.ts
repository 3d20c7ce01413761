import type { Environment } from '@payments/schemas';
import { extensionLayer } from '../constructs/read-secret.ts';
import type { Conditions } from '../iam-policy.ts';
import { arnOf, keyAlias, resourceName } from '../names.ts';
import { allNamed, allNamedInIam, allUnnamed, type CiStatement, onOurKeys } from './ci-permission.ts';
import { MANAGED_KINDS, READ_OF_NO_RESOURCE } from './managed-kinds.ts';
import { boundaryArn } from './role-boundary.ts';

/** The Terraform types that the statements below are for. */
export const KEY_TYPES = ['aws_kms_alias', 'aws_kms_key'];
export const IDENTITY_TYPES = ['aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy'];

const KEY_READ = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'];
const ALIAS_WRITE = ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'];
const KEY_WRITE = [
  ...ALIAS_WRITE,
  'kms:CancelKeyDeletion',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];
const IDENTITY_READ = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListInstanceProfilesForRole',
  'iam:ListPolicyTags',
  'iam:ListPolicyVersions',
  'iam:ListRolePolicies',
  'iam:ListRoleTags',
];
/** What changes what a role may do: only of roles that have the boundary. */
const BOUNDED_WRITE = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
];
const IDENTITY_WRITE = [
  'iam:CreatePolicy',
  'iam:CreatePolicyVersion',
  'iam:DeletePolicy',
  'iam:DeletePolicyVersion',
  'iam:DeleteRole',
  'iam:TagPolicy',
  'iam:TagRole',
  'iam:UntagPolicy',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
];
/** The services that our resources hand their roles to. */
const SERVICES_WITH_ROLES = [
  'events.amazonaws.com',
  'lambda.amazonaws.com',
  'pipes.amazonaws.com',
  'scheduler.amazonaws.com',
  'states.amazonaws.com',
];
/** The services that encrypt what they are configured with by the environment's key. */
const SERVICES_WITH_CONFIGURATION = ['events', 'lambda', 'pipes', 'scheduler', 'states'];
/** The services that use the environment's key for whoever makes or changes an encrypted resource. */
const SERVICES_WITH_KEYS = ['dynamodb', 'events', 'lambda', 'pipes', 'scheduler', 'sns', 'sqs', 'states'];

/** To find out how everything of an environment is: kinds of resources, keys, identities. Nothing that they hold. */
export function readStatements(environment: Environment): readonly CiStatement[] {
  return [
    ...MANAGED_KINDS.map((kind) => statementOf(`Read${kind.name}`, kind.read, kind, environment)),
    { sid: 'ReadKeys', actions: KEY_READ, resources: keys(environment), conditions: onOurKeys(environment) },
    {
      // These give back what they were configured with only to whoever may decrypt it.
      sid: 'ReadConfigurationThroughServices',
      actions: ['kms:Decrypt'],
      resources: keys(environment),
      conditions: onOurKeys(environment, through(SERVICES_WITH_CONFIGURATION, environment)),
    },
    { sid: 'ReadIdentities', actions: IDENTITY_READ, resources: identities(environment) },
    { sid: 'ReadOfNoResource', actions: READ_OF_NO_RESOURCE, resources: ['*'] },
  ];
}

/** To bring about and remove the resources of an environment. */
export function writeStatements(environment: Environment): readonly CiStatement[] {
  const layer = extensionLayer(environment.region);
  return [
    ...MANAGED_KINDS.map((kind) => statementOf(`Write${kind.name}`, kind.write, kind, environment)),
    // A layer of AWS's own, which functions that read a secret have.
    ...(layer === undefined
      ? []
      : [{ sid: 'UseSecretsExtension', actions: ['lambda:GetLayerVersion'], resources: [layer] }]),
  ];
}

/** To bring about keys and to let AWS use them for what they encrypt. */
export function keyStatements(environment: Environment): readonly CiStatement[] {
  const requested = {
    'aws:RequestTag/system': environment.system,
    'aws:RequestTag/environment': environment.name,
  };
  const aliases = [
    arnOf(environment, 'kms', keyAlias(environment)),
    ...allNamed('kms', 'alias/')(environment),
  ];
  return [
    {
      // A key has no name when it is made: it must come with our tags.
      sid: 'MakeKeys',
      actions: ['kms:CreateKey', 'kms:TagResource'],
      resources: ['*'],
      conditions: { StringEquals: requested },
    },
    {
      sid: 'WriteKeys',
      actions: KEY_WRITE,
      resources: keys(environment),
      conditions: onOurKeys(environment),
    },
    // An alias is written with a permission on itself and one on its key.
    { sid: 'WriteAliases', actions: ALIAS_WRITE, resources: aliases },
    {
      sid: 'UseKeysThroughServices',
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: keys(environment),
      conditions: onOurKeys(environment, through(SERVICES_WITH_KEYS, environment)),
    },
    {
      sid: 'GrantKeysToServices',
      actions: ['kms:CreateGrant'],
      resources: keys(environment),
      conditions: { ...onOurKeys(environment), Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}

/** To bring about roles, each within the boundary, and to hand them to our services. */
export function identityStatements(environment: Environment): readonly CiStatement[] {
  const roles = allNamedInIam('role')(environment);
  return [
    {
      sid: 'WriteRolesWithinTheBoundary',
      actions: BOUNDED_WRITE,
      resources: roles,
      conditions: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn(environment) } },
    },
    { sid: 'WriteIdentities', actions: IDENTITY_WRITE, resources: identities(environment) },
    {
      sid: 'HandRolesToServices',
      actions: ['iam:PassRole'],
      resources: roles,
      conditions: { StringEquals: { 'iam:PassedToService': SERVICES_WITH_ROLES } },
    },
  ];
}

/** What bootstrap made is not the CI's to change: its roles, their boundary, the bucket of the state and its key. */
export function bootstrapStatements(
  environment: Environment,
  stateBucketArn: string,
  stateKeyArn: string,
): readonly CiStatement[] {
  const own = resourceName(environment, 'bootstrap', '');
  const buckets = MANAGED_KINDS.find(({ name }) => name === 'Buckets');
  return [
    {
      effect: 'Deny',
      sid: 'LeaveIdentitiesOfBootstrap',
      actions: [...BOUNDED_WRITE, ...IDENTITY_WRITE, 'iam:PassRole'],
      resources: ['role', 'policy'].map((kind) => `arn:aws:iam::${environment.accountId}:${kind}/${own}*`),
    },
    {
      effect: 'Deny',
      sid: 'LeaveBucketOfBootstrap',
      actions: buckets?.write ?? [],
      resources: [stateBucketArn],
    },
    // By its ARN: a tag could be written over.
    { effect: 'Deny', sid: 'LeaveKeyOfBootstrap', actions: KEY_WRITE, resources: [stateKeyArn] },
  ];
}

function statementOf(
  sid: string,
  actions: readonly string[],
  { resources, conditions }: (typeof MANAGED_KINDS)[number],
  environment: Environment,
): CiStatement {
  const under = conditions?.(environment);
  return {
    sid,
    actions,
    resources: resources(environment),
    ...(under === undefined ? {} : { conditions: under }),
  };
}

/** The condition that a key is used by a service for whoever called it. */
function through(services: readonly string[], { region }: Environment): Conditions[string] {
  return { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) };
}

function keys(environment: Environment): readonly string[] {
  return allUnnamed('kms', 'key/')(environment);
}

function identities(environment: Environment): readonly string[] {
  return ['role', 'policy'].flatMap((kind) => allNamedInIam(kind)(environment));
}
