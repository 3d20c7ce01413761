import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import type { Runbook } from '../runbooks.ts';
import { runbookPath } from '../runbooks.ts';
import type { PaymentsStack } from './payments-stack.ts';

/** How long one look of an alarm covers, in seconds, unless it says otherwise. */
const PERIOD_SECONDS = 300;

export interface StageAlarmProps {
  /** What has happened when it rings, in one sentence. */
  readonly says: string;
  /** What to do then. */
  readonly runbook: Runbook;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
  /** It rings when the metric is above this. */
  readonly above: number;
  readonly periodSeconds?: number;
  readonly periods?: number;
}

/** An alarm to the platform's topic, with the runbook that says what to do. */
export class StageAlarm {
  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: PaymentsStack, purpose: string, props: StageAlarmProps) {
    new CloudwatchMetricAlarm(stack, `${purpose}-alarm`, {
      alarmName: stack.nameOf(purpose),
      alarmDescription: `${props.says} Runbook: ${runbookPath(props.runbook)}`,
      namespace: props.namespace,
      metricName: props.metric,
      dimensions: { ...props.dimensions },
      ...(props.statistic === 'p99' ? { extendedStatistic: 'p99' } : { statistic: props.statistic }),
      comparisonOperator: 'GreaterThanThreshold',
      threshold: props.above,
      period: props.periodSeconds ?? PERIOD_SECONDS,
      evaluationPeriods: props.periods ?? 1,
      // A quiet stage writes no metric, and that is no failure.
      treatMissingData: 'notBreaching',
      alarmActions: [stack.platform.alarmTopicArn],
      okActions: [stack.platform.alarmTopicArn],
    });
  }
}
