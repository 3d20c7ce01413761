import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '../environment.ts';
import { type PolicyStatement, reference, SynthesizedStack, statementsOf } from '../synthesized-stack.ts';
import { synthesizeEveryStack } from '../testing/synthesize-stacks.ts';
import { IDENTITY_TYPES, KEY_TYPES } from './deployer-statements.ts';
import { MANAGED_KINDS } from './managed-kinds.ts';
import { POLICY_EXCEPTIONS } from './policy-exceptions.ts';
import { boundaryArn } from './role-boundary.ts';

const ENVIRONMENT = 'dev';
const SCRIPT = fileURLToPath(new URL('./synth-bootstrap.ts', import.meta.url));
const ACCOUNT = '111122223333';
const BUCKET_ARN = reference('aws_s3_bucket.state.arn');
const KEY_ARN = reference('aws_kms_key.state-key.arn');
/** The most characters of a managed policy, blanks not counted (IAM user guide, "IAM and AWS STS quotas"). */
const POLICY_CHARACTERS_MAX = 6144;
const SYNTHESIS_TIMEOUT_MS = 120_000;

const environment = loadEnvironment(ENVIRONMENT);
/** What is allowed to be wide: what AWS names, or what belongs to no resource. */
const UNNAMED = /:(event-source-mapping:|key\/|replay\/|secret:)\*$/;

function synthesizeBootstrap(...args: readonly string[]): SynthesizedStack {
  const node = ['--disable-warning=ExperimentalWarning', SCRIPT, '--env', ENVIRONMENT];
  const path = execFileSync(process.execPath, [...node, '--repository', 'acme/payments', ...args]);
  return new SynthesizedStack(readFileSync(String(path).trim(), 'utf8'));
}

/** The statements of all policies of a role, or of one. */
function statementsNamed(stack: SynthesizedStack, prefix: string): readonly PolicyStatement[] {
  const policies = [...stack.resources('aws_iam_policy')].filter(([id]) => id.startsWith(prefix));
  return policies.flatMap(([, { policy }]) => statementsOf(policy));
}

