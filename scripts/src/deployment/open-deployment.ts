import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, loadEnvironment, runsLocally } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { readStackFile, STACK_NAMES, type StackDocument } from '../stack-files.ts';
import { DeploymentRefusedError } from './deployment-refused-error.ts';
import { LocalTarget } from './local-target.ts';
import type { StackTarget } from './stack-target.ts';
import { TerraformTarget } from './terraform-target.ts';

/** How long another stack of the same run of turbo may need until its own deployment begins: it is being built. */
const TURBO_WAIT_SECONDS = 60;

/** What is to be deployed or removed, and where. */
export interface PackageDeployment {
  readonly stack: Owner;
  readonly environment: Environment;
  readonly document: StackDocument;
  readonly target: StackTarget;
  /** How long it is waited until work on other stacks begins, in milliseconds. */
  readonly waitMs: number;
  /** Data goes with the stack: the command line and `PAYMENTS_DROP_DATA` both say so. */
  readonly dropData: boolean;
  /** A plan that finds something to do ends with 2, as Terraform's does. */
  readonly detailedExitCode: boolean;
}

/**
 * The deployment of the package in the current folder to the environment that `PAYMENTS_ENV` names.
 *
 * @param args the command line: `--drop-data`, `--wait <seconds>`, `--detailed-exitcode`
 * @throws DeploymentRefusedError, StackFileError, EnvironmentRefusedError: what the caller can put right
 */
export async function openDeployment(args: readonly string[]): Promise<PackageDeployment> {
  const environment = loadEnvironment(process.env['PAYMENTS_ENV'] ?? 'local');
  const options = parse(args, environment.name);
  const stack = stackOfFolder(process.cwd());
  const stacksDirectory = process.env['PAYMENTS_STACKS'] || undefined;
  const document = readStackFile(stack, environment.name, stacksDirectory);
  const Target = runsLocally(environment) ? LocalTarget : TerraformTarget;
  return {
    stack,
    environment,
    document,
    target: await Target.find(environment, stacksDirectory),
    ...options,
  };
}

/** Runs a task; what the caller can put right is said in its sentence, without a stack trace. */
export async function runDeployment(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'retryable' in error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function parse(
  args: readonly string[],
  environment: string,
): Pick<PackageDeployment, 'waitMs' | 'dropData' | 'detailedExitCode'> {
  const values = optionsIn(args);
  const byTurbo = process.env['TURBO_HASH'] !== undefined;
  const seconds = Number(values.wait ?? (byTurbo ? TURBO_WAIT_SECONDS : 0));
  if (!(seconds >= 0)) throw new DeploymentRefusedError(`--wait takes seconds, not "${values.wait}".`);
  return {
    waitMs: seconds * 1000,
    dropData: isDropToldTwice(values['drop-data'] === true, environment),
    detailedExitCode: values['detailed-exitcode'] === true,
  };
}

function optionsIn(args: readonly string[]) {
  try {
    const options = {
      'detailed-exitcode': { type: 'boolean' },
      'drop-data': { type: 'boolean' },
      wait: { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new DeploymentRefusedError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Whether data is to be dropped: only when the command line says so and `PAYMENTS_DROP_DATA` names the environment, so
 * that neither a line from the history of a shell nor a variable that was left set does it alone.
 *
 * @throws DeploymentRefusedError when it is told on the command line alone
 */
function isDropToldTwice(told: boolean, environment: string): boolean {
  if (!told) return false;
  const named = process.env['PAYMENTS_DROP_DATA'];
  if (named === environment) return true;
  const found = named === undefined || named === '' ? 'is not set' : `names ${named}`;
  throw new DeploymentRefusedError(
    `Nothing was removed: --drop-data needs PAYMENTS_DROP_DATA=${environment} as well, which ${found}.`,
  );
}

function stackOfFolder(folder: string): Owner {
  const name = basename(folder) === 'infra' ? 'platform' : basename(folder);
  const stack = STACK_NAMES.find((each) => each === name);
  if (stack !== undefined) return stack;
  throw new DeploymentRefusedError(`${folder} has no stack: run this in infra or a folder of packages.`);
}
