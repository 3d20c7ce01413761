import type { Environment } from '@payments/infra/environment';
import * as assumed from './assumptions.ts';
import { type PriceTable, priceOf } from './price-table.ts';
import type { RecordedRun } from './recorded-run.ts';

/** How sure a line is: counted by the local cloud, or estimated by an assumption that it names. */
export type LineKind = 'counted' | 'estimated';

/** One line of a bill for a number of transactions. */
export interface CostLine {
  readonly service: string;
  readonly what: string;
  readonly kind: LineKind;
  /** The price's unit. */
  readonly unit: string;
  readonly unitsPerTransaction: number;
  readonly usd: number;
  /** False where the price was not found in a list of AWS for the region. */
  readonly priceVerified: boolean;
  /** What an estimate stands on. */
  readonly assumes?: string;
}

/** For how many transactions, of how many a month. */
export interface Volume {
  readonly transactions: number;
  readonly perMonth: number;
  readonly region: string;
}

/** What an environment keeps, and for how long. */
export type Retention = Pick<Environment, 'archiveRetentionDays' | 'logRetentionDays'>;

const DAYS_A_MONTH = 30;
/** Counted by the local cloud and billed by the transaction; the rest of what it counts depends on time. */
const COUNTED_UNITS = [
  'events:put-events-64kb-chunks',
  'events:archive-bytes',
  'lambda:requests',
  'states:express-requests',
  'sqs:requests',
  'dynamodb:write-units',
  'dynamodb:read-units',
  's3:put-requests',
  's3:get-requests',
  'kms:requests',
  'sns:publishes',
  'logs:bytes',
] as const;

/** What one transaction asks of a unit, before it is priced. */
interface Quantity {
  readonly unit: string;
  readonly perTransaction: number;
  readonly kind: LineKind;
  readonly what?: string;
  readonly assumes?: string;
}

/**
 * The bill of some transactions for a recorded run: what was counted, and what is estimated. The free tier is left out.
 *
 * @throws PriceMissingError
 */
export function costLines(
  run: RecordedRun,
  retention: Retention,
  table: PriceTable,
  { transactions, perMonth, region }: Volume,
): readonly CostLine[] {
  const quantities = [
    ...counted(run),
    ...perTransaction(run),
    ...stored(run, retention),
    ...monthly(run, perMonth),
  ];
  return quantities.map(({ unit, perTransaction: units, kind, what, assumes }) => {
    const price = priceOf(table, unit, region);
    return {
      service: price.service,
      what: what ?? price.what,
      kind,
      unit,
      unitsPerTransaction: units,
      usd: units * price.usdPerUnit * transactions,
      priceVerified: price.verified,
      ...(assumes === undefined ? {} : { assumes }),
    };
  });
}

function counted(run: RecordedRun): Quantity[] {
  const billed = COUNTED_UNITS.map((unit): Quantity => {
    const perTransaction = (run.billed[unit] ?? 0) / run.transactions;
    return { unit, perTransaction, kind: 'counted' };
  });
  const { invocations = 0 } = run.functions[assumed.PIPE_ENRICHMENT] ?? {};
  const chunks = (run.transactions * assumed.PIPE_RECORD_BYTES) / assumed.BILLED_CHUNK_BYTES;
  const pipe = Math.max(invocations, chunks) / run.transactions;
  return [...billed, { unit: 'pipes:requests', perTransaction: pipe, kind: 'counted' }];
}

/** What every transaction costs besides, by assumption. */
function perTransaction(run: RecordedRun): Quantity[] {
  const invocations = (run.billed['lambda:requests'] ?? 0) / run.transactions;
  return [
    {
      unit: 'lambda:gb-seconds',
      perTransaction: (run.billed['lambda:gb-seconds'] ?? 0) / run.transactions,
      kind: 'estimated',
      what: 'GB-seconds, waiting for calls',
      assumes: 'calls take as long as cost/assumptions.ts says; how many, and how many at once, was counted',
    },
    {
      unit: 'lambda:gb-seconds',
      perTransaction: (recordsHandled(run) * assumed.COMPUTING_MS_PER_RECORD) / 1000 / run.transactions,
      kind: 'estimated',
      what: 'GB-seconds, computing',
      assumes: `${assumed.COMPUTING_MS_PER_RECORD} ms for each record in each stage`,
    },
    {
      unit: 'states:express-gb-seconds',
      perTransaction:
        ((run.billed['states:express-requests'] ?? 0) / run.transactions) * assumed.EXPRESS_GB_SECONDS,
      kind: 'estimated',
      assumes: 'an execution takes 200 ms and 64 MB',
    },
    {
      unit: 'logs:bytes',
      perTransaction: invocations * assumed.PLATFORM_LOG_BYTES,
      kind: 'estimated',
      what: 'log lines of Lambda itself',
      assumes: `${assumed.PLATFORM_LOG_BYTES} bytes for each invocation`,
    },
  ];
}

