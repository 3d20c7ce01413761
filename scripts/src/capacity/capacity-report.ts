import { type Demand, QUEUE_CONCURRENCY } from './demands.ts';
import { limitIn, type Quota, type QuotaTable, quotaOf } from './quota-table.ts';

/** A limit beside what is asked of it. */
export interface Check {
  readonly limitId: string;
  readonly service: string;
  readonly name: string;
  readonly of?: string;
  /** What the wished rate asks for. */
  readonly needed: number;
  readonly limit: number;
  /** The rate at which the limit is reached. */
  readonly holdsUpToTps: number;
  readonly holds: boolean;
  /** No verdict stands on a bound. */
  readonly upperBound: boolean;
  readonly source: string;
  /** What to change; only where it does not hold. */
  readonly change?: string;
}

/** What the limits make of one environment. */
export interface EnvironmentCapacity {
  readonly environment: string;
  readonly recordedOn: string;
  readonly current: boolean;
  /** All checks, what is reached first in front. */
  readonly checks: readonly Check[];
  /** What is reached first. */
  readonly first: Check;
  /** What is reached first once the tables have served such a load before and keep room for it. */
  readonly firstWhenWarm: Check;
  /** True when nothing is reached at the wished rate. */
  readonly holds: boolean;
}

export interface CapacityReport {
  readonly tps: number;
  readonly region: string;
  readonly quotasReadOn: string;
  readonly quotasNote: string;
  readonly environments: readonly EnvironmentCapacity[];
}

/** An environment's demands, by one transaction a second. */
export interface EnvironmentDemands {
  readonly environment: string;
  readonly recordedOn: string;
  readonly current: boolean;
  readonly demands: readonly Demand[];
}

/** A limit is asked to be raised with so much to spare. */
const TO_SPARE = 1.25;
/** What begins so is a limit of tables that have not yet served a load. */
const OF_NEW_TABLES = 'dynamodb:new-table';

/**
 * Holds the demands of environments against the quotas of a region.
 *
 * @param tps the rate that is wished for, in transactions per second
 * @throws QuotaMissingError
 */
export function capacityReport(
  environments: readonly EnvironmentDemands[],
  table: QuotaTable,
  { tps, region }: { readonly tps: number; readonly region: string },
): CapacityReport {
  return {
    tps,
    region,
    quotasReadOn: table.readOn,
    quotasNote: table.note,
    environments: environments.map(({ demands, ...about }) => {
      const checks = demands
        .filter(({ perTransaction }) => perTransaction > 0)
        .map((demand) => check(demand, table, tps, region))
        .sort((one, other) => one.holdsUpToTps - other.holdsUpToTps);
      const certain = checks.filter(({ upperBound }) => !upperBound);
      const [first] = certain;
      const firstWhenWarm = certain.find(({ limitId }) => !limitId.startsWith(OF_NEW_TABLES));
      if (first === undefined || firstWhenWarm === undefined)
        throw new RangeError(`nothing is asked of any limit by ${about.environment}`);
      return { ...about, checks, first, firstWhenWarm, holds: first.holds };
    }),
  };
}

function check(demand: Demand, table: QuotaTable, tps: number, region: string): Check {
  const { limit: id, of, perTransaction, own, upperBound = false } = demand;
  const quota = own === undefined ? quotaOf(table, id) : ownLimit(own);
  const limit = limitIn(quota, region);
  const needed = perTransaction * tps;
  const holds = needed <= limit;
  return {
    limitId: id,
    service: quota.service,
    name: quota.name,
    ...(of === undefined ? {} : { of }),
    needed,
    limit,
    holdsUpToTps: limit / perTransaction,
    holds,
    upperBound,
    source: quota.source,
    ...(holds ? {} : { change: changeFor(quota, of, needed) }),
  };
}

/** A limit of the environment's own, in the form of a quota. */
function ownLimit(limit: number): Quota {
  return {
    id: QUEUE_CONCURRENCY,
    service: 'Environment',
    name: 'Concurrency of a queue',
    regions: {},
    otherwise: limit,
    adjustable: true,
    verified: true,
    asOf: '',
    source: 'infra/environments/<name>.json, subscribers.<stage>.concurrency',
  };
}

/** What to do about a limit that is reached, by service. */
function changeFor({ id, name, adjustable }: Quota, of: string | undefined, needed: number): string {
  const wanted = Math.ceil(needed * TO_SPARE).toLocaleString('en-GB');
  switch (id) {
    case QUEUE_CONCURRENCY:
      return `set subscribers.${of}.concurrency to ${wanted} or more in the environment's file, or a larger batchSize`;
    case 'events:put-events':
    case 'events:invocations':
      return `deliver in batch or near-real-time mode (sources and subscribers of the environment): an event then carries many records; or ask for "${name}" of ${wanted}`;
    case 'dynamodb:new-table-writes':
    case 'dynamodb:new-table-reads':
      return `warm the table ${of} up to ${wanted} before the first load (warm throughput), or let the load double over 30 minutes each`;
    case 'dynamodb:item-writes':
      return `fold more changes at once (${of}): a larger batch or window of its stream`;
    case 's3:prefix-writes':
      return `spread the objects of ${of} over prefixes`;
    case 'lambda:concurrency':
    case 'lambda:invocations':
      return `larger batches (batch mode, batchSize, windowSeconds); or ask for "Concurrent executions" to fit ${wanted}`;
    default:
      return adjustable ? `ask for "${name}" of ${wanted}` : 'larger batches; this quota is not raised';
  }
}
