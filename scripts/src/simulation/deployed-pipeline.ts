import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { syntheticAccounts, syntheticCards } from '@payments/ingest/synthetic-load';
import { type CloudOptions, type LocalCloud, openCloud, SimulatedRuntime } from '@payments/local-cloud';
import { type Seed, seedReferenceData } from '../reference-data.ts';
import { STACK_NAMES } from '../stack-files.ts';

/** When virtual time begins; deploying takes none. */
export const STARTS_AT = Date.parse('2026-11-22T12:00:00Z');
/** How many synthetic cards a simulated load uses: few, so that a run is short. */
export const SIMULATED_CARDS = 30;
/** The seed of what is random when deploying. */
const DEPLOYMENT_SEED = 1;

/** What this process keeps while it runs. */
const SCRATCH = mkdtempSync(join(tmpdir(), 'payments-simulation-'));
process.on('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));
/** All runs share the unpacked bundles, so that each is compiled once. */
const BUNDLES = join(SCRATCH, 'bundles');

type RunOptions = Pick<CloudOptions, 'runtime' | 'faults' | 'onWarning'>;

/** A cloud of its own for one run. */
export interface RunCloud {
  readonly cloud: LocalCloud;
  /** Closes it and removes what it wrote. */
  remove(): Promise<void>;
}

/** The pipeline, deployed and seeded once: every run begins with a copy of its store. */
export class DeployedPipeline {
  readonly environment: Environment;
  readonly #dataDirectory = mkdtempSync(join(SCRATCH, 'deployed-'));

  private constructor(environment: Environment) {
    this.environment = environment;
  }

  /**
   * Deploys every stack and seeds reference data, without faults.
   *
   * @param stacks where the environment's stacks lie: `<directory>/<stack>/cdk.tf.json`
   */
  static async deploy(environment: Environment, stacks: string, reference: Seed): Promise<DeployedPipeline> {
    const pipeline = new DeployedPipeline(environment);
    const runtime = new SimulatedRuntime(DEPLOYMENT_SEED, STARTS_AT);
    const cloud = await pipeline.#openCloud(pipeline.#dataDirectory, { runtime });
    try {
      for (const stack of STACK_NAMES) await cloud.deploy(`${stacks}/${stack}/cdk.tf.json`);
      const configuration = cloud.sdkConfiguration();
      const lambda = new LambdaClient(configuration);
      const documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
      const cards = [...reference.cards, ...syntheticCards(SIMULATED_CARDS)];
      const accounts = syntheticAccounts(SIMULATED_CARDS);
      await seedReferenceData(environment, { lambda, documents }, { ...reference, cards, accounts });
    } finally {
      await cloud.close();
    }
    return pipeline;
  }

  /** Opens a copy, which goes on from where deploying and seeding ended. */
  async open(options: RunOptions): Promise<RunCloud> {
    const dataDirectory = mkdtempSync(join(SCRATCH, 'run-'));
    cpSync(this.#dataDirectory, dataDirectory, { recursive: true });
    const cloud = await this.#openCloud(dataDirectory, options);
    const remove = async (): Promise<void> => {
      await cloud.close();
      rmSync(dataDirectory, { recursive: true });
    };
    return { cloud, remove };
  }

  #openCloud(dataDirectory: string, options: RunOptions): Promise<LocalCloud> {
    const { accountId: id, region } = this.environment;
    const host = 'in-process';
    return openCloud({ ...options, account: { id, region }, dataDirectory, bundlesDirectory: BUNDLES, host });
  }
}
