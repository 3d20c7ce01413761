import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { type LocalCloud, openCloud } from '@payments/local-cloud';
import { readStackFile, STACK_NAMES, stackPath } from './stack-files.ts';

/** The local cloud with all stacks deployed, and clients that act as the machine's owner. */
export interface LocalRun {
  readonly cloud: LocalCloud;
  readonly lambda: LambdaClient;
  readonly documents: DynamoDBDocumentClient;
}

/** What a local run stands on. */
export interface LocalRunOptions {
  /** Where state lives. */
  readonly dataDir: string;
  /** Empty the data directory first. */
  readonly fresh: boolean;
  /** A directory that holds `<stack>/cdk.tf.json` for each stack; the packages' own stacks when absent. */
  readonly stacksDirectory?: string | undefined;
}

/**
 * Opens the local cloud on a data directory and deploys every stack to it; stacks that have not changed are
 * left as they are.
 *
 * @param onDeployed called after each stack with how many of its resources were made, changed or removed
 * @throws StackFileError before anything is opened, when a stack is not there or is another environment's
 */
export async function openLocalRun(
  environment: Environment,
  { dataDir, fresh, stacksDirectory }: LocalRunOptions,
  onDeployed: (stack: string, changes: number) => void,
): Promise<LocalRun> {
  for (const stack of STACK_NAMES) readStackFile(stack, environment.name, stacksDirectory);
  const directory = resolve(dataDir);
  if (fresh) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const cloud = await openCloud({
    account: { id: environment.accountId, region: environment.region },
    dataDirectory: directory,
    host: 'workers',
  });
  try {
    for (const stack of STACK_NAMES) {
      let changes = 0;
      await cloud.deploy(stackPath(stack, stacksDirectory), ({ action }) => {
        if (action !== 'none') changes += 1;
      });
      onDeployed(stack, changes);
    }
  } catch (error) {
    await cloud.close();
    throw error;
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
