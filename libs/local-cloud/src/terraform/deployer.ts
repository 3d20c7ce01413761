import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { DataSourceType, ResourceType } from '../core/resource.ts';
import type { Store } from '../core/store.ts';
import { findRefusedArguments } from './accepted-arguments.ts';
import { type DeployedResource, DeployedState } from './deployed-state.ts';
import { evaluate } from './evaluate.ts';
import {
  compare,
  destructionOrder,
  goneFrom,
  keepIgnored,
  type PlannedAction,
  type PlannedStep,
  planStack,
} from './plan.ts';
import { namingArguments } from './replacement.ts';
import { type Stack, type StackBlock, type StackProblem, StackRefusedError } from './stack.ts';
import { StackScope } from './stack-scope.ts';

/** Hears of every resource when it is done; `none` is one that needed nothing. */
export type DeployProgress = (step: {
  readonly address: string;
  readonly action: PlannedAction;
  readonly done: number;
  readonly total: number;
}) => void;

/** What a deployment came to. */
export interface Deployment {
  readonly stack: string;
  readonly steps: readonly { readonly address: string; readonly action: PlannedAction }[];
  readonly outputs: JsonObject;
}

/** A resource that could not be made, changed or removed; what was done before it stays done. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly code = 'DeployFailed';
  readonly retryable = true;
}

/** Deploys stacks to the services, as `terraform apply` would to AWS, each with a state of its own. */
export class Deployer {
  readonly #state: DeployedState;
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #dataSources: ReadonlyMap<string, DataSourceType>;

  constructor(store: Store, types: readonly ResourceType[], dataSources: readonly DataSourceType[]) {
    this.#state = new DeployedState(store);
    this.#types = new Map(types.map((type) => [type.type, type]));
    this.#dataSources = new Map(dataSources.map((source) => [source.type, source]));
  }

  /** The names of all stacks that have something deployed. */
  stacks(): string[] {
    return this.#state.stacks();
  }

  /** What a stack has deployed, in the order in which it was made. */
  resourcesOf(stackName: string): DeployedResource[] {
    return [...this.#state.of(stackName).values()];
  }

  /** What all stacks have deployed, of one Terraform type or of all. */
  resources(type?: string): DeployedResource[] {
    if (type !== undefined) return this.#state.ofType(type);
    return this.stacks().flatMap((stack) => this.resourcesOf(stack));
  }

  /**
   * What deploying the stack would do, without doing it.
   *
   * @throws StackRefusedError with all that is not run here or contradicts itself
   */
  plan(stack: Stack): PlannedStep[] {
    const problems = [...stack.problems, ...this.#findUnrun(stack)];
    const scope = new StackScope(stack, this.#dataSources);
    const steps = planStack(stack, this.#state.of(stack.name), scope, problems);
    for (const block of stack.resources) {
      const taken = this.#ownerOfName(stack, block, scope.knownOf(block.address) ?? {});
      if (taken !== undefined) problems.push({ address: block.address, message: taken });
    }
    if (problems.length > 0) throw new StackRefusedError(stack.name, problems);
    return steps;
  }

  /**
   * Brings what is deployed in line with the stack; other stacks are not touched.
   *
   * @throws StackRefusedError before anything is changed
   * @throws DeployError when a resource fails; deploying again goes on from there
   */
  async apply(stack: Stack, progress?: DeployProgress): Promise<Deployment> {
    const planned = this.plan(stack);
    const deployed = this.#state.of(stack.name);
    const scope = new StackScope(stack, this.#dataSources);
    const steps: { address: string; action: PlannedAction }[] = [];
    const report = (address: string, action: PlannedAction): void => {
      steps.push({ address, action });
      progress?.({ address, action, done: steps.length, total: planned.length });
    };
    for (const resource of goneFrom(stack, deployed)) {
      await this.#destroy(resource);
      report(resource.address, 'destroy');
    }
    for (const block of stack.resources) {
      report(block.address, await this.#bringAbout(stack, block, deployed.get(block.address), scope));
    }
    const outputs: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(stack.outputs)) outputs[name] = evaluate(value ?? null, scope);
    return { stack: stack.name, steps, outputs };
  }

  /**
   * Removes all that a stack has deployed, dependents first.
   *
   * @throws DeployError when a resource fails; destroying again goes on from there
   */
  async destroy(stackName: string, progress?: DeployProgress): Promise<void> {
    const order = destructionOrder([...this.#state.of(stackName).values()]);
    for (const [index, resource] of order.entries()) {
      await this.#destroy(resource);
      progress?.({ address: resource.address, action: 'destroy', done: index + 1, total: order.length });
    }
  }

  async #bringAbout(
    stack: Stack,
    block: StackBlock,
    deployed: DeployedResource | undefined,
    scope: StackScope,
  ): Promise<PlannedAction> {
    const wanted = keepIgnored(block, scope.argumentsOf(block), deployed);
    const { action } = compare(block, wanted, deployed);
    const type = this.#types.get(block.type);
    if (type === undefined) throw new DeployError(`${block.address}: ${block.type} is not run`);
    if (action === 'replace' && deployed !== undefined) await this.#destroy(deployed);
    const attributes =
      deployed !== undefined && action === 'none'
        ? deployed.attributes
        : await attempt(block.address, action, () =>
            deployed !== undefined && action === 'update'
              ? type.update(wanted, deployed)
              : type.create(wanted),
          );
    const { name: stackName } = stack;
    const dependencies = block.dependencies.filter((address) => this.#types.has(address.split('.')[0] ?? ''));
    this.#state.put({
      stack: stackName,
      address: block.address,
      type: block.type,
      arguments: wanted,
      attributes,
      dependencies,
    });
    scope.know(block.address, wanted, attributes);
    return action;
  }

  async #destroy(resource: DeployedResource): Promise<void> {
    const type = this.#types.get(resource.type);
    if (type === undefined) throw new DeployError(`${resource.address}: ${resource.type} is not run`);
    await attempt(resource.address, 'destroy', () => type.destroy(resource));
    this.#state.remove(resource.stack, resource.address);
  }

  #findUnrun(stack: Stack): StackProblem[] {
    const problems: StackProblem[] = [];
    for (const block of stack.resources) {
      const type = this.#types.get(block.type);
      if (type !== undefined) problems.push(...findRefusedArguments(block, type));
      else {
        const message = `the local cloud does not run the resource type ${block.type}`;
        problems.push({ address: block.address, message });
      }
    }
    for (const block of stack.data) {
      if (this.#dataSources.has(block.type)) continue;
      const message = `the local cloud does not run the data source ${block.type}`;
      problems.push({ address: block.address, message });
    }
    return problems;
  }

  /** Says who has the name that a resource wants, when it is another resource. */
  #ownerOfName(stack: Stack, block: StackBlock, wanted: JsonObject): string | undefined {
    const names = namingArguments(block.type);
    if (names.length === 0 || names.some((name) => typeof wanted[name] !== 'string')) return undefined;
    const owner = this.#state
      .ofType(block.type)
      .find(
        (other) =>
          names.every((name) => other.arguments[name] === wanted[name]) &&
          !(other.stack === stack.name && (other.address === block.address || isGone(stack, other))),
      );
    if (owner === undefined) return undefined;
    return `"${String(wanted[names[0] ?? ''])}" is already ${owner.address} of the stack "${owner.stack}"`;
  }
}

function isGone(stack: Stack, resource: DeployedResource): boolean {
  return !stack.resources.some((block) => block.address === resource.address);
}

async function attempt<T>(address: string, action: PlannedAction, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeployError(`${address}: ${action} failed: ${reason}`, { cause: error });
  }
}