describe('what must be there before anything is deployed', () => {
  let stack: SynthesizedStack;

  beforeAll(() => {
    stack = synthesizeBootstrap();
  }, SYNTHESIS_TIMEOUT_MS);

  it('is synthesized under all policies but those that name why not', () => {
    expect(POLICY_EXCEPTIONS.map(({ policy }) => policy.name)).toEqual([
      'least-privilege',
      'put-events',
      'encryption',
    ]);
  });

  it('keeps states in the bucket that the environment names, where Terraform locks by files', () => {
    expect(stack.resource('aws_s3_bucket', 'state')).toMatchObject({
      bucket: environment.state?.bucket,
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.backend()).toEqual({
      bucket: environment.state?.bucket,
      key: 'payments/dev/bootstrap.tfstate',
      region: 'eu-west-2',
      use_lockfile: true,
    });
  });

  it('encrypts states with a key of their own, and lets nobody put one with another', () => {
    const encryption = stack.resource(
      'aws_s3_bucket_server_side_encryption_configuration',
      'state-encryption',
    );
    expect(JSON.stringify(encryption['rule'])).toContain(`"kms_master_key_id":"${KEY_ARN}"`);
    expect(stack.resource('aws_kms_alias', 'state-key-alias')['name']).toBe('alias/payments-dev-state');
    const refused = statementsOf(stack.resource('aws_s3_bucket_policy', 'state-policy')['policy']);
    expect(refused.every(({ Effect, Principal }) => Effect === 'Deny' && Principal === '*')).toBe(true);
    expect(refused.map(({ Sid, Action, Condition }) => [Sid, [Action].flat().join(), Condition])).toEqual([
      ['RefuseUnencryptedTransport', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }],
      ['KeepTheBucket', 's3:DeleteBucket', undefined],
      ['KeepEarlierStates', 's3:DeleteObjectVersion', undefined],
      [
        'RefuseOtherEncryption',
        's3:PutObject',
        {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
        },
      ],
      [
        'RefuseOtherKeys',
        's3:PutObject',
        {
          Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN },
        },
      ],
    ]);
  });

  it('keeps the present state of every stack, and earlier ones for a year', () => {
    const lifecycle = stack.resource('aws_s3_bucket_lifecycle_configuration', 'state-lifecycle');
    expect(lifecycle['rule']).toEqual([
      {
        id: 'forget-earlier-states',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrent_version_expiration: [{ noncurrent_days: 365 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it.each([
    ['plan', 'repo:acme/payments:environment:dev-plan'],
    ['deploy', 'repo:acme/payments:environment:dev'],
  ])('lets the role to %s be taken by one repository in one environment alone', (purpose, subject) => {
    const role = stack.resource('aws_iam_role', `${purpose}-role`);
    expect(role['name']).toBe(`payments-dev-bootstrap-${purpose}`);
    expect(statementsOf(role['assume_role_policy'])).toEqual([
      {
        Sid: 'TakenByTheWorkflows',
        Effect: 'Allow',
        Principal: {
          Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subject,
          },
        },
      },
    ]);
    const attached = [...stack.resources('aws_iam_role_policy_attachment').keys()].filter((id) =>
      id.startsWith(`${purpose}-`),
    );
    expect(attached.length).toBeLessThanOrEqual(10);
  });

  it('makes the provider of GitHub, or leaves the one that the account has', () => {
    expect(stack.resource('aws_iam_openid_connect_provider', 'github')).toMatchObject({
      url: 'https://token.actions.githubusercontent.com',
      client_id_list: ['sts.amazonaws.com'],
    });
    const without = synthesizeBootstrap('--existing-provider');
    expect(without.resources('aws_iam_openid_connect_provider').size).toBe(0);
    expect(without.resource('aws_iam_role', 'plan-role')).toEqual(
      stack.resource('aws_iam_role', 'plan-role'),
    );
  });

  it('allows no role but what begins with the names of this environment, and no wildcard in an action', () => {
    const own = new RegExp(`[:/]payments-${ENVIRONMENT}(-[\\w/*.-]*)?$`);
    const wide: string[] = [];
    for (const { Effect, Sid, Action, Resource, Condition } of statementsNamed(stack, '')) {
      if (Effect === 'Deny') continue;
      expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
      for (const resource of [Resource].flat()) {
        if (resource.startsWith(BUCKET_ARN) || resource === KEY_ARN || own.test(resource)) continue;
        const how = UNNAMED.test(resource) ? resource.split(':').slice(5).join(':') : resource;
        wide.push(`${Sid} ${how}${Condition === undefined ? '' : ' under a condition'}`);
      }
    }
    expect([...new Set(wide)].sort()).toEqual([
      'Events replay/*',
      'GrantKeysToServices key/* under a condition',
      'Keys key/* under a condition',
      'MakeKeys * under a condition',
      'OfNoResource *',
      'ReadConfigurationThroughServices key/* under a condition',
      'ReadKeys key/* under a condition',
      'ReadMappingTags event-source-mapping:*',
      'ReadMappings event-source-mapping:* under a condition',
      'ReadOfNoResource *',
      'Secrets secret:*',
      'UseKeysThroughServices key/* under a condition',
      'UseSecretsExtension arn:aws:lambda:eu-west-2:133256977650:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:4',
      'WriteKeys key/* under a condition',
      'WriteMappingTags event-source-mapping:*',
      'WriteMappings event-source-mapping:* under a condition',
    ]);
  });

  it('lets whoever plans read how things are, and nothing that they hold', () => {
    const actions = statementsNamed(stack, 'plan-').flatMap(({ Action }) => [Action].flat());
    expect(actions.filter((action) => !/:(Get|Describe|List|Validate)|^kms:Decrypt$/.test(action))).toEqual(
      [],
    );
    const data = /GetItem|Query|Scan|GetRecords|ReceiveMessage|GetSecretValue|GetObjectVersion|GetLogEvents/;
    expect(actions.filter((action) => data.test(action))).toEqual([]);
    const holding = statementsNamed(stack, 'plan-').filter(({ Action }) =>
      [Action].flat().some((action) => action === 's3:GetObject' || action === 'kms:Decrypt'),
    );
    expect(holding.map(({ Resource }) => [Resource].flat())).toEqual([
      [`arn:aws:kms:eu-west-2:${ACCOUNT}:key/*`],
      [`${BUCKET_ARN}/payments/dev/*`],
      [KEY_ARN],
    ]);
    // What services were configured with, and not what tables, queues and topics hold.
    expect(holding[0]?.Condition?.['StringEquals']?.['kms:ViaService']).toEqual(
      ['events', 'lambda', 'pipes', 'scheduler', 'states'].map((name) => `${name}.eu-west-2.amazonaws.com`),
    );
  });

  it('lets the CI change roles within the boundary alone, and nothing that bootstrap made', () => {
    const statements = statementsNamed(stack, 'deploy-');
    const bounded = ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy'];
    for (const action of bounded) {
      const allowing = statements.filter(
        ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action),
      );
      expect(allowing.map(({ Condition }) => Condition)).toEqual([
        { StringEquals: { 'iam:PermissionsBoundary': boundaryArn(environment) } },
      ]);
    }
    // Without a boundary a role is wide again; nobody may take it away.
    expect(statements.flatMap(({ Action }) => Action)).not.toContain('iam:DeleteRolePermissionsBoundary');
    const refused = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(refused.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      [
        'LeaveIdentitiesOfBootstrap',
        ['role', 'policy'].map((kind) => `arn:aws:iam::${ACCOUNT}:${kind}/payments-dev-bootstrap-*`),
      ],
      ['LeaveBucketOfBootstrap', [BUCKET_ARN]],
      ['LeaveKeyOfBootstrap', [KEY_ARN]],
      ['LeaveStateOfBootstrap', [`${BUCKET_ARN}/payments/dev/bootstrap.tfstate*`]],
    ]);
  });

  it('fits into what AWS takes', () => {
    for (const [id, { policy }] of stack.resources('aws_iam_policy'))
      expect({ id, fits: String(policy).length <= POLICY_CHARACTERS_MAX }).toEqual({ id, fits: true });
  });

  it('is nothing for the local cloud', () => {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--env', 'local'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('there is nothing to bootstrap');
  });
});

describe('the stacks, as the roles of the CI would deploy them', () => {
  const stacks = synthesizeEveryStack();
  const all = [...stacks].map(([owner, byEnvironment]) => [owner, byEnvironment.in(ENVIRONMENT)] as const);
  const boundary = new Map<string, readonly string[]>();

  beforeAll(() => {
    for (const { Effect, Action, Resource } of statementsNamed(synthesizeBootstrap(), 'boundary'))
      if (Effect === 'Allow') for (const action of [Action].flat()) boundary.set(action, [Resource].flat());
  }, SYNTHESIS_TIMEOUT_MS);

  it.each(all)('%s has no type of resource that they may not make', (_owner, stack) => {
    const types = new Set([...stack.all().keys()].map((address) => address.split('.')[0] ?? ''));
    const managed = [...MANAGED_KINDS.flatMap(({ types: of }) => of), ...KEY_TYPES, ...IDENTITY_TYPES];
    expect([...types].filter((type) => !managed.includes(type))).toEqual([]);
  });

  it.each(all)('%s makes roles with the boundary, and grants them nothing beyond it', (_owner, stack) => {
    for (const [, role] of stack.resources('aws_iam_role'))
      expect(role['permissions_boundary']).toBe(boundaryArn(environment));
    const beyond: string[] = [];
    for (const [id, { policy }] of stack.resources('aws_iam_role_policy'))
      for (const { Action, Resource } of statementsOf(policy))
        for (const action of [Action].flat())
          for (const resource of [Resource].flat())
            if (!isWithin(boundary.get(action), resource)) beyond.push(`${id}: ${action} on ${resource}`);
    expect(beyond).toEqual([]);
  });
});

/** A reference is to a resource of the same stack, and named as the boundary says: the policies hold that. */
function isWithin(allowed: readonly string[] | undefined, resource: string): boolean {
  if (allowed === undefined) return false;
  if (resource.startsWith('${') || allowed.includes('*')) return true;
  return allowed.some((pattern) => resource.startsWith(pattern.replace(/\*$/, '')));
}
