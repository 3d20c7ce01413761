import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { isObject, objects, optionalText, requiredText, texts } from '../sqs/members.ts';
import type { AlarmState } from './alarm.ts';
import { AlarmEvaluation, type Gauges } from './alarm-evaluation.ts';
import { AlarmRegistry, type AlarmStatus } from './alarm-registry.ts';
import { DashboardRegistry } from './dashboard-registry.ts';
import { addEmbeddedMetrics } from './embedded-metrics.ts';
import { readMetricSearch } from './metric-search.ts';
import { isStatistic, type MetricName, MetricStore } from './metric-store.ts';
import { dashboardArn, monitoringResources } from './monitoring-resources.ts';

const STATES: ReadonlySet<string> = new Set<AlarmState>(['ALARM', 'INSUFFICIENT_DATA', 'OK']);

/** The most datapoints that one query gives. */
const DATAPOINTS_MAX = 1440;

/** Amazon CloudWatch: metrics from log lines, from services and from PutMetricData, and alarms on them. */
export class MonitoringService implements LocalService {
  readonly name = 'monitoring';
  readonly resourceTypes: readonly ResourceType[];
  readonly metrics: MetricStore;
  readonly #context: ServiceContext;
  readonly #alarms: AlarmRegistry;
  readonly #dashboards: DashboardRegistry;
  readonly #evaluation: AlarmEvaluation;

