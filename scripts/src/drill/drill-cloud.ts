import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { identifierOf } from '@payments/domain';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import {
  type FaultRates,
  type LocalCloud,
  openCloud,
  type SeededFaults,
  SimulatedRuntime,
} from '@payments/local-cloud';
import type { EventName, Metadata, StageName } from '@payments/schemas';
import { ingestInput } from '../ingest-input.ts';
import { numbered } from '../input-lines.ts';
import { invoke } from '../invoke.ts';
import { type Seed, seedReferenceData } from '../reference-data.ts';
import { CountingFaults } from '../simulation/counting-faults.ts';
import { STACK_NAMES } from '../stack-files.ts';
import { LosingFaults } from './losing-faults.ts';

/** When virtual time begins: soon after the synthetic load was authorized, for what is older is no matter of timing. */
const STARTS_AT = Date.parse('2026-11-15T01:00:00Z');
const MINUTE_MS = 60_000;
/** How long the pipeline may take, in virtual time, until it counts as stuck. */
const REST_LIMIT_MINUTES = 12 * 60;
/** While nothing changes, what runs every minute and found nothing runs so often. */
const IDLE_EVERY_MS = 10 * MINUTE_MS;
/** A call that meets a fault is repeated so often; time stands still meanwhile. */
const CALL_ATTEMPTS = 50;

/** What a drill's cloud is made of. */
export interface DrillCloudOptions {
  readonly environment: Environment;
  /** Where the environment's stacks lie: `<directory>/<stack>/cdk.tf.json`. */
  readonly stacks: string;
  /** The course of events. */
  readonly seed: number;
  readonly rates: FaultRates;
  /** Where the run's data stays; nowhere when absent. */
  readonly dataDirectory?: string | undefined;
}

/** The pipeline did not come to its end. */
export class DrillStuckError extends Error {
  override readonly name = 'DrillStuckError';
  readonly code = 'DrillStuck';
  readonly retryable = false;
}

/** All runs of a process share the unpacked bundles, so that each is compiled once. */
const BUNDLES = mkdtempSync(join(tmpdir(), 'payments-drill-'));
process.on('exit', () => rmSync(BUNDLES, { recursive: true, force: true }));

/** The pipeline on a local cloud in virtual time, where hours of waiting take seconds, with events that are lost. */
export class DrillCloud {
  readonly environment: Environment;
  readonly cloud: LocalCloud;
  readonly documents: DynamoDBDocumentClient;
  readonly losses: LosingFaults;
  readonly #runtime: SimulatedRuntime;
  readonly #faults: SeededFaults;
  readonly #lambda: LambdaClient;
  readonly #events: EventBridgeClient;

