import type { Environment, StageDeclaration } from '@payments/schemas';
import type { StackName } from '../names.ts';
import type { SynthesizedStack } from '../synthesized-stack.ts';

/** A stack as policies look at it: what Terraform would be given, and what it was to be. */
export interface CheckedStack {
  readonly owner: StackName;
  readonly environment: Environment;
  readonly stack: SynthesizedStack;
  /** What the owner declares; absent for the platform, which is no stage. */
  readonly stage?: StageDeclaration;
  /** What all stages declare, the owner among them. */
  readonly declarations: readonly StageDeclaration[];
}

/** A place that breaks a policy. */
export interface Fault {
  /** The Terraform address of the resource, `aws_sqs_queue.queue`, or the file that declares what is wrong. */
  readonly address: string;
  /** What is wrong with it; it reads on from the address. */
  readonly wrong: string;
  /** What to do, as a sentence to whoever can. */
  readonly remedy: string;
}

/** What no stack may break: one that does is not synthesized. */
export interface Policy {
  /** The name that a fault is told with. */
  readonly name: string;
  /** What it demands, in a sentence. */
  readonly demands: string;
  /** Where the demand comes from: a page of AWS, or a decision of ours. */
  readonly source: string;
  /**
   * What breaks it in a stack.
   *
   * @param others the stacks of the environment that are looked at with it, itself among them; one alone when one is
   *   synthesized alone
   */
  readonly check: (checked: CheckedStack, others: readonly CheckedStack[]) => readonly Fault[];
}
