import { type CostLine, costLines, type LineKind, type Retention, type Volume } from './cost-lines.ts';
import { type PriceTable, priceOf } from './price-table.ts';
import type { RecordedRun } from './recorded-run.ts';

/**
 * What the AWS Guidance that this system grew from says of itself: about $1,811.15 a month in us-east-1 for about 20
 * million requests (its README, "Cost", and the calculator estimate linked there, of April 2024, when DynamoDB on
 * demand cost twice as much as now).
 */
export const SEED_ESTIMATE = {
  usdPerMonth: 1811.15,
  transactionsPerMonth: 20_000_000,
  usdPerMillion: 90.56,
  region: 'us-east-1',
  asOf: '2024-04',
  source:
    'https://github.com/aws-solutions-library-samples/guidance-for-payment-systems-using-event-driven-architecture-on-aws, README, "Cost"',
} as const;

const MILLION = 1_000_000;

/** The bill of one recorded run. */
export interface RunCost {
  readonly environment: string;
  readonly recordedOn: string;
  /** False when the environment delivers otherwise now than when the run was recorded. */
  readonly current: boolean;
  readonly lines: readonly CostLine[];
  readonly countedUsd: number;
  readonly estimatedUsd: number;
  readonly totalUsd: number;
  readonly usdPerMillion: number;
  /** This run's cost as a part of the seed's estimate, as in 0.4 for 40 per cent. */
  readonly partOfSeed: number;
  /** In no total: requests that encryption by AWS's services makes, if it makes one for each event and delivery. */
  readonly encryptionUpToUsd: number;
}

export interface CostReport extends Volume {
  readonly pricesReadOn: string;
  readonly pricesNote: string;
  readonly freeTier: 'left out';
  readonly dataTransferUsd: 0;
  readonly seed: typeof SEED_ESTIMATE;
  readonly runs: readonly RunCost[];
}

/** A run to be priced, and what its environment says now. */
export interface RunToPrice {
  readonly run: RecordedRun;
  readonly retention: Retention;
  readonly current: boolean;
}

/** @throws PriceMissingError */
export function costReport(runs: readonly RunToPrice[], table: PriceTable, volume: Volume): CostReport {
  return {
    ...volume,
    pricesReadOn: table.readOn,
    pricesNote: table.note,
    freeTier: 'left out',
    // Nothing leaves the region, and the functions are in no VPC: AWS bills nothing for what moves between them.
    dataTransferUsd: 0,
    seed: SEED_ESTIMATE,
    runs: runs.map((each) => costOf(each, table, volume)),
  };
}

function costOf({ run, retention, current }: RunToPrice, table: PriceTable, volume: Volume): RunCost {
  const lines = costLines(run, retention, table, volume);
  const sum = (kind: LineKind): number =>
    lines.filter((line) => line.kind === kind).reduce((total, { usd }) => total + usd, 0);
  const [countedUsd, estimatedUsd] = [sum('counted'), sum('estimated')];
  const totalUsd = countedUsd + estimatedUsd;
  const usdPerMillion = (totalUsd / volume.transactions) * MILLION;
  return {
    environment: run.environment,
    recordedOn: run.recordedOn,
    current,
    lines,
    countedUsd,
    estimatedUsd,
    totalUsd,
    usdPerMillion,
    partOfSeed: usdPerMillion / SEED_ESTIMATE.usdPerMillion,
    encryptionUpToUsd:
      encryptionRequests(run) *
      priceOf(table, 'kms:requests', volume.region).usdPerUnit *
      volume.transactions,
  };
}

/** What the bus would ask of the key for a transaction if it asked for each event and each delivery. */
export function encryptionRequests(run: RecordedRun): number {
  const delivered = Object.values(run.deliveries).reduce((sum, { events }) => sum + events, 0);
  return ((run.billed['events:put-events-64kb-chunks'] ?? 0) + delivered) / run.transactions;
}
