import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { optionalBoolean, optionalInteger, optionalText, requiredText, texts } from '../sqs/members.ts';
import { isStatistic, type MetricName, type MetricStore } from './metric-store.ts';

export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** What a metric alarm watches. */
export interface MetricAlarm {
  readonly metric: MetricName;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missing: MissingData;
}

/** An alarm on a metric, or on other alarms. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly actionsEnabled: boolean;
  /** ARNs of topics, by the state that they are told of. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly watches: { readonly metric: MetricAlarm } | { readonly rule: string };
}

type Comparison = keyof typeof COMPARISONS;
type MissingData = 'breaching' | 'ignore' | 'missing' | 'notBreaching';

const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
};
const MISSING: readonly string[] = ['breaching', 'ignore', 'missing', 'notBreaching'] satisfies MissingData[];

/** CloudWatch also knows 10 s and 30 s, for high-resolution metrics, which are not kept here. */
const PERIOD_SECONDS = { min: 60, max: 86_400 };
const PERIODS = { min: 1, max: 1440 };

/** Reads `aws_cloudwatch_metric_alarm`. @throws AwsError ValidationError */
export function readMetricAlarm(args: JsonObject): MetricAlarm {
  const comparison = requiredText(args, 'comparison_operator');
  const statistic = optionalText(args, 'statistic') ?? optionalText(args, 'extended_statistic') ?? '';
  const missing = optionalText(args, 'treat_missing_data') ?? 'missing';
  if (!isComparison(comparison)) throw invalid(`comparison_operator ${comparison}`);
  if (!isStatistic(statistic)) throw invalid(`statistic "${statistic}"`);
  if (!isMissing(missing)) throw invalid(`treat_missing_data ${missing}`);
  const evaluationPeriods = optionalInteger(args, 'evaluation_periods', PERIODS) ?? 1;
  return {
    metric: {
      namespace: requiredText(args, 'namespace'),
      name: requiredText(args, 'metric_name'),
      dimensions: dimensionsOf(args),
    },
    statistic,
    periodSeconds: optionalInteger(args, 'period', PERIOD_SECONDS) ?? PERIOD_SECONDS.min,
    evaluationPeriods,
    datapointsToAlarm: optionalInteger(args, 'datapoints_to_alarm', PERIODS) ?? evaluationPeriods,
    threshold: Number(args['threshold']),
    comparison,
    missing,
  };
}

/** What all alarms have. */
export function readAlarm(args: JsonObject, arn: string, watches: Alarm['watches']): Alarm {
  return {
    name: requiredText(args, 'alarm_name'),
    arn,
    description: optionalText(args, 'alarm_description') ?? '',
    actionsEnabled: optionalBoolean(args, 'actions_enabled') ?? true,
    actions: {
      ALARM: texts(args['alarm_actions']),
      INSUFFICIENT_DATA: texts(args['insufficient_data_actions']),
      OK: texts(args['ok_actions']),
    },
    watches,
  };
}

/**
 * Evaluates a metric alarm over the periods that have ended.
 * Source: CloudWatch user guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data".
 *
 * @param now epoch milliseconds
 * @returns the new state with its reason, or undefined to keep the one it has
 */
export function evaluateAlarm(
  alarm: MetricAlarm,
  metrics: MetricStore,
  now: number,
): { state: AlarmState; reason: string } | undefined {
  const periodMs = alarm.periodSeconds * 1000;
  const end = Math.floor(now / periodMs) * periodMs;
  const breaches = COMPARISONS[alarm.comparison];
  const values: number[] = [];
  let breaching = 0;
  for (let period = 1; period <= alarm.evaluationPeriods; period += 1) {
    const from = end - period * periodMs;
    const value = metrics.statistic(alarm.metric, alarm.statistic, from, from + periodMs);
    if (value !== undefined) values.push(value);
    const isBreaching =
      value === undefined ? alarm.missing === 'breaching' : breaches(value, alarm.threshold);
    if (isBreaching) breaching += 1;
  }
  const seen = `[${values.join(', ')}] ${alarm.comparison} ${alarm.threshold}`;
  if (breaching >= alarm.datapointsToAlarm) {
    return { state: 'ALARM', reason: `Threshold Crossed: ${breaching} datapoints of ${seen}` };
  }
  if (values.length === 0 && alarm.missing === 'missing') {
    return { state: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: there are no datapoints' };
  }
  if (values.length === 0 && alarm.missing === 'ignore') return undefined;
  return { state: 'OK', reason: `Threshold not crossed: ${breaching} datapoints of ${seen}` };
}

function dimensionsOf(args: JsonObject): Record<string, string> {
  const { dimensions } = args;
  if (typeof dimensions !== 'object' || dimensions === null || Array.isArray(dimensions)) return {};
  return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, String(value)]));
}

function isComparison(name: string): name is Comparison {
  return Object.hasOwn(COMPARISONS, name);
}

function isMissing(name: string): name is MissingData {
  return MISSING.includes(name);
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationError', `The ${what} is not run by the local cloud.`);
}
