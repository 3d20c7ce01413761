import type { AwsContext } from './aws-context.ts';

/** A target member of the Embedded Metric Format holds at most this many values. */
const VALUES_MAX = 100;

/** Numbers of one invocation, by metric name; many of one metric are told one by one, for percentiles. */
export type MetricValues = Readonly<Record<string, number | readonly number[]>>;

/** Whose metrics they are. */
export interface MetricOwner {
  /** The CloudWatch namespace of the environment. */
  readonly namespace: string;
  readonly stage: string;
}

/**
 * Writes metrics in CloudWatch's Embedded Metric Format: one log line that becomes metrics, without a call
 * (CloudWatch user guide, "Specification: Embedded metric format"), and another line for each further hundred values of
 * one metric. Metrics of which the name ends in `Ms` are milliseconds, others are counts.
 *
 * @param dimensions besides the stage; each combination of values is a metric of its own, and is paid by the month
 */
export function writeMetrics(
  aws: AwsContext,
  { namespace, stage }: MetricOwner,
  values: MetricValues,
  dimensions: Readonly<Record<string, string>> = {},
): void {
  const own = { Stage: stage, ...dimensions };
  for (const part of linesOf(values)) {
    const metrics = Object.keys(part).map((name) => ({
      Name: name,
      Unit: name.endsWith('Ms') ? 'Milliseconds' : 'Count',
    }));
    const line = {
      _aws: {
        Timestamp: aws.clock.now(),
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [Object.keys(own)], Metrics: metrics }],
      },
      ...own,
      ...part,
    };
    aws.output(JSON.stringify(line));
  }
}

/** The values of each line: all single ones in the first, and of lists as many as one line may hold. */
function linesOf(values: MetricValues): readonly MetricValues[] {
  const lines: Record<string, number | readonly number[]>[] = [];
  for (const [name, value] of Object.entries(values)) {
    const parts =
      typeof value === 'number'
        ? [value]
        : Array.from({ length: Math.ceil(value.length / VALUES_MAX) }, (_, index) =>
            value.slice(index * VALUES_MAX, (index + 1) * VALUES_MAX),
          );
    parts.forEach((part, index) => {
      lines[index] = { ...lines[index], [name]: part };
    });
  }
  return lines;
}