/** How many records the functions were given: computing takes time for each. */
function recordsHandled(run: RecordedRun): number {
  const delivered = Object.values(assumed.RECORDS_OF_FUNCTION).reduce(
    (sum, rule) => sum + (run.deliveries[rule]?.records ?? 0),
    0,
  );
  return delivered + assumed.TRANSACTION_FUNCTIONS.length * run.transactions;
}

/** What is kept: the archive and the logs as long as the environment says, the tables for each month. */
function stored(run: RecordedRun, { archiveRetentionDays, logRetentionDays }: Retention): Quantity[] {
  const rows = Object.values(run.tables).reduce((sum, { bytes }) => sum + Math.max(0, bytes), 0);
  const platformLogs = (run.billed['lambda:requests'] ?? 0) * assumed.PLATFORM_LOG_BYTES;
  const each = (unit: string, bytes: number, months: number, assumes: string): Quantity => ({
    unit,
    perTransaction: (bytes / run.transactions) * months,
    kind: 'estimated',
    assumes,
  });
  return [
    each(
      'dynamodb:byte-months',
      rows,
      1,
      'the rows and index entries of the run, for each month that they are kept',
    ),
    each('dynamodb:backup-byte-months', rows, 1, 'the same for point-in-time recovery'),
    each(
      'events:archive-byte-months',
      run.billed['events:archive-bytes'] ?? 0,
      archiveRetentionDays / DAYS_A_MONTH,
      `kept for ${archiveRetentionDays} days`,
    ),
    each(
      'logs:byte-months',
      (run.billed['logs:bytes'] ?? 0) + platformLogs,
      logRetentionDays / DAYS_A_MONTH,
      `kept for ${logRetentionDays} days, not compressed`,
    ),
  ];
}

/** What each month costs, however many transactions come: divided among them. */
function monthly(run: RecordedRun, perMonth: number): Quantity[] {
  const of = (type: string): number => run.resources[type] ?? 0;
  const each = (unit: string, aMonth: number, assumes: string, what?: string): Quantity => ({
    unit,
    perTransaction: aMonth / perMonth,
    kind: 'estimated',
    assumes,
    ...(what === undefined ? {} : { what }),
  });
  const schedules = of('aws_scheduler_schedule') * assumed.SCHEDULED_RUNS_PER_MONTH;
  const queues = of('aws_lambda_event_source_mapping');
  return [
    each('cloudwatch:alarm-months', of('aws_cloudwatch_metric_alarm'), 'each alarm of the stacks'),
    each('cloudwatch:metric-months', run.metrics, 'each metric with its dimensions that the run wrote'),
    each('kms:key-months', of('aws_kms_key'), 'each key of the stacks'),
    each(
      'sqs:requests',
      queues * assumed.EMPTY_RECEIVES_PER_QUEUE_MONTH,
      'five pollers at each queue that is empty all month',
      'polling of empty queues',
    ),
    each(
      'dynamodb:stream-reads',
      of('aws_pipes_pipe') * assumed.STREAM_READS_PER_PIPE_MONTH,
      'four reads a second of each of four shards; whether AWS bills a pipe for them is not said',
    ),
    each('scheduler:invocations', schedules, 'each schedule once a minute'),
    each(
      'lambda:gb-seconds',
      schedules * assumed.SCHEDULED_RUN_GB_SECONDS,
      '100 ms and 1 GB for each run',
      'GB-seconds of scheduled functions',
    ),
  ];
}
