import type { Owner } from '@payments/infra/names';
import type { StackDocument } from '../stack-files.ts';

/** `absent` has nothing deployed; `kept` only what holds data; `busy` is being deployed or removed just now. */
export type StackStatus = 'absent' | 'kept' | 'deployed' | 'busy';

/** Where the stacks of an environment are deployed to. Every method may throw DeploymentRefusedError. */
export interface StackTarget {
  /** Prints what `deploy` would do to each resource, and the sums; changes nothing. True when it would do anything. */
  plan(stack: Owner): Promise<boolean>;
  /** Prints what is done to each resource, and the sums. */
  deploy(stack: Owner): Promise<void>;
  /** Removes the stack with all that it holds; prints as `deploy` does. */
  destroy(stack: Owner): Promise<void>;
  /** Removes all of the stack but what holds data (`dataOnly`); prints as `deploy` does. */
  offboard(stack: Owner, document: StackDocument): Promise<void>;
  status(stack: Owner): Promise<StackStatus>;
  /** The tables and buckets whose data would go with the stack, as sentences without an end. */
  dataOf(document: StackDocument): Promise<readonly string[]>;
}
