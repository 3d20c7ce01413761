import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  DEFAULT_ENVIRONMENT,
  type Environment,
  environmentNames,
  loadEnvironment,
  runsLocally,
} from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { LocalCloud, OWNER_ACCESS_KEY, type SdkConfiguration } from '@payments/local-cloud';
import { defaultDataDirectory, runningEndpoint } from '../deployment/endpoint-file.ts';
import { ROOT } from '../stack-files.ts';

/** The file that the local cloud keeps its state in. */
const STORE_FILE = 'cloud.sqlite';

/** The options that commands with a connection have in common, for `parseArgs`. */
export const CONNECTION_OPTIONS = { 'data-dir': { type: 'string' }, env: { type: 'string' } } as const;

/** The same as lines of a command's help. */
export const CONNECTION_HELP = `  --data-dir <dir>       the data directory of the local cloud (default: PAYMENTS_DATA_DIR, or .payments/)
  --env <name>           the environment (default: PAYMENTS_ENV, or the one that the local cloud plays)`;

/** Where a command is to look. */
export interface ConnectionOptions {
  /** The data directory of the local cloud; `PAYMENTS_DATA_DIR` or `.payments/` when absent. */
  readonly dataDir?: string | undefined;
  /** The environment's name; `PAYMENTS_ENV`, or the one that the local cloud plays, when absent. */
  readonly environment?: string | undefined;
}

/** What any client of the AWS SDK can be made with to reach an environment. */
export type ClientConfiguration = Partial<SdkConfiguration> & {
  readonly region: string;
  readonly endpoint?: string;
};

/** An environment's AWS services, as a command uses them. */
export interface Connection {
  readonly environment: Environment;
  /**
   * What answers: the local cloud that runs in another process; the local cloud's state, opened by this process,
   * in which nothing runs by itself; or an AWS account.
   */
  readonly kind: 'running' | 'at-rest' | 'aws';
  /** The URL of the running local cloud. */
  readonly endpoint: string | undefined;
  /** The local cloud whose state this process has opened. */
  readonly cloud: LocalCloud | undefined;
  /** For clients that are not here. */
  readonly configuration: ClientConfiguration;
  readonly documents: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  /** Must be called at the end: an open store keeps others out. */
  close(): Promise<void>;
}

/** There is nothing to connect to; the message says what to do about it. */
export class ConnectionRefusedError extends Error {
  override readonly name = 'ConnectionRefusedError';
  readonly code = 'ConnectionRefused';
  readonly retryable = true;
}

/** The values of `CONNECTION_OPTIONS` as `parseArgs` gives them. */
export function connectionOptions(values: {
  readonly 'data-dir'?: string | undefined;
  readonly env?: string | undefined;
}): ConnectionOptions {
  return { dataDir: values['data-dir'], environment: values.env };
}

/**
 * Connects to an environment: an AWS account when its file names one; else the local cloud that runs on the data
 * directory, or its state when none runs. Nothing is deployed, and nothing that waits there is processed.
 *
 * @throws ConnectionRefusedError when the data directory holds nothing, or the local cloud plays another
 *   environment; EnvironmentRefusedError for an environment that has no valid file
 */
export async function openConnection(options: ConnectionOptions = {}): Promise<Connection> {
  const dataDirectory = options.dataDir === undefined ? defaultDataDirectory() : resolve(options.dataDir);
  const named = options.environment ?? (process.env['PAYMENTS_ENV'] || undefined);
  const namedEnvironment = named === undefined ? undefined : loadEnvironment(named);
  if (namedEnvironment !== undefined && !runsLocally(namedEnvironment)) return connectToAws(namedEnvironment);
  const running = runningEndpoint(dataDirectory);
  if (running !== undefined) {
    refuseOther(dataDirectory, running.environment, namedEnvironment);
    const environment = loadEnvironment(running.environment);
    const { region } = environment;
    const configuration = { region, endpoint: running.url, credentials: OWNER_ACCESS_KEY };
    return connect(environment, 'running', { ...configuration, useQueueUrlAsEndpoint: false }, running.url);
  }
  return openState(dataDirectory, namedEnvironment);
}

function connectToAws(environment: Environment): Connection {
  return connect(environment, 'aws', { region: environment.region }, undefined);
}

/** Opens the state of a local cloud that does not run; nothing in it is taken up. */
async function openState(dataDirectory: string, named: Environment | undefined): Promise<Connection> {
  const shown = relative(ROOT, dataDirectory) || '.';
  if (!existsSync(join(dataDirectory, STORE_FILE))) {
    throw new ConnectionRefusedError(
      `No local cloud runs on ${shown} and it holds no state of one: run "npm start" first, or name another directory with --data-dir.`,
    );
  }
  const { accountId: id, region } = named ?? loadEnvironment(DEFAULT_ENVIRONMENT);
  const cloud = new LocalCloud({ account: { id, region }, dataDirectory, host: 'in-process' });
  try {
    const configuration = cloud.sdkConfiguration();
    const played = await playedEnvironment(configuration);
    if (played === undefined) {
      throw new ConnectionRefusedError(
        `The local cloud of ${shown} has no pipeline deployed: run "npm start" first.`,
      );
    }
    refuseOther(dataDirectory, played, named);
    return connect(loadEnvironment(played), 'at-rest', configuration, undefined, cloud);
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** The environment whose authorization log is among the tables. */
async function playedEnvironment(configuration: SdkConfiguration): Promise<string | undefined> {
  const { TableNames = [] } = await new DynamoDBClient(configuration).send(new ListTablesCommand({}));
  return environmentNames().find((name) =>
    TableNames.includes(resourceName(loadEnvironment(name), 'ingest', 'authorizations')),
  );
}

function refuseOther(dataDirectory: string, played: string, named: Environment | undefined): void {
  if (named === undefined || named.name === played) return;
  throw new ConnectionRefusedError(
    `The local cloud of ${relative(ROOT, dataDirectory) || '.'} plays the environment ${played}, not ${named.name}: say --env ${played}, or name another directory with --data-dir.`,
  );
}

function connect(
  environment: Environment,
  kind: Connection['kind'],
  configuration: ClientConfiguration,
  endpoint: string | undefined,
  cloud?: LocalCloud,
): Connection {
  const database = new DynamoDBClient(configuration);
  const clients = {
    s3: new S3Client(configuration),
    lambda: new LambdaClient(configuration),
    sqs: new SQSClient(configuration),
    events: new EventBridgeClient(configuration),
  };
  return {
    environment,
    kind,
    endpoint,
    cloud,
    configuration,
    documents: DynamoDBDocumentClient.from(database, { marshallOptions: { removeUndefinedValues: true } }),
    ...clients,
    close: async () => {
      for (const client of [database, ...Object.values(clients)]) client.destroy();
      await cloud?.close();
    },
  };
}
