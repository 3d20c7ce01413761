import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '@payments/infra/environment';
import type { Owner } from '@payments/infra/names';
import { OWNER_ACCESS_KEY } from '@payments/local-cloud';
import { namedResources, type StackDocument, stackPath } from '../stack-files.ts';
import { isDataOnly, writeDataOnly } from './data-only-stack.ts';
import { DeploymentRefusedError } from './deployment-refused-error.ts';
import { defaultDataDirectory, type RunningEndpoint, runningEndpoint } from './endpoint-file.ts';
import { planOf, type ResourceStep, stepLines, sumOf } from './resource-steps.ts';
import type { StackStatus, StackTarget } from './stack-target.ts';

/** What the local cloud answers. */
interface ControlAnswer {
  readonly stacks?: readonly string[];
  readonly addresses?: readonly string[];
  readonly steps?: readonly ResourceStep[];
  readonly error?: { readonly message: string };
  /** Where the request itself was refused. */
  readonly message?: string;
}

/** The local cloud that `npm start` runs in another process. */
export class LocalTarget implements StackTarget {
  readonly #environment: Environment;
  readonly #endpoint: RunningEndpoint;
  readonly #stacksDirectory: string | undefined;

  private constructor(
    environment: Environment,
    endpoint: RunningEndpoint,
    stacksDirectory: string | undefined,
  ) {
    this.#environment = environment;
    this.#endpoint = endpoint;
    this.#stacksDirectory = stacksDirectory;
  }

  /** Finds the running local cloud. @throws DeploymentRefusedError when none runs, or for another environment */
  static async find(environment: Environment, stacksDirectory: string | undefined): Promise<LocalTarget> {
    const endpoint = runningEndpoint(defaultDataDirectory());
    if (endpoint === undefined) throw notRunning();
    if (endpoint.environment !== environment.name) {
      throw new DeploymentRefusedError(
        `The local cloud that runs plays the environment ${endpoint.environment}, not ${environment.name}: set PAYMENTS_ENV=${endpoint.environment}.`,
      );
    }
    const target = new LocalTarget(environment, endpoint, stacksDirectory);
    await target.#deployedStacks();
    return target;
  }

  async plan(stack: Owner): Promise<boolean> {
    const path = stackPath(stack, this.#stacksDirectory);
    const answer = await this.#send('POST', 'plans', { path });
    console.log(`${stack}, environment ${this.#environment.name}:`);
    const steps = printSteps(answer);
    console.log(planOf(steps));
    return steps.some(({ action }) => action !== 'none');
  }

  async deploy(stack: Owner): Promise<void> {
    const path = stackPath(stack, this.#stacksDirectory);
    await this.#change(stack, 'Deployed', await this.#send('POST', 'stacks', { path }));
  }

  async destroy(stack: Owner): Promise<void> {
    await this.#change(stack, 'Destroyed', await this.#send('DELETE', `stacks/${stack}`));
  }

  async offboard(stack: Owner, document: StackDocument): Promise<void> {
    const path = writeDataOnly(stack, document, this.#stacksDirectory);
    await this.#change(stack, 'Offboarded', await this.#send('POST', 'stacks', { path }));
  }

  async status(stack: Owner): Promise<StackStatus> {
    if (!(await this.#deployedStacks()).includes(stack)) return 'absent';
    // It may have gone since.
    const { addresses = [] } = await this.#send('GET', `stacks/${stack}`);
    if (addresses.length === 0) return 'absent';
    return isDataOnly(addresses) ? 'kept' : 'deployed';
  }

  async dataOf(document: StackDocument): Promise<readonly string[]> {
    const client = {
      endpoint: this.#endpoint.url,
      region: this.#environment.region,
      credentials: OWNER_ACCESS_KEY,
    };
    const documents = new DynamoDBClient(client);
    const s3 = new S3Client(client);
    const held: string[] = [];
    for (const table of namedResources(document, 'aws_dynamodb_table', 'name')) {
      const input = { TableName: table, Select: 'COUNT', Limit: 1 } as const;
      const { Count = 0 } = await unlessAbsent(documents.send(new ScanCommand(input)));
      if (Count > 0) held.push(`the table ${table} has items`);
    }
    for (const bucket of namedResources(document, 'aws_s3_bucket', 'bucket')) {
      const input = { Bucket: bucket, MaxKeys: 1 };
      const { KeyCount = 0 } = await unlessAbsent(s3.send(new ListObjectsV2Command(input)));
      if (KeyCount > 0) held.push(`the bucket ${bucket} has objects`);
    }
    documents.destroy();
    s3.destroy();
    return held;
  }

  async #change(stack: Owner, done: string, answer: ControlAnswer): Promise<void> {
    const steps = printSteps(answer);
    console.log(`${done} ${stack}, environment ${this.#environment.name}: ${sumOf(steps)}.`);
  }

  async #deployedStacks(): Promise<readonly string[]> {
    const { stacks } = await this.#send('GET', 'stacks');
    if (stacks === undefined) throw notRunning();
    return stacks;
  }

  async #send(method: string, path: string, body?: object): Promise<ControlAnswer> {
    try {
      const answer = await fetch(`${this.#endpoint.url}/_local-cloud/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await answer.json()) as ControlAnswer;
    } catch (cause) {
      // A process that has its id by chance may live while the local cloud is gone.
      throw notRunning({ cause });
    }
  }
}

/** Prints what was done, or would be; gives it. @throws DeploymentRefusedError when that failed */
function printSteps({ steps = [], error, message }: ControlAnswer): readonly ResourceStep[] {
  for (const line of stepLines(steps)) console.log(line);
  const problem = error?.message ?? message;
  if (problem !== undefined) throw new DeploymentRefusedError(problem);
  return steps;
}

function notRunning(options?: ErrorOptions): DeploymentRefusedError {
  return new DeploymentRefusedError(
    `No local cloud runs on ${defaultDataDirectory()}: run "npm start" in another terminal and leave it running.`,
    options,
  );
}

async function unlessAbsent<Output>(output: Promise<Output>): Promise<Partial<Output>> {
  try {
    return await output;
  } catch (error) {
    const absent = error instanceof Error && /^(ResourceNotFoundException|NoSuchBucket)$/.test(error.name);
    if (absent) return {};
    throw error;
  }
}
