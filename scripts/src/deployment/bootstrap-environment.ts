import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@payments/infra/environment';
import { ROOT } from '../stack-files.ts';
import { DeploymentRefusedError } from './deployment-refused-error.ts';
import { StateStore } from './state-store.ts';
import { TerraformProgram } from './terraform-program.ts';

const SYNTHESIS = join(ROOT, 'infra', 'src', 'bootstrap', 'synth-bootstrap.ts');
/** Terraform takes what a file of such a name says for what the others say. */
const LOCAL_BACKEND = { file: 'backend_override.tf.json', text: '{"terraform":{"backend":{"local":{}}}}\n' };
/** Where the local backend keeps the state. */
const LOCAL_STATE = 'terraform.tfstate';

/** What is asked of `bootstrapEnvironment`. */
export interface BootstrapOptions {
  /** `owner/name` of the repository on GitHub whose workflows plan and deploy. */
  readonly repository: string;
  /** The account has GitHub's OIDC provider already. */
  readonly existingProvider: boolean;
  /** Show what would be done, and do nothing. */
  readonly planOnly: boolean;
  /** Do not ask before it is done. */
  readonly yes: boolean;
}

/**
 * Makes what must be there before anything is deployed to an environment: the bucket of the Terraform state and the roles
 * of the CI; or brings it in line with the stack. Its own state lies in that bucket too: the first time it is kept in a file
 * beside the stack until there is a bucket, and then moved. What broke off between is gone on with.
 *
 * @returns false when only a plan was shown
 * @throws DeploymentRefusedError what the caller can put right
 */
export async function bootstrapEnvironment(
  environment: Environment,
  options: BootstrapOptions,
): Promise<boolean> {
  const program = TerraformProgram.find();
  const states = await StateStore.of(environment);
  const directory = dirname(await synthesize(environment, options));
  const run = (...args: string[]): Promise<number> => program.run('bootstrap', directory, args);
  const apply = (): Promise<number> =>
    options.planOnly ? run('plan', '-input=false') : run('apply', ...(options.yes ? ['-auto-approve'] : []));
  const override = join(directory, LOCAL_BACKEND.file);
  const localState = join(directory, LOCAL_STATE);

  const remote = await states.find('bootstrap');
  const isBegun = existsSync(localState);
  if (remote !== undefined && remote.types.length === 0 && !isBegun)
    throw new DeploymentRefusedError(
      `The bucket ${states.bucket} is there, and bootstrap did not make it: its state is neither in it nor in ${localState}. Name another bucket in infra/environments/${environment.name}.json, or import it ("terraform import").`,
    );
  const isFirst = remote === undefined || remote.types.length === 0;
  if (isFirst) writeFileSync(override, LOCAL_BACKEND.text);
  else {
    rmSync(override, { force: true });
    // It was moved, and then the first run broke off: Terraform would ask whether to move it again.
    if (isBegun) renameSync(localState, `${localState}.moved`);
  }
  await run('init', '-input=false', '-reconfigure');
  await apply();
  if (options.planOnly) return false;
  if (isFirst) {
    rmSync(override);
    await run('init', '-input=false', '-migrate-state', '-force-copy');
    rmSync(localState, { force: true });
    rmSync(`${localState}.backup`, { force: true });
  }
  return true;
}

async function synthesize(
  { name }: Environment,
  { repository, existingProvider }: BootstrapOptions,
): Promise<string> {
  const args = ['--env', name, '--repository', repository];
  if (existingProvider) args.push('--existing-provider');
  const stacksDirectory = process.env['PAYMENTS_STACKS'];
  if (stacksDirectory !== undefined) args.push('--out', stacksDirectory);
  try {
    const node = ['--disable-warning=ExperimentalWarning', SYNTHESIS, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, node);
    return stdout.trim();
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new DeploymentRefusedError(said, { cause });
  }
}
