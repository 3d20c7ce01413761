import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { synthesizeEnvironment } from '../environment-stacks.ts';
import { readStackFile, type StackDocument } from '../stack-files.ts';
import { type PackageScript, runPackageScript } from './package-script.fixture.ts';

const ENVIRONMENT = 'dev';
const BUCKET = 'payments-dev-bootstrap-state-111122223333';
const SYNTHESIS_TIMEOUT_MS = 60_000;

/** What Terraform's S3 backend needs of an account, as the local cloud runs it. */
const STATE_STACK = { resource: { aws_s3_bucket: { state: { bucket: BUCKET } } } };

// Terraform's provider is not run here: a program in its place says how it was called. That the state and its lock
// are understood is shown on the AWS-compatible endpoint.
describe('turbo plan, deploy and destroy, to an AWS account', () => {
  let directory: string;
  let stacks: string;
  let cloud: LocalCloud;
  let variables: Record<string, string>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'terraform-test-'));
    stacks = await synthesizeEnvironment(ENVIRONMENT, join(directory, 'synth'), ['platform', 'enrich']);
    cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    const program = join(directory, 'terraform');
    writeFileSync(program, `#!/bin/sh\n[ "$1" = version ] || echo "$@" >> "${directory}/calls"\n`);
    chmodSync(program, 0o755);
    variables = {
      PAYMENTS_ENV: ENVIRONMENT,
      PAYMENTS_STACKS: stacks,
      PAYMENTS_TERRAFORM: program,
      AWS_ENDPOINT_URL: await cloud.listen(),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
  }, SYNTHESIS_TIMEOUT_MS);

  afterAll(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  const run = (
    script: PackageScript,
    stack: 'platform' | 'enrich',
    { args = [], env = variables }: { args?: string[]; env?: Record<string, string> } = {},
  ) => runPackageScript(script, stack, args, env);

  /** What Terraform was called with since this was last asked. */
  function calls(): string[] {
    const path = join(directory, 'calls');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    rmSync(path);
    return lines;
  }

  async function keepState(stack: string, resources: object[]): Promise<void> {
    const s3 = new S3Client(cloud.sdkConfiguration());
    const Key = keyOf(stack);
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: JSON.stringify({ resources }) }));
  }

  const keyOf = (stack: string): string => `payments/${ENVIRONMENT}/${stack}.tfstate`;
  const chdirOf = (folder: string): string => `-chdir=${join(stacks, folder)}`;

  it('names what is missing: Terraform, credentials, the bucket of the state', async () => {
    const none = { ...variables, PAYMENTS_TERRAFORM: join(directory, 'none') };
    expect((await run('deploy', 'enrich', { env: none })).said).toContain('which cannot be run');
    const { PAYMENTS_TERRAFORM: _, ...others } = variables;
    const noPath = { ...others, PATH: join(directory, 'empty') };
    expect((await run('deploy', 'enrich', { env: noPath })).said).toBe(
      'Neither terraform nor tofu is in the PATH: install one, or name it in PAYMENTS_TERRAFORM.',
    );
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...nobody } = variables;
    const withoutKeys = { ...nobody, HOME: directory, AWS_EC2_METADATA_DISABLED: 'true' };
    const { status, said } = await run('deploy', 'enrich', { env: withoutKeys });
    expect(status).toBe(1);
    expect(said).toContain('There are no credentials for the AWS account 111122223333: set AWS_PROFILE');
    for (const script of ['plan', 'deploy', 'destroy'] as const)
      expect((await run(script, 'platform')).said).toBe(
        `The bucket ${BUCKET} for the state of the environment dev is not there: "npm run -s payments -- bootstrap --env dev --repository <owner/name>" makes it.`,
      );
    expect(calls()).toEqual([]);
  });

  it('applies a stack when the platform is there, and not while its state is locked', async () => {
    mkdirSync(join(directory, 'state'));
    const stack = join(directory, 'state', 'cdk.tf.json');
    writeFileSync(stack, JSON.stringify(STATE_STACK));
    await cloud.deploy(stack);
    const missing = await run('deploy', 'enrich');
    expect(missing.said).toContain('enrich needs platform, not deployed to dev');
    expect(calls()).toEqual([]);

    let callsWhileLocked: string[] | undefined;
    const s3 = new S3Client(cloud.sdkConfiguration());
    // As Terraform names it (S3 backend, `use_lockfile`).
    const lock = { Bucket: BUCKET, Key: `${keyOf('platform')}.tflock` };
    await s3.send(new PutObjectCommand({ ...lock, Body: '{"Operation":"OperationTypeApply"}' }));
    await keepState('platform', [{ type: 'aws_sns_topic' }]);
    const unlock = new DeleteObjectCommand(lock);
    const deployed = await runPackageScript('deploy', 'enrich', [], variables, () => {
      callsWhileLocked = calls();
      void s3.send(unlock);
    });
    expect(deployed.said).toBe('');
    expect(deployed.out).toBe('enrich waits for platform to be deployed …');
    expect(callsWhileLocked).toEqual([]);
    const chdir = chdirOf('enrich');
    expect(calls()).toEqual([`${chdir} init -input=false`, `${chdir} apply -input=false -auto-approve`]);
  });

  it('makes nothing of a stack that was never deployed, where it is to go', async () => {
    expect((await run('destroy', 'enrich')).out).toBe('enrich is not deployed to dev.');
    expect(calls()).toEqual([]);
  });

  it('plans without a lock, and ends as Terraform does where it is asked to', async () => {
    const chdir = chdirOf('enrich');
    const planned = [
      `${chdir} init -input=false`,
      `${chdir} plan -input=false -lock=false -detailed-exitcode`,
    ];
    expect(await run('plan', 'enrich')).toEqual({ status: 0, out: '', said: '' });
    expect(calls()).toEqual(planned);
    const changes = join(directory, 'changes');
    writeFileSync(changes, '#!/bin/sh\n[ "$2" = plan ] && exit 2\nexit 0\n');
    chmodSync(changes, 0o755);
    const env = { ...variables, PAYMENTS_TERRAFORM: changes };
    expect((await run('plan', 'enrich', { env })).status).toBe(0);
    const detailed = await run('plan', 'enrich', { args: ['--detailed-exitcode'], env });
    expect(detailed).toEqual({ status: 2, out: '', said: '' });
  });

  it('keeps tables unless told twice, and the platform while anything stands on it', async () => {
    const drop = { args: ['--drop-data'], env: { ...variables, PAYMENTS_DROP_DATA: ENVIRONMENT } };
    await keepState('enrich', [{ type: 'aws_lambda_function' }]);
    for (const how of [drop, {}]) {
      const platform = await run('destroy', 'platform', how);
      expect(platform.said).toContain('enrich stand on platform');
    }
    expect(calls()).toEqual([]);

    const offboarded = await run('destroy', 'enrich');
    expect(offboarded.out).toContain('the table payments-dev-enrich-reference');
    const reduced = join(stacks, 'enrich', 'data-only');
    const chdir = chdirOf('enrich/data-only');
    expect(calls()).toEqual([`${chdir} init -input=false`, `${chdir} apply -input=false -auto-approve`]);
    const kept = JSON.parse(readFileSync(join(reduced, 'cdk.tf.json'), 'utf8')) as StackDocument & {
      readonly terraform: unknown;
    };
    const whole = readStackFile('enrich', ENVIRONMENT, stacks) as typeof kept;
    // The same state and the same provider; of the resources only what holds data.
    expect(kept.terraform).toEqual(whole.terraform);
    expect(kept.provider).toEqual(whole.provider);
    expect(Object.keys(kept.resource ?? {}).sort()).toEqual([
      'aws_cloudwatch_log_group',
      'aws_dynamodb_table',
    ]);
    expect(kept.resource?.['aws_dynamodb_table']).toEqual(whole.resource?.['aws_dynamodb_table']);

    await keepState('enrich', [{ type: 'aws_dynamodb_table' }, { mode: 'data', type: 'aws_kms_alias' }]);
    expect((await run('destroy', 'platform')).out).toContain('Kept, for enrich keeps data');
    expect(calls()[1]).toBe(`${chdirOf('platform/data-only')} apply -input=false -auto-approve`);

    expect((await run('destroy', 'enrich', drop)).status).toBe(0);
    expect(calls()[1]).toBe(`${chdirOf('enrich')} destroy -input=false -auto-approve`);
    await keepState('enrich', []);
    expect((await run('destroy', 'platform', drop)).status).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  it('fails when Terraform does', async () => {
    const failing = join(directory, 'failing');
    writeFileSync(failing, '#!/bin/sh\n[ "$1" = version ] && exit 0\nexit 3\n');
    chmodSync(failing, 0o755);
    const { status, said } = await run('deploy', 'platform', {
      env: { ...variables, PAYMENTS_TERRAFORM: failing },
    });
    expect(status).toBe(1);
    expect(said).toBe(`${failing} init of platform ended with 3; see above.`);
  });
});
