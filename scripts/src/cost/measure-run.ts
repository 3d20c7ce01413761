import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import { platformNames } from '@payments/infra/platform-names';
import { syntheticAccounts, syntheticCards, syntheticLoad } from '@payments/ingest/synthetic-load';
import { type Faults, type LocalCloud, NO_FAULTS, openCloud } from '@payments/local-cloud';
import { invoke } from '../invoke.ts';
import { sampleSeed, seedReferenceData } from '../reference-data.ts';
import { namedResources, readStackFile, STACK_NAMES, type StackDocument, stackPath } from '../stack-files.ts';
import { ASSUMED_LATENCIES_MS } from './assumptions.ts';
import { CallMeter } from './call-meter.ts';
import { ConcurrentRuntime } from './concurrent-runtime.ts';
import type { FunctionUse, RecordedRun, TableGrowth } from './recorded-run.ts';

/** When virtual time begins: soon after the synthetic load was authorized. */
const STARTS_AT = Date.parse('2026-11-15T01:00:00Z');
/** How long the run may take in virtual time. */
const LIMIT_MS = 6 * 60 * 60 * 1000;
/** Whether all is at rest is looked at once in so many steps of the clock. */
const REST_CHECK_STEPS = 25;
const SAMPLE = new URL('../../../sample/', import.meta.url);

/** How the schedules end that empty a queue. */
const DRAIN = '-drain';

/** How many authorizations come with one call: in real time each by itself, in a batch as a file has them. */
const LINES_A_CALL = { 'real-time': 1, 'near-real-time': 25, batch: 250 } as const;

/** What is to be run. */
export interface MeasureOptions {
  readonly environment: Environment;
  /** Where the environment's stacks lie: `<directory>/<stack>/cdk.tf.json`. */
  readonly stacks: string;
  readonly transactions: number;
  /** How fast they come, in virtual time. */
  readonly perSecond: number;
  readonly seed: number;
  /** The day of the record. */
  readonly today: string;
}

/** The run did not come to its end, or lost something: it is no measure. */
export class MeasurementFailedError extends Error {
  override readonly name = 'MeasurementFailedError';
  readonly code = 'MeasurementFailed';
  readonly retryable = false;
}

/**
 * Runs a made-up load through an environment's stacks on a local cloud of its own, in virtual time, in which each
 * call takes as long as AWS is assumed to take, and writes down what AWS would have been asked.
 *
 * @throws MeasurementFailedError
 */
export async function measureRun(options: MeasureOptions): Promise<RecordedRun> {
  const { environment, stacks, transactions, perSecond, seed } = options;
  const { metricsNamespace } = platformNames(environment);
  const documents = STACK_NAMES.map((stack) => readStackFile(stack, environment.name, stacks));
  const runtime = new ConcurrentRuntime(seed, STARTS_AT);
  const deliveries = new Map<string, { events: number; records: number }>();
  const bundles = mkdtempSync(join(tmpdir(), 'payments-measure-'));
  const cloud = await openCloud({
    account: { id: environment.accountId, region: environment.region },
    dataDirectory: ':memory:',
    bundlesDirectory: bundles,
    host: 'in-process',
    runtime,
    faults: countingDeliveries(deliveries, environment),
    onWarning: () => undefined,
  });
  try {
    for (const stack of STACK_NAMES) await cloud.deploy(stackPath(stack, stacks));
    await stopSchedules(cloud, documents);
    const lambda = new LambdaClient(cloud.sdkConfiguration());
    await seedReference(environment, cloud, lambda);
    const nameOf = unprefixed(environment);
    const uses = (): ReadonlyMap<string, FunctionUse> => functionUses(cloud, documents, nameOf);
    const before = { billed: cloud.billed(), tables: await tableSizes(cloud), uses: uses() };
    const meter = new CallMeter(ASSUMED_LATENCIES_MS, (milliseconds) => runtime.sleep(milliseconds));
    meter.start(cloud);
    await flow(options, { runtime, cloud, lambda });
    return {
      environment: environment.name,
      recordedOn: options.today,
      transactions,
      perSecond,
      seed,
      delivery: { sources: environment.sources, subscribers: environment.subscribers },
      billed: difference(cloud.billed(), before.billed),
      calls: sorted(meter.calls),
      deliveries: sorted(deliveries),
      functions: additionalUse(uses(), before.uses),
      tables: growth(await tableSizes(cloud), before.tables, meter, nameOf),
      objects: sorted(new Map([...meter.objects].map(([key, count]) => [nameOf(key), count]))),
      metrics: cloud.services.monitoring.metrics
        .metrics()
        .filter(({ namespace }) => namespace === metricsNamespace).length,
      resources: resourceCounts(documents),
    };
  } finally {
    await cloud.close();
    rmSync(bundles, { recursive: true, force: true });
  }
}

