import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { namedResources, type StackDocument, stackPath } from '../stack-files.ts';
import { writeDataOnly } from './data-only-stack.ts';
import { DeploymentRefusedError } from './deployment-refused-error.ts';
import type { StackStatus, StackTarget } from './stack-target.ts';

/** The programs that take Terraform's commands, the first one that is there. */
const PROGRAMS = ['terraform', 'tofu'];

/** An AWS account, through Terraform on the synthesized stacks, each with its own remote state. */
export class TerraformTarget implements StackTarget {
  readonly #environment: Environment;
  readonly #stacksDirectory: string | undefined;
  readonly #state: NonNullable<Environment['state']>;
  readonly #program: string;
  readonly #s3: S3Client;
  readonly #locks: DynamoDBClient;

  private constructor(environment: Environment, stacksDirectory: string | undefined, program: string) {
    const { state, region } = environment;
    if (state === undefined) {
      throw new DeploymentRefusedError(`The environment ${environment.name} names no bucket for its state.`);
    }
    this.#environment = environment;
    this.#stacksDirectory = stacksDirectory;
    this.#state = state;
    this.#program = program;
    this.#s3 = new S3Client({ region });
    this.#locks = new DynamoDBClient({ region });
  }

  /** @throws DeploymentRefusedError when Terraform or credentials are missing */
  static async find(environment: Environment, stacksDirectory: string | undefined): Promise<TerraformTarget> {
    const target = new TerraformTarget(environment, stacksDirectory, findProgram());
    await target.#haveCredentials();
    return target;
  }

  async deploy(stack: Owner): Promise<void> {
    await this.#run(stack, 'apply');
  }

  async offboard(stack: Owner, document: StackDocument): Promise<void> {
    const path = writeDataOnly(stack, document, this.#stacksDirectory);
    await this.#run(stack, 'apply', dirname(path));
  }

  async destroy(stack: Owner): Promise<void> {
    await this.#run(stack, 'destroy');
  }

  /** By the state that Terraform keeps in the environment's bucket, and by its lock. */
  async status(stack: Owner): Promise<StackStatus> {
    const { bucket, lockTable } = this.#state;
    const Key = `${this.#environment.system}/${this.#environment.name}/${stack}.tfstate`;
    try {
      const lock = { TableName: lockTable, Key: { LockID: { S: `${bucket}/${Key}` } }, ConsistentRead: true };
      const { Item } = await this.#locks.send(new GetItemCommand(lock));
      if (Item !== undefined) return 'busy';
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const state = JSON.parse((await Body?.transformToString()) ?? '{}') as { resources?: unknown[] };
      return (state.resources ?? []).length > 0 ? 'deployed' : 'absent';
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'NoSuchKey') return 'absent';
      const missing =
        error.name === 'NoSuchBucket'
          ? `bucket ${bucket}`
          : error.name === 'ResourceNotFoundException'
            ? `lock table ${lockTable}`
            : undefined;
      const message =
        missing === undefined
          ? `The state of ${stack} in the bucket ${bucket} cannot be read: ${error.name}: ${error.message}.`
          : `The ${missing} for the state of the environment ${this.#environment.name} is not there: create it first.`;
      throw new DeploymentRefusedError(message, { cause: error });
    }
  }

  /** Whether a table or bucket of an account is empty is not for a deployment's role to read: all count. */
  async dataOf(document: StackDocument): Promise<readonly string[]> {
    return [
      ...namedResources(document, 'aws_dynamodb_table', 'name').map((name) => `the table ${name}`),
      ...namedResources(document, 'aws_s3_bucket', 'bucket').map((name) => `the bucket ${name}`),
    ];
  }

  async #haveCredentials(): Promise<void> {
    try {
      await this.#s3.config.credentials();
    } catch (cause) {
      throw new DeploymentRefusedError(
        `There are no credentials for the AWS account ${this.#environment.accountId}: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
        { cause },
      );
    }
  }

  async #run(
    stack: Owner,
    command: 'apply' | 'destroy',
    directory = dirname(stackPath(stack, this.#stacksDirectory)),
  ): Promise<void> {
    for (const args of [
      ['init', '-input=false'],
      [command, '-input=false', '-auto-approve'],
    ]) {
      const ended = await runProgram(this.#program, [`-chdir=${directory}`, ...args]);
      if (ended === 0) continue;
      const how = typeof ended === 'number' ? `ended with ${ended}` : `was ended by ${ended}`;
      throw new DeploymentRefusedError(`${this.#program} ${args[0]} of ${stack} ${how}; see above.`);
    }
  }
}

/** Runs a program with this one's input and output; gives its exit status, or the signal that ended it. */
async function runProgram(program: string, args: readonly string[]): Promise<number | NodeJS.Signals> {
  const child = spawn(program, args, { stdio: 'inherit' });
  // Ctrl-C reaches Terraform too, which then finishes what it has begun and releases its lock: wait for that.
  const forward = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT') child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  for (const each of ['SIGINT', 'SIGTERM'] as const) process.off(each, forward);
  return status ?? signal ?? 1;
}

function findProgram(): string {
  const chosen = process.env['PAYMENTS_TERRAFORM'];
  const candidates = chosen === undefined ? PROGRAMS : [chosen];
  const found = candidates.find((program) => spawnSync(program, ['version']).error === undefined);
  if (found !== undefined) return found;
  throw new DeploymentRefusedError(
    chosen === undefined
      ? 'Neither terraform nor tofu is in the PATH: install one, or name it in PAYMENTS_TERRAFORM.'
      : `PAYMENTS_TERRAFORM names ${chosen}, which cannot be run.`,
  );
}
