import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { STAGES } from '@payments/schemas';

const ROOT = new URL('../../', import.meta.url);
/** Every stack in the order in which they are deployed: the platform first, each stage after what it reads. */
const STACKS = [
  { name: 'platform', folder: 'infra' },
  ...STAGES.map((stage) => ({ name: stage, folder: `packages/${stage}` })),
] as const;

/** The local cloud with all stacks deployed, and clients that act as the machine's owner. */
export interface LocalRun {
  readonly cloud: LocalCloud;
  readonly lambda: LambdaClient;
  readonly documents: DynamoDBDocumentClient;
}

/** Where the synthesized stack of a package lies. */
export function stackPath({ name, folder }: { readonly name: string; readonly folder: string }): string {
  return fileURLToPath(new URL(`${folder}/dist/synth/stacks/${name}/cdk.tf.json`, ROOT));
}

/** The names of all stacks, in the order of their deployment. */
export const STACK_NAMES = STACKS.map(({ name }) => name);

/**
 * Opens the local cloud on a data directory and deploys every stack to it; stacks that have not changed are
 * left as they are.
 *
 * @param onDeployed called after each stack with what was changed in it
 */
export async function openLocalRun(
  environment: Environment,
  { dataDir, fresh }: { readonly dataDir: string; readonly fresh: boolean },
  onDeployed: (stack: string, changes: number) => void,
): Promise<LocalRun> {
  const directory = resolve(dataDir);
  if (fresh) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const cloud = await openCloud({
    account: { id: environment.accountId, region: environment.region },
    dataDirectory: directory,
    host: 'workers',
  });
  for (const stack of STACKS) {
    let changes = 0;
    await cloud.deploy(stackPath(stack), () => {
      changes += 1;
    });
    onDeployed(stack.name, changes);
  }
  const configuration = cloud.sdkConfiguration();
  return {
    cloud,
    lambda: new LambdaClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}