  private constructor(
    environment: Environment,
    cloud: LocalCloud,
    runtime: SimulatedRuntime,
    faults: { readonly seeded: SeededFaults; readonly losing: LosingFaults },
  ) {
    this.environment = environment;
    this.cloud = cloud;
    this.losses = faults.losing;
    this.#runtime = runtime;
    this.#faults = faults.seeded;
    const configuration = cloud.sdkConfiguration();
    this.#lambda = new LambdaClient(configuration);
    this.#events = new EventBridgeClient(configuration);
    this.documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration), {
      marshallOptions: { removeUndefinedValues: true },
    });
  }

  /** Opens a cloud of its own and deploys every stack to it; faults begin with `disturb`. */
  static async open(options: DrillCloudOptions): Promise<DrillCloud> {
    const { environment, stacks, seed, rates, dataDirectory = ':memory:' } = options;
    const idle = { changes: () => seeded.changes, everyMs: IDLE_EVERY_MS };
    const runtime = new SimulatedRuntime(seed, STARTS_AT, idle);
    const seeded = new CountingFaults(() => runtime.random(), rates, eventIdOf);
    const losing = new LosingFaults(seeded, (stage) => resourceName(environment, stage, 'subscription'));
    const cloud = await openCloud({
      account: { id: environment.accountId, region: environment.region },
      dataDirectory,
      bundlesDirectory: BUNDLES,
      host: 'in-process',
      runtime,
      faults: losing,
      // Faults and breaks meet the alarms too, which say so.
      onWarning: () => undefined,
    });
    for (const stack of STACK_NAMES) await cloud.deploy(`${stacks}/${stack}/cdk.tf.json`);
    return new DrillCloud(environment, cloud, runtime, { seeded, losing });
  }

  /** Lets the seeded faults happen from now on, or no more. */
  disturb(enabled: boolean): void {
    this.#faults.enabled = enabled;
  }

  /** Loads reference data, again where it met a fault. */
  async loadReference(seed: Seed): Promise<void> {
    const clients = { lambda: this.#lambda, documents: this.documents };
    await this.#again(() => seedReferenceData(this.environment, clients, seed));
  }

  /** Ingests lines; gives the transactions that they were taken for. */
  async ingest(lines: readonly string[]): Promise<readonly string[]> {
    const persistence = { sleep: () => Promise.resolve(), attempts: CALL_ATTEMPTS };
    const { sentAt } = await ingestInput(
      this.environment,
      this.#lambda,
      numbered(lines),
      () => undefined,
      persistence,
    );
    return [...sentAt.keys()];
  }

  /** Puts an event on the bus as a stage would. */
  async publish(stage: StageName, event: EventName, records: readonly object[]): Promise<void> {
    const eventId = identifierOf(event, JSON.stringify(records));
    const metadata: Metadata = {
      eventId,
      schemaVersion: 1,
      producedBy: `payments.${stage}`,
      producedAt: new Date(this.#runtime.now()).toISOString(),
      source: 'DRILL',
      deliveryMode: 'real-time',
      recordCount: records.length,
      correlationId: eventId,
      traceparent: `00-${eventId.replaceAll('-', '')}-${eventId.replaceAll('-', '').slice(0, 16)}-01`,
    };
    const Entry = {
      EventBusName: resourceName(this.environment, 'platform', 'bus'),
      Source: metadata.producedBy,
      DetailType: event,
      Detail: JSON.stringify({ metadata, records }),
    };
    for (let attempt = 1; ; attempt += 1) {
      const { FailedEntryCount } = await this.#events.send(new PutEventsCommand({ Entries: [Entry] }));
      if (FailedEntryCount === 0) return;
      if (attempt === CALL_ATTEMPTS) throw new DrillStuckError(`the bus does not take ${event}`);
    }
  }

  /** Goes on until no stage has anything to do by itself. @throws DrillStuckError */
  async rest(): Promise<void> {
    const until = this.#runtime.now() + REST_LIMIT_MINUTES * MINUTE_MS;
    if (await this.#runtime.run({ atRest: () => this.cloud.atRest(), until })) return;
    const outstanding = JSON.stringify(this.cloud.outstanding());
    throw new DrillStuckError(`not at rest after ${REST_LIMIT_MINUTES / 60} virtual hours: ${outstanding}`);
  }

  /** Lets so much virtual time pass. */
  async pass(minutes: number): Promise<void> {
    await this.#runtime.run({ until: this.#runtime.now() + minutes * MINUTE_MS });
  }

  /** Invokes a function of a stage, again where it met a fault. */
  call<Answer>(stage: StageName, fn: string, request: object): Promise<Answer> {
    return this.#again(() =>
      invoke<Answer>(this.#lambda, resourceName(this.environment, stage, fn), request),
    );
  }

  async #again<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (attempts === CALL_ATTEMPTS || !this.#faults.enabled) throw error;
      }
    }
  }

  /** How much virtual time has passed, in minutes. */
  get minutes(): number {
    return Math.round((this.#runtime.now() - STARTS_AT) / MINUTE_MS);
  }

  async close(): Promise<void> {
    await this.cloud.close();
  }
}

/** The id that our envelope gives an event: the same one again is the same event. */
function eventIdOf(detail: string): string {
  return /"eventId":"([0-9a-f-]{36})"/.exec(detail)?.[1] ?? detail;
}
