import type { Environment, StageName } from '@payments/schemas';
import { platformNames } from './platform-names.ts';
import { postingObjectiveSeconds } from './posting-objective.ts';

/** A dashboard is 24 columns wide (CloudWatch API reference, "Dashboard Body Structure and Syntax"). */
const COLUMNS = 24;
const CHARTS_IN_A_ROW = 3;
const CHART_HEIGHT = 6;
const TITLE_HEIGHT = 2;
/** Rates are by the minute; CloudWatch takes longer steps by itself where more than some hours are shown. */
const PERIOD_SECONDS = 60;

type Statistic = 'Sum' | 'Maximum' | 'p50' | 'p99';

/** What a line of a chart, or a bundle of lines, shows. */
export type Series =
  /** A metric that one stage writes, with its name for people. */
  | {
      readonly stage: StageName;
      readonly metric: string;
      readonly statistic: Statistic;
      readonly label: string;
    }
  /** A metric that any stage writes: one line for each combination of the dimensions. */
  | { readonly dimensions: readonly string[]; readonly metric: string; readonly statistic: Statistic }
  /** A metric of an AWS service: one line for each resource of ours. */
  | {
      readonly namespace: string;
      readonly dimension: string;
      readonly metric: string;
      readonly statistic: Statistic;
      /** Of which a part must, or must not, stand in the resource's name. */
      readonly part?: { readonly word: string; readonly isThere: boolean };
    };

/** A chart, with what it is looked at for. */
export interface Chart {
  readonly title: string;
  readonly says: string;
  readonly series: readonly Series[];
  /** Whether the objective from authorization to posting is drawn in. */
  readonly hasObjective?: boolean;
}

const of = (stage: StageName, metric: string, statistic: Statistic, label: string): Series => ({
  stage,
  metric,
  statistic,
  label,
});
const byStage = (metric: string): Series => ({ dimensions: ['Stage'], metric, statistic: 'Sum' });
const byFunction = (metric: string, statistic: Statistic): Series => ({
  namespace: 'AWS/Lambda',
  dimension: 'FunctionName',
  metric,
  statistic,
});
const byQueue = (metric: string, isStageQueue: boolean): Series => ({
  namespace: 'AWS/SQS',
  dimension: 'QueueName',
  metric,
  statistic: 'Maximum',
  part: { word: 'queue', isThere: isStageQueue },
});
const byWorkflow = (metric: string): Series => ({
  namespace: 'AWS/States',
  dimension: 'StateMachineArn',
  metric,
  statistic: 'Sum',
});

/** What the dashboard shows, in reading order: the business first, what carries it below. */
export const CHARTS: readonly Chart[] = [
  {
    title: 'Transactions a minute',
    says: 'what comes in at deduplication, and what is posted: the lines lie on each other, but for what is refused',
    series: [
      of('dedup', 'Records', 'Sum', 'authorized'),
      of('posting', 'TransactionsPosted', 'Sum', 'posted'),
      of('posting', 'CorrectionsPosted', 'Sum', 'corrections posted'),
    ],
  },
  {
    title: 'From authorization to posting (ms)',
    says: 'how long half and 99 of 100 transactions take, with the objective of the environment',
    series: [
      of('reconcile', 'PostingLatencyMs', 'p50', 'p50'),
      of('reconcile', 'PostingLatencyMs', 'p99', 'p99'),
    ],
    hasObjective: true,
  },
  {
    title: 'Money posted a minute (minor units)',
    says: 'what was debited for transactions, by currency; a metric is a double, the ledger has the exact sums',
    series: [{ dimensions: ['Stage', 'Currency'], metric: 'PostedMinorUnits', statistic: 'Sum' }],
  },
  {
    title: 'Mismatches a minute',
    says: 'what reconciliation found, patched, and left to people',
    series: [
      of('reconcile', 'Mismatches', 'Sum', 'found'),
      of('reconcile', 'MismatchesPatched', 'Sum', 'patched'),
      of('reconcile', 'MismatchesParked', 'Sum', 'parked'),
    ],
  },
  {
    title: 'Mismatches that stand',
    says: 'cases that policy still works on, those that wait for a person, the age of the oldest in hours, groups whose control totals differ',
    series: [
      of('reconcile', 'OpenBreaks', 'Maximum', 'open'),
      of('reconcile', 'ParkedBreaks', 'Maximum', 'parked'),
      of('reconcile', 'OldestBreakHours', 'Maximum', 'oldest (hours)'),
      of('reconcile', 'DifferingGroups', 'Maximum', 'differing groups'),
    ],
  },
  {
    title: 'Overdue',
    says: 'transactions that are not posted in time, sequences that wait for an entry, those too late, hours since a pass ended',
    series: [
      of('reconcile', 'OverdueTransactions', 'Maximum', 'overdue transactions'),
      of('posting', 'WaitingSequences', 'Maximum', 'sequences that wait'),
      of('posting', 'LateSequences', 'Maximum', 'late sequences'),
      of('reconcile', 'HoursSincePass', 'Maximum', 'hours since a pass'),
    ],
  },
  {
    title: 'Records in, by stage',
    says: 'a stage whose line falls while that before it does not stands still',
    series: [byStage('Records')],
  },
  {
    title: 'Records out, by stage',
    says: 'what each stage said',
    series: [byStage('Emitted')],
  },
  {
    title: 'Set aside, tried again, doubled',
    says: 'records that broke a contract, events that come again, duplicates that were parked, files that cannot be read',
    series: [
      byStage('Quarantined'),
      byStage('Retried'),
      byStage('DuplicatesParked'),
      of('ingest', 'FilesFailed', 'Sum', 'files failed'),
    ],
  },
  {
    title: 'Oldest event in each queue (seconds)',
    says: 'how long events wait; a drained queue climbs until its schedule',
    series: [byQueue('ApproximateAgeOfOldestMessage', true)],
  },
  {
    title: 'Events that wait, by queue',
    says: 'the backlog',
    series: [byQueue('ApproximateNumberOfMessagesVisible', true)],
  },
  {
    title: 'Dead letters',
    says: 'any line above nothing is an alarm',
    series: [byQueue('ApproximateNumberOfMessagesVisible', false)],
  },
  {
    title: 'Function errors and throttles',
    says: 'invocations that failed as a whole, those that Lambda refused, answers of the API that something failed',
    series: [byFunction('Errors', 'Sum'), byFunction('Throttles', 'Sum'), byFunction('Url5xxCount', 'Sum')],
  },
  {
    title: 'Longest invocation, and age of streams (ms)',
    says: 'what comes near a timeout, and how far readers of tables are behind',
    series: [byFunction('Duration', 'Maximum'), byFunction('IteratorAge', 'Maximum')],
  },
  {
    title: 'Workflow and pipe failures',
    says: 'executions of the rules and batches of the log that did not go through',
    series: [
      byWorkflow('ExecutionsFailed'),
      byWorkflow('ExecutionsTimedOut'),
      byWorkflow('ExecutionThrottled'),
      {
        namespace: 'AWS/EventBridge/Pipes',
        dimension: 'PipeName',
        metric: 'ExecutionFailed',
        statistic: 'Sum',
      },
    ],
  },
];