/**
 * Deletes what runs by the clock, but for the drains of queues: it costs by the month, and a short run would count it,
 * and the patching of breaks with its replays, as if every load had so much of it.
 */
async function stopSchedules(cloud: LocalCloud, documents: readonly StackDocument[]): Promise<void> {
  const names = documents.flatMap((document) => namedResources(document, 'aws_scheduler_schedule', 'name'));
  for (const Name of names.filter((name) => !name.endsWith(DRAIN))) {
    await cloud.call('scheduler', 'DeleteSchedule', { Name }, { kind: 'owner' });
  }
}

async function seedReference(environment: Environment, cloud: LocalCloud, lambda: LambdaClient) {
  const sample = sampleSeed(SAMPLE);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.sdkConfiguration()));
  const cards = [...sample.cards, ...syntheticCards()];
  await seedReferenceData(
    environment,
    { lambda, documents },
    { ...sample, cards, accounts: syntheticAccounts() },
  );
}

/** Ingests the load at its pace and lets time pass until all is at rest. */
async function flow(
  { environment, transactions, perSecond, seed }: MeasureOptions,
  run: { readonly runtime: ConcurrentRuntime; readonly cloud: LocalCloud; readonly lambda: LambdaClient },
): Promise<void> {
  const functionName = resourceName(environment, 'ingest', 'ingest');
  const size = LINES_A_CALL[environment.sources.ingest?.mode ?? 'real-time'];
  const lines = [...syntheticLoad(transactions, seed)].map((text, index) => ({ number: index + 1, text }));
  let outstanding = 0;
  const failures: unknown[] = [];
  for (let first = 0; first < lines.length; first += size) {
    outstanding += 1;
    run.runtime.schedule({
      name: 'ingest',
      delayMs: (first / perSecond) * 1000,
      run: () =>
        invoke(run.lambda, functionName, { lines: lines.slice(first, first + size) })
          .catch((error: unknown) => failures.push(error))
          .then(() => {
            outstanding -= 1;
          }),
    });
  }
  let steps = 0;
  const done = (): boolean => {
    steps += 1;
    return steps % REST_CHECK_STEPS === 0 && outstanding === 0 && run.cloud.atRest();
  };
  const ended = await run.runtime.run({ done, until: STARTS_AT + LIMIT_MS });
  if (failures.length > 0) throw new MeasurementFailedError('ingesting failed', { cause: failures[0] });
  if (!ended)
    throw new MeasurementFailedError(
      `not at rest after ${LIMIT_MS / 3_600_000} virtual hours: ${JSON.stringify(run.cloud.outstanding())}`,
    );
}

/** Has no faults, and counts what rules deliver. */
function countingDeliveries(
  deliveries: Map<string, { events: number; records: number }>,
  environment: Environment,
): Faults {
  const nameOf = unprefixed(environment);
  return {
    ...NO_FAULTS,
    deliveries: (event) => {
      if (event === undefined) return 1;
      const rule = nameOf(event.rule);
      const count = deliveries.get(rule) ?? { events: 0, records: 0 };
      deliveries.set(rule, count);
      count.events += 1;
      count.records += Number(/"recordCount":(\d+)/.exec(event.text)?.[1] ?? 1);
      return 1;
    },
  };
}

