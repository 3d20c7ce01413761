import type { Environment } from '@payments/infra/environment';
import { type Owner, resourceName } from '@payments/infra/names';
import { STACK_NAMES, type StackDocument } from '../stack-files.ts';
import { DeploymentRefusedError } from './deployment-refused-error.ts';
import type { StackStatus } from './stack-target.ts';

/** How often it is looked again. */
const LOOK_MS = 500;
/** The longest that another stack's deployment is waited for: Terraform makes the platform in a few minutes. */
const BUSY_MAX_MS = 900_000;

/** The stacks that must be deployed before a stack can be: the platform, and those whose tables it reads. */
export function prerequisitesOf(
  stack: Owner,
  { data }: StackDocument,
  environment: Environment,
): readonly Owner[] {
  if (stack === 'platform') return [];
  const tables = Object.values(data?.['aws_dynamodb_table'] ?? {}).map(({ name }) => String(name));
  const isRead = (owner: Owner): boolean =>
    tables.some((table) => table.startsWith(resourceName(environment, owner, '')));
  return STACK_NAMES.filter((owner) => owner === 'platform' || isRead(owner));
}

/** Whether another stack can be built upon: of a stage it is its tables that are read, and these stay when it goes. */
export function isPrerequisiteMet(stack: Owner, status: StackStatus): boolean {
  return status === 'deployed' || (status === 'kept' && stack !== 'platform');
}

/** The stacks that must be gone before a stack can go: the platform's bus carries the rules of all others. */
export function standingOn(stack: Owner): readonly Owner[] {
  return stack === 'platform' ? STACK_NAMES.filter((name) => name !== 'platform') : [];
}

/** What is waited for. */
export interface Wait {
  readonly isReady: (stack: Owner, status: StackStatus) => boolean;
  /** How long it may take until work on the stacks begins, in milliseconds; once begun, its end is waited for. */
  readonly forMs: number;
  readonly statusOf: (stack: Owner) => Promise<StackStatus>;
  /** Hears once of what is waited for. */
  readonly onWait: (stacks: readonly Owner[]) => void;
}

/**
 * Waits until stacks are ready, as deployed or gone. One run of turbo deploys many stacks at once, each by a process that
 * knows nothing of the others: the order comes from each one waiting for what it needs.
 *
 * @returns the stacks that are still not ready
 */
export async function waitFor(
  stacks: readonly Owner[],
  { isReady, forMs, statusOf, onWait }: Wait,
): Promise<readonly Owner[]> {
  const startedAt = Date.now();
  for (let asked = false; ; asked = true) {
    const others: Owner[] = [];
    let busy = false;
    for (const stack of stacks) {
      const status = await statusOf(stack);
      if (!isReady(stack, status)) others.push(stack);
      busy ||= status === 'busy';
    }
    if (others.length === 0 || Date.now() - startedAt >= (busy ? BUSY_MAX_MS : forMs)) return others;
    if (!asked) onWait(others);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The refusal to deploy a stack before what it needs. */
export function missingPrerequisites(
  stack: Owner,
  environment: string,
  prerequisites: readonly Owner[],
): Error {
  const filters = prerequisites.map((name) => `--filter=@payments/${name === 'platform' ? 'infra' : name}`);
  return new DeploymentRefusedError(
    `${stack} needs ${prerequisites.join(' and ')}, not deployed to ${environment}: run "pnpm turbo deploy ${filters.join(' ')}" first.`,
  );
}