/**
 * The body of an environment's dashboard. It names no stage's resources: what many have is searched for by the names
 * of the environment, so that a stage shows as soon as it writes, and goes when it is gone.
 */
export function dashboardBody(environment: Environment): object {
  const width = COLUMNS / CHARTS_IN_A_ROW;
  const title = {
    type: 'text',
    x: 0,
    y: 0,
    width: COLUMNS,
    height: TITLE_HEIGHT,
    properties: {
      markdown: `# ${environment.system} ${environment.name}\nWhat each chart says: docs/operations.md. What to do: docs/runbooks, as the alarm says.`,
    },
  };
  const charts = CHARTS.map((chart, index) => ({
    type: 'metric',
    x: (index % CHARTS_IN_A_ROW) * width,
    y: TITLE_HEIGHT + Math.floor(index / CHARTS_IN_A_ROW) * CHART_HEIGHT,
    width,
    height: CHART_HEIGHT,
    properties: chartProperties(chart, environment),
  }));
  return { widgets: [title, ...charts] };
}

function chartProperties(chart: Chart, environment: Environment): object {
  const objective = { label: 'objective', value: postingObjectiveSeconds(environment) * 1000 };
  return {
    title: chart.title,
    region: environment.region,
    view: 'timeSeries',
    period: PERIOD_SECONDS,
    metrics: chart.series.map((series, index) => metricOf(series, environment, `s${index}`)),
    ...(chart.hasObjective === true ? { annotations: { horizontal: [objective] } } : {}),
  };
}

function metricOf(series: Series, environment: Environment, id: string): readonly unknown[] {
  const { metricsNamespace } = platformNames(environment);
  const { metric, statistic } = series;
  if ('stage' in series)
    return [metricsNamespace, metric, 'Stage', series.stage, { stat: statistic, label: series.label }];
  const expression =
    'dimensions' in series
      ? `SEARCH('{"${metricsNamespace}",${series.dimensions.join()}} MetricName="${metric}"', '${statistic}')`
      : `SEARCH('{${series.namespace},${series.dimension}} MetricName="${metric}" ${ours(series, environment)}', '${statistic}')`;
  return [{ expression, id, label: '' }];
}

/** Names of ours begin with system and environment; a search finds words that follow one another. */
function ours(
  { dimension, part }: Extract<Series, { namespace: string }>,
  { system, name }: Environment,
): string {
  const named = `${dimension}=${system}-${name}`;
  if (part === undefined) return named;
  return `${named} ${part.isThere ? '' : 'NOT '}${dimension}=${part.word}`;
}