function unprefixed({ system, name, accountId }: Environment): (text: string) => string {
  return (text) => text.replace(`${system}-${name}-`, '').replace(`-${accountId}`, '');
}

function functionUses(
  cloud: LocalCloud,
  documents: readonly StackDocument[],
  nameOf: (text: string) => string,
): ReadonlyMap<string, FunctionUse> {
  const { metrics } = cloud.services.monitoring;
  const blocks = documents.flatMap(({ resource }) => Object.values(resource?.['aws_lambda_function'] ?? {}));
  const uses = blocks.map(({ function_name: name, memory_size: memory }): [string, FunctionUse] => {
    const sum = (metric: string): number =>
      metrics.statistic(
        { namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: String(name) } },
        'Sum',
        STARTS_AT,
        Number.POSITIVE_INFINITY,
      ) ?? 0;
    return [
      nameOf(String(name)),
      {
        invocations: sum('Invocations'),
        milliseconds: sum('Duration'),
        memoryMegabytes: Number(memory),
      },
    ];
  });
  return new Map(uses);
}

/** What came since; functions that did not run are left out. */
function additionalUse(
  after: ReadonlyMap<string, FunctionUse>,
  before: ReadonlyMap<string, FunctionUse>,
): Record<string, FunctionUse> {
  const uses = [...after].map(([name, use]): [string, FunctionUse] => {
    const { invocations, milliseconds } = before.get(name) ?? { invocations: 0, milliseconds: 0 };
    return [
      name,
      { ...use, invocations: use.invocations - invocations, milliseconds: use.milliseconds - milliseconds },
    ];
  });
  return sorted(new Map(uses.filter(([, { invocations }]) => invocations > 0)));
}

interface TableSize {
  readonly items: number;
  readonly bytes: number;
}

async function tableSizes(cloud: LocalCloud): Promise<Map<string, TableSize>> {
  const client = new DynamoDBClient(cloud.sdkConfiguration());
  const sizes = new Map<string, TableSize>();
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const TableName of TableNames) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).reduce(
      (sum, { IndexSizeBytes }) => sum + (IndexSizeBytes ?? 0),
      0,
    );
    sizes.set(TableName, { items: Table?.ItemCount ?? 0, bytes: (Table?.TableSizeBytes ?? 0) + indexes });
  }
  return sizes;
}

function growth(
  after: ReadonlyMap<string, TableSize>,
  before: ReadonlyMap<string, TableSize>,
  meter: CallMeter,
  nameOf: (text: string) => string,
): Record<string, TableGrowth> {
  const tables = [...after].map(([name, { items, bytes }]): [string, TableGrowth] => {
    const { writeUnits = 0, readUnits = 0 } = meter.tables.get(name) ?? {};
    const old = before.get(name) ?? { items: 0, bytes: 0 };
    return [nameOf(name), { writeUnits, readUnits, items: items - old.items, bytes: bytes - old.bytes }];
  });
  return sorted(new Map(tables));
}

function resourceCounts(documents: readonly StackDocument[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { resource = {} } of documents)
    for (const [type, blocks] of Object.entries(resource))
      counts.set(type, (counts.get(type) ?? 0) + Object.keys(blocks).length);
  return sorted(counts);
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const units = Object.entries(after).map(([unit, count]): [string, number] => [
    unit,
    Math.round((count - (before[unit] ?? 0)) * 1000) / 1000,
  ]);
  return Object.fromEntries(units.filter(([, count]) => count !== 0));
}

function sorted<Value>(values: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...values].sort(([one], [other]) => (one < other ? -1 : 1)));
}
