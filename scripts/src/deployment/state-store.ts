import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '@payments/infra/environment';
import type { StackName } from '@payments/infra/names';
import { DeploymentRefusedError } from './deployment-refused-error.ts';

/** The Terraform state of a stack, as far as it is read here. */
export interface StackState {
  /** The Terraform types of what is deployed; of a stack that was never deployed, none. */
  readonly types: readonly string[];
  /** Somebody is changing it. */
  readonly isLocked: boolean;
}

/** The bucket in which Terraform keeps the states of an environment's stacks, and puts a lock beside each. */
export class StateStore {
  readonly bucket: string;
  readonly #environment: Environment;
  readonly #s3: S3Client;

  private constructor(environment: Environment, bucket: string) {
    this.bucket = bucket;
    this.#environment = environment;
    this.#s3 = new S3Client({ region: environment.region });
  }

  /** @throws DeploymentRefusedError when the environment names no bucket, or there are no credentials */
  static async of(environment: Environment): Promise<StateStore> {
    const { name, state, accountId } = environment;
    if (state === undefined)
      throw new DeploymentRefusedError(
        `${name} is an environment of the local cloud, which keeps its own state.`,
      );
    const store = new StateStore(environment, state.bucket);
    try {
      await store.#s3.config.credentials();
    } catch (cause) {
      throw new DeploymentRefusedError(
        `There are no credentials for the AWS account ${accountId}: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
        { cause },
      );
    }
    return store;
  }

  /** @throws DeploymentRefusedError when the bucket is not there, or cannot be read */
  async read(stack: StackName): Promise<StackState> {
    const state = await this.find(stack);
    if (state !== undefined) return state;
    const { name } = this.#environment;
    throw new DeploymentRefusedError(
      `The bucket ${this.bucket} for the state of the environment ${name} is not there: "npm run -s payments -- bootstrap --env ${name} --repository <owner/name>" makes it.`,
    );
  }

  /** As `read`, or undefined when the bucket is not there. @throws DeploymentRefusedError when it cannot be read */
  async find(stack: StackName): Promise<StackState | undefined> {
    const key = `${this.#environment.system}/${this.#environment.name}/${stack}.tfstate`;
    try {
      const isLocked = (await this.#textOf(`${key}.tflock`)) !== undefined;
      const state = JSON.parse((await this.#textOf(key)) ?? '{}') as {
        readonly resources?: readonly { readonly mode?: string; readonly type: string }[];
      };
      const made = (state.resources ?? []).filter(({ mode }) => mode !== 'data');
      return { types: made.map(({ type }) => type), isLocked };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'NoSuchBucket') return undefined;
      throw new DeploymentRefusedError(
        `The state of ${stack} in the bucket ${this.bucket} cannot be read: ${error.name}: ${error.message}.`,
        { cause: error },
      );
    }
  }

  /** An object's text, or undefined when there is none. */
  async #textOf(Key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }
}
