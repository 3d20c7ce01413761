import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { DeployedResource } from './deployed-state.ts';
import { hasUnknown } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import { forcesReplacement } from './replacement.ts';
import type { Stack, StackBlock, StackProblem } from './stack.ts';
import type { StackScope } from './stack-scope.ts';

export type PlannedAction = 'create' | 'update' | 'replace' | 'destroy' | 'none';

/** One argument that changes; `undefined` is one that is not written. */
export interface PlannedChange {
  readonly argument: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** What is to be done with one resource. */
export interface PlannedStep {
  readonly address: string;
  readonly action: PlannedAction;
  readonly changes: readonly PlannedChange[];
}

/** What changes between a resource's deployed and its wanted arguments, and what that comes to. */
export function compare(
  block: StackBlock,
  wanted: JsonObject,
  deployed: DeployedResource | undefined,
): { action: Exclude<PlannedAction, 'destroy'>; changes: PlannedChange[] } {
  const before = deployed?.arguments ?? {};
  const changes: PlannedChange[] = [];
  for (const argument of new Set([...Object.keys(before), ...Object.keys(wanted)])) {
    if (deployed !== undefined && isIgnored(block, argument)) continue;
    const [was, is] = [before[argument], wanted[argument]];
    if (hasUnknown(is) || !isDeepStrictEqual(was, is)) changes.push({ argument, before: was, after: is });
  }
  if (deployed === undefined) return { action: 'create', changes };
  if (changes.length === 0) return { action: 'none', changes };
  const replaces = changes.some((change) => forcesReplacement(block.type, change.argument));
  return { action: replaces ? 'replace' : 'update', changes };
}

/** The wanted arguments, with those of `ignore_changes` as they are deployed. */
export function keepIgnored(
  block: StackBlock,
  wanted: JsonObject,
  deployed: DeployedResource | undefined,
): JsonObject {
  if (deployed === undefined || block.ignoreChanges.length === 0) return wanted;
  const kept = Object.entries(deployed.arguments).filter(([argument]) => isIgnored(block, argument));
  const others = Object.entries(wanted).filter(([argument]) => !isIgnored(block, argument));
  return Object.fromEntries([...others, ...kept]);
}

/**
 * What a deployment of the stack would do, in its order. Destroying what has left the stack comes first.
 *
 * @param problems gets what stands in the way
 */
export function planStack(
  stack: Stack,
  deployed: ReadonlyMap<string, DeployedResource>,
  scope: StackScope,
  problems: StackProblem[],
): PlannedStep[] {
  const steps: PlannedStep[] = goneFrom(stack, deployed).map((resource) => ({
    address: resource.address,
    action: 'destroy',
    changes: [],
  }));
  for (const block of stack.resources) {
    const before = deployed.get(block.address);
    try {
      const wanted = scope.argumentsOf(block);
      const { action, changes } = compare(block, wanted, before);
      const remains = action === 'none' || action === 'update';
      scope.know(block.address, wanted, remains ? before?.attributes : undefined);
      if (action === 'replace' && block.preventDestroy) {
        const names = changes.map((change) => change.argument).join(', ');
        problems.push({
          address: block.address,
          message: `lifecycle.prevent_destroy forbids the replacement that changing ${names} means`,
        });
      }
      steps.push({ address: block.address, action, changes });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ address: block.address, message: error.message });
      scope.know(block.address, {}, undefined);
    }
  }
  return steps;
}

/** What is deployed and no longer in the stack, dependents first. */
export function goneFrom(stack: Stack, deployed: ReadonlyMap<string, DeployedResource>): DeployedResource[] {
  const wanted = new Set(stack.resources.map((block) => block.address));
  return destructionOrder([...deployed.values()]).filter((resource) => !wanted.has(resource.address));
}

/** Sorts so that nothing is destroyed before what depends on it. */
export function destructionOrder(resources: readonly DeployedResource[]): DeployedResource[] {
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const created: DeployedResource[] = [];
  const visited = new Set<string>();
  const visit = (resource: DeployedResource): void => {
    if (visited.has(resource.address)) return;
    visited.add(resource.address);
    for (const address of resource.dependencies) {
      const dependency = byAddress.get(address);
      if (dependency !== undefined) visit(dependency);
    }
    created.push(resource);
  };
  for (const resource of resources) visit(resource);
  return created.reverse();
}

function isIgnored(block: StackBlock, argument: string): boolean {
  return block.ignoreChanges.includes('all') || block.ignoreChanges.includes(argument);
}
