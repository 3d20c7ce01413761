import type { JsonObject } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';
import { requiredText } from '../sqs/members.ts';
import { type Alarm, readAlarm, readMetricAlarm } from './alarm.ts';
import type { AlarmRegistry } from './alarm-registry.ts';
import { compileAlarmRule } from './alarm-rule.ts';
import type { DashboardRegistry } from './dashboard-registry.ts';

const COMMON = [
  'alarm_name',
  'alarm_description',
  'actions_enabled',
  'alarm_actions',
  'ok_actions',
  'insufficient_data_actions',
];
const TAGS = 'Nobody bills one machine by tags.';

/** What the resources of CloudWatch act on. */
export interface MonitoringAdministration {
  readonly account: Account;
  readonly runtime: Runtime;
  readonly alarms: AlarmRegistry;
  readonly dashboards: DashboardRegistry;
  /** Called when there is a new alarm. */
  readonly onAlarm: () => void;
}

/** The Terraform resources of CloudWatch. Metric math (`metric_query`) is not among the arguments. */
export function monitoringResources(administration: MonitoringAdministration): ResourceType[] {
  return [
    alarmType('aws_cloudwatch_metric_alarm', administration, {
      runs: [
        'namespace',
        'metric_name',
        'dimensions',
        'statistic',
        'extended_statistic',
        'period',
        'evaluation_periods',
        'datapoints_to_alarm',
        'threshold',
        'comparison_operator',
        'treat_missing_data',
      ],
      accepts: {
        evaluate_low_sample_count_percentiles: 'Percentiles are computed from what there is.',
        unit: 'A metric has one unit here.',
      },
      watches: (args) => ({ metric: readMetricAlarm(args) }),
    }),
    alarmType('aws_cloudwatch_composite_alarm', administration, {
      runs: ['alarm_rule'],
      accepts: {},
      watches(args) {
        const rule = requiredText(args, 'alarm_rule');
        compileAlarmRule(rule);
        return { rule };
      },
    }),
    dashboardType(administration),
  ];
}

function alarmType(
  type: string,
  { account, runtime, alarms, onAlarm }: MonitoringAdministration,
  kind: {
    readonly runs: readonly string[];
    readonly accepts: Readonly<Record<string, string>>;
    watches(args: JsonObject): Alarm['watches'];
  },
): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'alarm_name');
    const arn = `arn:aws:cloudwatch:${account.region}:${account.id}:alarm:${name}`;
    alarms.put(readAlarm(args, arn, kind.watches(args)), runtime.now());
    onAlarm();
    return { id: name, arn };
  };
  return {
    type,
    runs: [...COMMON, ...kind.runs],
    accepts: { ...kind.accepts, tags: TAGS },
    create: put,
    update: put,
    destroy: (state) => alarms.remove(requiredText(state.arguments, 'alarm_name')),
  };
}

function dashboardType({ account, runtime, dashboards }: MonitoringAdministration): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'dashboard_name');
    dashboards.put(name, requiredText(args, 'dashboard_body'), runtime.now());
    return { id: name, dashboard_arn: dashboardArn(account, name) };
  };
  return {
    type: 'aws_cloudwatch_dashboard',
    runs: ['dashboard_name', 'dashboard_body'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => dashboards.remove(requiredText(state.arguments, 'dashboard_name')),
  };
}

/** Dashboards are of the account, and of no region. */
export function dashboardArn(account: Account, name: string): string {
  return `arn:aws:cloudwatch::${account.id}:dashboard/${name}`;
}
