import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';
import type { Execution } from './execution.ts';
import type { Details } from './history.ts';
import { Cancelled } from './states-error.ts';
import type { Surroundings } from './surroundings.ts';
import { CancelScope } from './wakefulness.ts';

/** The item that a branch of a Map state works on. */
export interface MapItem {
  readonly index: number;
  readonly value: JsonValue;
}

/** Where one branch of an execution stands: its state, its variables, its place in the history. */
export class Frame implements Surroundings {
  readonly execution: Execution;
  readonly scope: CancelScope;
  readonly #mapItem: MapItem | undefined;
  /** A branch of a distributed Map writes into no history of the parent. */
  readonly #silent: boolean;
  #variables: JsonObject;
  #lastEventId: number;
  #stateName = '';
  #enteredAt = 0;
  #enteredEventId = 0;
  #retryCount: number | undefined;
  #context: JsonObject | undefined;

  constructor(
    execution: Execution,
    parent?: Frame,
    branch: { mapItem?: MapItem; silent?: boolean; scope?: CancelScope } = {},
  ) {
    this.execution = execution;
    this.scope = branch.scope ?? new CancelScope();
    this.#mapItem = branch.mapItem ?? parent?.mapItem;
    this.#silent = branch.silent ?? parent?.silent ?? false;
    this.#variables = parent?.variables ?? {};
    this.#lastEventId = parent?.lastEventId ?? 0;
    if (parent !== undefined) {
      // Until it enters a state of its own, a branch stands in the state that it belongs to.
      this.#stateName = parent.#stateName;
      this.#enteredAt = parent.#enteredAt;
      this.#enteredEventId = parent.#enteredEventId;
    }
  }

  get runtime(): Runtime {
    return this.execution.runtime;
  }

  get variables(): JsonObject {
    return this.#variables;
  }

  get mapItem(): MapItem | undefined {
    return this.#mapItem;
  }

  get silent(): boolean {
    return this.#silent;
  }

  get lastEventId(): number {
    return this.#lastEventId;
  }

  get stateName(): string {
    return this.#stateName;
  }

  /** The id of the event at which the present state was entered. */
  get enteredEventId(): number {
    return this.#enteredEventId;
  }

  /** Enters a state; `type` is its type in the definition. */
  enter(name: string, type: string, input: JsonValue): void {
    if (this.scope.cancelled) throw new Cancelled();
    this.execution.countTransition();
    this.#stateName = name;
    this.#enteredAt = this.runtime.now();
    this.#retryCount = type === 'Task' ? 0 : undefined;
    this.#context = undefined;
    this.record(`${type}StateEntered`, () => [
      'stateEnteredEventDetails',
      { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
    ]);
    this.#enteredEventId = this.#lastEventId;
  }

  /** Leaves the present state with its output and what it assigned. */
  exit(type: string, output: JsonValue, assigned: JsonObject | undefined): void {
    if (assigned !== undefined) this.#variables = { ...this.#variables, ...assigned };
    this.record(`${type}StateExited`, () => [
      'stateExitedEventDetails',
      {
        name: this.#stateName,
        output: JSON.stringify(output),
        outputDetails: { truncated: false },
        ...(assigned && {
          assignedVariables: texts(assigned),
          assignedVariablesDetails: { truncated: false },
        }),
      },
    ]);
  }

  /** Adds an event to the history of the execution, after the last one of this branch. */
  record(type: string, details?: Details): void {
    if (this.#silent) return;
    this.#lastEventId = this.execution.record(type, this.#lastEventId, details);
  }

  /** Says that the branches of this state have ended, so that what follows comes after the last of their events. */
  continueAfter(branch: Frame): void {
    this.#lastEventId = Math.max(this.#lastEventId, branch.lastEventId);
  }

  /** Sleeps until a retry and counts it. */
  async sleepBeforeRetry(ms: number): Promise<void> {
    if (this.#retryCount !== undefined) this.#retryCount += 1;
    this.#context = undefined;
    await this.sleep(ms);
    this.execution.countTransition();
  }

  /** Throws Cancelled when the branch is ended meanwhile, ExecutionTimedOut when the time runs out. */
  async sleep(ms: number): Promise<void> {
    await this.execution.wakefulness.sleep(this.execution.clipped(ms), this.scope);
    this.execution.failWhenLate();
  }

  context(): JsonObject {
    this.#context ??= this.#makeContext();
    return this.#context;
  }

  /** The context object, as the page "Accessing execution data from the Context object" lists it. */
  #makeContext(): JsonObject {
    const { identity } = this.execution;
    return {
      Execution: {
        Id: identity.arn,
        Input: identity.input,
        StartTime: new Date(identity.startedAt).toISOString(),
        Name: identity.name,
        RoleArn: identity.roleArn,
        ...(identity.type === 'STANDARD' && { RedriveCount: 0 }),
      },
      StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
      State: {
        Name: this.#stateName,
        EnteredTime: new Date(this.#enteredAt).toISOString(),
        ...(this.#retryCount !== undefined && { RetryCount: this.#retryCount }),
      },
      ...(this.#mapItem && { Map: { Item: { Index: this.#mapItem.index, Value: this.#mapItem.value } } }),
    };
  }
}

function texts(assigned: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]));
}
