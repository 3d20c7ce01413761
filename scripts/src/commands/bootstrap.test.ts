import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { ROOT } from '../stack-files.ts';

const ENVIRONMENT = 'dev';
const BUCKET = loadEnvironment(ENVIRONMENT).state?.bucket ?? '';
const ARGS = ['--env', ENVIRONMENT, '--repository', 'acme/payments'];

/**
 * In Terraform's place: says how it was called and which backend it would take, and keeps a local state when it applies to
 * one. Terraform itself and its provider come from no registry of packages.
 */
const STAND_IN = `#!/bin/sh
[ "$1" = version ] && exit 0
directory=\${1#-chdir=}; shift
backend=s3; [ -f "$directory/backend_override.tf.json" ] && backend=local
echo "$backend $@" >> "$CALLS"
[ "$1" = "$FAIL_AT" ] && [ "$backend" = s3 ] && exit 1
[ "$1 $backend" = "apply local" ] && echo '{"resources":[]}' > "$directory/terraform.tfstate"
exit 0
`;

describe('payments bootstrap', () => {
  let directory: string;
  let cloud: LocalCloud;
  let variables: Record<string, string>;
  let localState: string;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'bootstrap-test-')));
    cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
    const program = join(directory, 'terraform');
    writeFileSync(program, STAND_IN);
    chmodSync(program, 0o755);
    localState = join(directory, 'stacks', ENVIRONMENT, 'stacks', 'bootstrap', 'terraform.tfstate');
    variables = {
      CALLS: join(directory, 'calls'),
      PAYMENTS_STACKS: join(directory, 'stacks'),
      PAYMENTS_TERRAFORM: program,
      AWS_ENDPOINT_URL: await cloud.listen(),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
  });

  afterAll(async () => {
    await cloud.close();
    rmSync(directory, { recursive: true });
  });

  function bootstrap(args: readonly string[], env: Record<string, string> = variables) {
    return new Promise<{ status: number | null; out: string; said: string }>((resolve) => {
      const command = join(ROOT, 'scripts', 'src', 'payments.ts');
      const node = ['--disable-warning=ExperimentalWarning', command, 'bootstrap', ...args];
      const child = execFile(process.execPath, node, { env }, (_error, out, said) =>
        resolve({ status: child.exitCode, out, said: said.trim() }),
      );
    });
  }

  /** How Terraform was called since this was last asked. */
  function calls(): string[] {
    const path = join(directory, 'calls');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    rmSync(path);
    return lines;
  }

  it('says what is missing or wrong, and begins nothing', async () => {
    expect((await bootstrap(['--env', ENVIRONMENT])).said).toContain('--repository must name a repository');
    const pattern = await bootstrap(['--env', ENVIRONMENT, '--repository', 'acme/*']);
    expect(pattern).toMatchObject({ status: 2, said: expect.stringContaining('--repository must name') });
    const local = await bootstrap(['--env', 'local', '--repository', 'acme/payments']);
    expect(local.said).toContain('there is nothing to bootstrap');
    const noProgram = { ...variables, PAYMENTS_TERRAFORM: join(directory, 'none') };
    expect((await bootstrap(ARGS, noProgram)).said).toContain('which cannot be run');
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...nobody } = variables;
    const withoutKeys = { ...nobody, HOME: directory, AWS_EC2_METADATA_DISABLED: 'true' };
    const refused = await bootstrap(ARGS, withoutKeys);
    expect(refused.status).toBe(1);
    expect(refused.said).toContain(
      'There are no credentials for the AWS account 111122223333: set AWS_PROFILE',
    );
    expect(calls()).toEqual([]);
  });

  it('shows the plan, with a state of its own until there is a bucket', async () => {
    const { status, out } = await bootstrap([...ARGS, '--plan']);
    expect({ status, out }).toEqual({ status: 0, out: '' });
    expect(calls()).toEqual(['local init -input=false -reconfigure', 'local plan -input=false']);
  });

  it('asks, keeps the state beside the stack until it can be moved, and goes on where it broke off', async () => {
    const first = ['local init -input=false -reconfigure', 'local apply'];
    const move = 's3 init -input=false -migrate-state -force-copy';
    const broken = await bootstrap(ARGS, { ...variables, FAIL_AT: 'init' });
    expect(broken.status).toBe(1);
    expect(broken.said).toContain('init of bootstrap ended with 1; see above.');
    expect(calls()).toEqual([...first, move]);
    expect(existsSync(localState)).toBe(true);

    await makeBucket();
    const { status, out } = await bootstrap(ARGS);
    expect(status).toBe(0);
    expect(calls()).toEqual([...first, move]);
    expect(existsSync(localState)).toBe(false);
    const role = 'arn:aws:iam::111122223333:role/payments-dev-bootstrap';
    const set = 'gh variable set --repo acme/payments --env';
    expect(out).toContain(`${set} dev AWS_ROLE_ARN --body ${role}-deploy\n`);
    expect(out).toContain(`${set} dev-plan AWS_ROLE_ARN --body ${role}-plan\n`);
  });

  it('does not touch a bucket that it did not make', async () => {
    const { status, said } = await bootstrap(ARGS);
    expect(status).toBe(1);
    expect(said).toContain(`The bucket ${BUCKET} is there, and bootstrap did not make it`);
    expect(calls()).toEqual([]);
  });

  it('brings what it made in line with the repository, with the state in the bucket', async () => {
    const s3 = new S3Client(cloud.sdkConfiguration());
    const Body = JSON.stringify({ resources: [{ mode: 'managed', type: 'aws_s3_bucket' }] });
    const Key = `payments/${ENVIRONMENT}/bootstrap.tfstate`;
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    writeFileSync(localState, '{"resources":[]}');
    expect((await bootstrap([...ARGS, '--yes'])).status).toBe(0);
    expect(existsSync(localState)).toBe(false);
    expect(calls()).toEqual(['s3 init -input=false -reconfigure', 's3 apply -auto-approve']);
    expect((await bootstrap([...ARGS, '--plan'])).status).toBe(0);
    expect(calls()).toEqual(['s3 init -input=false -reconfigure', 's3 plan -input=false']);
  });

  async function makeBucket(): Promise<void> {
    mkdirSync(join(directory, 'state'));
    const stack = join(directory, 'state', 'cdk.tf.json');
    writeFileSync(stack, JSON.stringify({ resource: { aws_s3_bucket: { state: { bucket: BUCKET } } } }));
    await cloud.deploy(stack);
  }
});
