import type { AwsContext } from './aws-context.ts';

/** The CloudWatch namespace of all our metrics. */
export const METRICS_NAMESPACE = 'Payments';

/** Numbers of one invocation, by metric name. */
export type MetricValues = Readonly<Record<string, number>>;

/**
 * Writes metrics in CloudWatch's Embedded Metric Format: one log line that becomes metrics, without a call
 * (CloudWatch Logs user guide, "Embedding metrics within logs"). Metrics of which the name ends in `Ms` are milliseconds,
 * others are counts.
 */
export function writeMetrics(aws: AwsContext, stage: string, values: MetricValues): void {
  const metrics = Object.keys(values).map((name) => ({
    Name: name,
    Unit: name.endsWith('Ms') ? 'Milliseconds' : 'Count',
  }));
  const line = {
    _aws: {
      Timestamp: aws.clock.now(),
      CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: [['Stage']], Metrics: metrics }],
    },
    Stage: stage,
    ...values,
  };
  aws.output(JSON.stringify(line));
}