  /**
   * @param gauges asked once a minute
   * @param metrics where others add metrics too
   */
  constructor(context: ServiceContext, gauges: Gauges, metrics = new MetricStore()) {
    this.#context = context;
    this.metrics = metrics;
    this.#alarms = new AlarmRegistry(context.store);
    this.#dashboards = new DashboardRegistry(context.store);
    this.#evaluation = new AlarmEvaluation(context, this.#alarms, this.metrics, gauges);
    const { account, runtime } = context;
    const onAlarm = (): void => this.#evaluation.start();
    const [alarms, dashboards] = [this.#alarms, this.#dashboards];
    this.resourceTypes = monitoringResources({ account, runtime, alarms, dashboards, onAlarm });
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    switch (operation) {
      case 'PutMetricData':
        return this.#putMetricData(input);
      case 'GetMetricData':
        return this.#getMetricData(input);
      case 'ListMetrics':
        return { Metrics: this.metrics.metrics().map(metricForApi) };
      case 'GetDashboard':
        return this.#getDashboard(input);
      case 'ListDashboards':
        return this.#listDashboards(input);
      case 'DescribeAlarms':
        return this.#describeAlarms(input);
      case 'SetAlarmState':
        return this.#setAlarmState(input);
      default:
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud does not run cloudwatch:${operation}.`,
        );
    }
  }

  /** Takes the metrics out of a log line, if it has any. */
  readLine(line: string): void {
    addEmbeddedMetrics(this.metrics, line, this.#context.runtime.now());
  }

  /** The alarms with their states. */
  alarms(): AlarmStatus[] {
    return this.#alarms.all();
  }

  resume(): void {
    this.#evaluation.start();
  }

  outstanding(): number {
    return 0;
  }

  #putMetricData(input: JsonObject): JsonObject {
    const namespace = requiredText(input, 'Namespace');
    for (const datum of objects(input['MetricData'])) {
      const metric = { namespace, name: requiredText(datum, 'MetricName'), dimensions: dimensionsOf(datum) };
      const { Timestamp: at, Value: value, Values: values } = datum;
      const time = typeof at === 'number' ? at * 1000 : this.#context.runtime.now();
      const numbers: readonly JsonValue[] = Array.isArray(values) ? values : [value ?? null];
      for (const number of numbers) if (typeof number === 'number') this.metrics.add(metric, number, time);
    }
    this.#context.bill('cloudwatch:requests', 1);
    return {};
  }

  #getMetricData(input: JsonObject): JsonObject {
    const [from, to] = [timeOf(input, 'StartTime'), timeOf(input, 'EndTime')];
    const results = objects(input['MetricDataQueries']).flatMap((query) => {
      const Id = requiredText(query, 'Id');
      const stat = query['MetricStat'];
      if (isObject(stat)) return [{ Id, StatusCode: 'Complete', ...this.#datapoints(stat, from, to) }];
      return this.#search(query, from, to).map((found) => ({ Id, StatusCode: 'Complete', ...found }));
    });
    return { MetricDataResults: results };
  }

  /** One result for each metric that a search finds, labelled by what tells it from the others. */
  #search(query: JsonObject, from: number, to: number): JsonObject[] {
    const { matches, statistic } = readMetricSearch(requiredText(query, 'Expression'));
    const found = this.metrics.metrics().filter(matches);
    return found.map((metric) => ({
      Label: [...Object.values(metric.dimensions), metric.name].join(' '),
      ...this.#datapoints(
        { Metric: metricForApi(metric), Stat: statistic, Period: query['Period'] ?? 300 },
        from,
        to,
      ),
    }));
  }

  #getDashboard(input: JsonObject): JsonObject {
    const dashboard = this.#dashboards.find(requiredText(input, 'DashboardName'));
    if (dashboard === undefined)
      throw new AwsError('ResourceNotFound', 'There is no such dashboard.', { status: 404 });
    const { name, body } = dashboard;
    return {
      DashboardArn: dashboardArn(this.#context.account, name),
      DashboardBody: body,
      DashboardName: name,
    };
  }

  #listDashboards(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'DashboardNamePrefix') ?? '';
    const found = this.#dashboards.all().filter(({ name }) => name.startsWith(prefix));
    return {
      DashboardEntries: found.map(({ name, body, changedAt }) => ({
        DashboardName: name,
        DashboardArn: dashboardArn(this.#context.account, name),
        LastModified: changedAt / 1000,
        Size: Buffer.byteLength(body),
      })),
    };
  }

  #datapoints(stat: JsonObject, from: number, to: number): JsonObject {
    const wanted = isObject(stat['Metric']) ? stat['Metric'] : {};
    const statistic = requiredText(stat, 'Stat');
    if (!isStatistic(statistic))
      throw new AwsError('ValidationError', `The statistic ${statistic} is not run.`);
    const metric: MetricName = {
      namespace: requiredText(wanted, 'Namespace'),
      name: requiredText(wanted, 'MetricName'),
      dimensions: dimensionsOf(wanted),
    };
    const periodMs = Math.max(60, Number(stat['Period'] ?? 60)) * 1000;
    const timestamps: number[] = [];
    const values: number[] = [];
    const first = Math.floor(from / periodMs) * periodMs;
    for (let start = first; start < to && timestamps.length < DATAPOINTS_MAX; start += periodMs) {
      const value = this.metrics.statistic(metric, statistic, start, start + periodMs);
      if (value === undefined) continue;
      timestamps.push(start / 1000);
      values.push(value);
    }
    return { Timestamps: timestamps.reverse(), Values: values.reverse() };
  }

  #describeAlarms(input: JsonObject): JsonObject {
    const names = texts(input['AlarmNames']);
    const prefix = optionalText(input, 'AlarmNamePrefix') ?? '';
    const state = optionalText(input, 'StateValue');
    const found = this.#alarms
      .all()
      .filter(
        (status) =>
          (names.length === 0 || names.includes(status.alarm.name)) &&
          status.alarm.name.startsWith(prefix) &&
          (state === undefined || status.state === state),
      );
    return {
      MetricAlarms: found.filter(({ alarm }) => 'metric' in alarm.watches).map(alarmForApi),
      CompositeAlarms: found.filter(({ alarm }) => 'rule' in alarm.watches).map(alarmForApi),
    };
  }

  async #setAlarmState(input: JsonObject): Promise<JsonObject> {
    const status = this.#alarms.find(requiredText(input, 'AlarmName'));
    if (status === undefined)
      throw new AwsError('ResourceNotFound', 'There is no such alarm.', { status: 404 });
    const state = requiredText(input, 'StateValue');
    if (!isState(state)) throw new AwsError('ValidationError', `${state} is no state of an alarm.`);
    await this.#evaluation.setState(status, state, requiredText(input, 'StateReason'));
    return {};
  }
}

function dimensionsOf(of: JsonObject): Record<string, string> {
  return Object.fromEntries(
    objects(of['Dimensions']).map(({ Name, Value }) => [String(Name), String(Value)]),
  );
}

function metricForApi(metric: MetricName): JsonObject {
  return {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

function alarmForApi({ alarm, state, reason, changedAt }: AlarmStatus): JsonObject {
  const watched =
    'metric' in alarm.watches
      ? {
          ...metricForApi(alarm.watches.metric.metric),
          ...(alarm.watches.metric.statistic.startsWith('p')
            ? { ExtendedStatistic: alarm.watches.metric.statistic }
            : { Statistic: alarm.watches.metric.statistic }),
          Period: alarm.watches.metric.periodSeconds,
          EvaluationPeriods: alarm.watches.metric.evaluationPeriods,
          DatapointsToAlarm: alarm.watches.metric.datapointsToAlarm,
          Threshold: alarm.watches.metric.threshold,
          ComparisonOperator: alarm.watches.metric.comparison,
          TreatMissingData: alarm.watches.metric.missing,
        }
      : { AlarmRule: alarm.watches.rule };
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmActions: alarm.actions.ALARM,
    OKActions: alarm.actions.OK,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: changedAt / 1000,
    ...watched,
  };
}

function timeOf(input: JsonObject, member: string): number {
  const value = input[member];
  if (typeof value !== 'number') throw new AwsError('MissingParameter', `${member} is required.`);
  return value * 1000;
}

function isState(state: string): state is AlarmState {
  return STATES.has(state);
}
