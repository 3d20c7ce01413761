import { dirname } from 'node:path';
import type { Environment } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { namedResources, type StackDocument, stackPath } from '../stack-files.ts';
import { isDataOnly, writeDataOnly } from './data-only-stack.ts';
import type { StackStatus, StackTarget } from './stack-target.ts';
import { StateStore } from './state-store.ts';
import { TerraformProgram } from './terraform-program.ts';

const APPLY = ['apply', '-input=false', '-auto-approve'];
/** It takes no lock, so that whoever plans need not be allowed to write anything. */
const PLAN = ['plan', '-input=false', '-lock=false', '-detailed-exitcode'];
/** How `plan -detailed-exitcode` ends when there is something to do. */
const CHANGES_STATUS = 2;

/** An AWS account, through Terraform on the synthesized stacks, each with its own remote state. */
export class TerraformTarget implements StackTarget {
  readonly #stacksDirectory: string | undefined;
  readonly #program: TerraformProgram;
  readonly #states: StateStore;

  private constructor(program: TerraformProgram, states: StateStore, stacksDirectory: string | undefined) {
    this.#program = program;
    this.#states = states;
    this.#stacksDirectory = stacksDirectory;
  }

  /** @throws DeploymentRefusedError when Terraform, credentials or the bucket of the state are missing */
  static async find(environment: Environment, stacksDirectory: string | undefined): Promise<TerraformTarget> {
    const program = TerraformProgram.find();
    const states = await StateStore.of(environment);
    // Any state tells whether the bucket can be read.
    await states.read('platform');
    return new TerraformTarget(program, states, stacksDirectory);
  }

  async plan(stack: Owner): Promise<boolean> {
    const directory = await this.#initialized(stack, stackPath(stack, this.#stacksDirectory));
    return (await this.#program.run(stack, directory, PLAN, CHANGES_STATUS)) === CHANGES_STATUS;
  }

  async deploy(stack: Owner): Promise<void> {
    const directory = await this.#initialized(stack, stackPath(stack, this.#stacksDirectory));
    await this.#program.run(stack, directory, APPLY);
  }

  async offboard(stack: Owner, document: StackDocument): Promise<void> {
    const directory = await this.#initialized(stack, writeDataOnly(stack, document, this.#stacksDirectory));
    await this.#program.run(stack, directory, APPLY);
  }

  async destroy(stack: Owner): Promise<void> {
    const directory = await this.#initialized(stack, stackPath(stack, this.#stacksDirectory));
    await this.#program.run(stack, directory, ['destroy', '-input=false', '-auto-approve']);
  }

  /** By the state that Terraform keeps in the environment's bucket, and by the lock that it puts beside it. */
  async status(stack: Owner): Promise<StackStatus> {
    const { types, isLocked } = await this.#states.read(stack);
    if (isLocked) return 'busy';
    if (types.length === 0) return 'absent';
    return isDataOnly(types) ? 'kept' : 'deployed';
  }

  /** Whether a table or bucket of an account is empty is not for a deployment's role to read: all count. */
  async dataOf(document: StackDocument): Promise<readonly string[]> {
    return [
      ...namedResources(document, 'aws_dynamodb_table', 'name').map((name) => `the table ${name}`),
      ...namedResources(document, 'aws_s3_bucket', 'bucket').map((name) => `the bucket ${name}`),
    ];
  }

  /** The directory of a stack's file, ready for commands. */
  async #initialized(stack: Owner, path: string): Promise<string> {
    const directory = dirname(path);
    await this.#program.run(stack, directory, ['init', '-input=false']);
    return directory;
  }
}
