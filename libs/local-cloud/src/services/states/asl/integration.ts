import type { JsonValue } from '../../../core/aws-error.ts';
import type { ExecutionIdentity } from './execution.ts';

/** One call that a Task state makes. */
export interface TaskCall {
  readonly parameters: JsonValue;
  readonly execution: ExecutionIdentity;
  /** Waits without holding anybody up, in milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Says what a job that goes on was answered when it was begun (the `.sync` integrations). */
  submitted(output: JsonValue): void;
}

/** What the Resource of a Task state stands for. */
export interface Integration {
  /** A function's own ARN writes other events into the history than a service integration. */
  readonly style: 'function' | 'service';
  /** As the history names it: a function's ARN, or for example `putEvents`. */
  readonly resource: string;
  /** For example `events` or `aws-sdk:dynamodb`; the function's ARN for a function. */
  readonly resourceType: string;
  /**
   * Makes the call and gives the task's result.
   *
   * @throws StatesError named as AWS names it, for example `Lambda.TooManyRequestsException`
   */
  call(task: TaskCall): Promise<JsonValue>;
}

/**
 * Finds what a Resource stands for.
 *
 * @returns the integration, or in words why it is not run here
 */
export type FindIntegration = (resource: string) => Integration | string;
