import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Environment } from '@payments/schemas';
import { explainProblem } from '@payments/schemas';
import { Environment as isEnvironment } from '@payments/schemas/closed/environment';
import { deliveryProblems } from './delivery.ts';

export type { Environment } from '@payments/schemas';

/** Where the environment files lie. */
const ENVIRONMENTS_DIRECTORY = join(import.meta.dirname, '..', 'environments');

/** The account that the local cloud plays; AWS gives it to nobody. */
export const LOCAL_ACCOUNT_ID = '000000000000';

/** The environment that runs when nobody names one. */
export const DEFAULT_ENVIRONMENT = 'local';

/** An environment file that cannot be used, with everything that is wrong with it. */
export class EnvironmentRefusedError extends Error {
  override readonly name = 'EnvironmentRefusedError';
  readonly code = 'EnvironmentRefused';
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(environment: string, problems: readonly string[], options?: ErrorOptions) {
    super(
      `The environment "${environment}" cannot be used:\n${problems.map((each) => `  ${each}`).join('\n')}`,
      options,
    );
    this.problems = problems;
  }
}

/** The names of the environments that have a file, sorted. */
export function environmentNames(directory = ENVIRONMENTS_DIRECTORY): readonly string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/**
 * Reads and checks `<directory>/<name>.json`.
 *
 * @param name the environment's name, as `PAYMENTS_ENV` gives it
 * @throws EnvironmentRefusedError when there is no such file, or it is not valid, with every problem named
 */
export function loadEnvironment(name: string, directory = ENVIRONMENTS_DIRECTORY): Environment {
  if (!environmentNames(directory).includes(name)) {
    const known = environmentNames(directory).join(', ');
    throw new EnvironmentRefusedError(name, [`there is no file for it; there is one for: ${known}`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
  } catch (cause) {
    throw new EnvironmentRefusedError(name, ['its file is not JSON'], { cause });
  }
  return parseEnvironment(name, value);
}

/**
 * Holds a value against the schema of environments and against what a schema cannot say.
 *
 * @param name the name that the environment is asked for by
 * @throws EnvironmentRefusedError with every problem named
 */
export function parseEnvironment(name: string, value: unknown): Environment {
  if (!isEnvironment(value)) throw new EnvironmentRefusedError(name, [explainProblem(isEnvironment)]);
  const problems = [...identityProblems(name, value), ...deliveryProblems(value)];
  if (problems.length > 0) throw new EnvironmentRefusedError(name, problems);
  return value;
}

/** True for an environment of the local cloud, false for one of an AWS account. */
export function runsLocally(environment: Environment): boolean {
  return environment.accountId === LOCAL_ACCOUNT_ID;
}

function identityProblems(name: string, environment: Environment): readonly string[] {
  const problems: string[] = [];
  if (environment.name !== name) {
    problems.push(`name: says "${environment.name}", but the file is named "${name}"`);
  }
  if (runsLocally(environment) && environment.state !== undefined) {
    problems.push('state: the local cloud keeps its own state; leave it out');
  }
  if (!runsLocally(environment) && environment.state === undefined) {
    problems.push(
      'state: an environment of an AWS account keeps its Terraform state remotely; name its bucket',
    );
  }
  if (!runsLocally(environment) && environment.core?.url.startsWith('http:')) {
    problems.push('core.url: postings would go out in the clear; name an https address');
  }
  if (environment.dedupWindowDays < environment.archiveRetentionDays) {
    problems.push(
      `dedupWindowDays: ${environment.dedupWindowDays} is less than archiveRetentionDays ` +
        `${environment.archiveRetentionDays}; a duplicate that is replayed later would be taken for a first one`,
    );
  }
  if (environment.lifecycleRetentionDays < environment.archiveRetentionDays) {
    problems.push(
      `lifecycleRetentionDays: ${environment.lifecycleRetentionDays} is less than archiveRetentionDays ` +
        `${environment.archiveRetentionDays}; a reversal that is replayed later would not find its original`,
    );
  }
  return problems;
}
