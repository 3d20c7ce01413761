import { beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Principal } from '../../core/service.ts';
import { SIMULATION_START, type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import type { AlarmState } from './alarm.ts';
import { compileAlarmRule } from './alarm-rule.ts';
import { MetricStore } from './metric-store.ts';
import { MonitoringService } from './monitoring-service.ts';

const MINUTE_MS = 60_000;
const TOPIC = 'arn:aws:sns:eu-west-2:000000000000:alerts';
const DEPTH = {
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'dead' },
};

describe('CloudWatch', () => {
  let context: SimulatedContext;
  let monitoring: MonitoringService;
  let depth: number | undefined;
  let published: { input: JsonObject; caller: Principal }[];

  beforeEach(() => {
    context = simulatedContext();
    depth = undefined;
    published = [];
    monitoring = new MonitoringService(context, () =>
      depth === undefined ? [] : [{ metric: DEPTH, value: depth }],
    );
    context.add({
      name: 'sns',
      resourceTypes: [],
      resume: () => undefined,
      outstanding: () => 0,
      call(_operation, input, caller) {
        if (input['TopicArn'] !== TOPIC) throw new AwsError('NotFound', 'Topic does not exist');
        published.push({ input, caller });
        return {};
      },
    });
  });

  async function alarm(args: JsonObject): Promise<void> {
    const base = {
      alarm_name: 'dead-letters',
      namespace: DEPTH.namespace,
      metric_name: DEPTH.name,
      dimensions: DEPTH.dimensions,
      statistic: 'Maximum',
      period: 60,
      evaluation_periods: 1,
      threshold: 0,
      comparison_operator: 'GreaterThanThreshold',
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
    };
    await create('aws_cloudwatch_metric_alarm', { ...base, ...args });
  }

  async function create(type: string, args: JsonObject): Promise<JsonObject> {
    const found = monitoring.resourceTypes.find((candidate) => candidate.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found.create(args);
  }

  const states = (): AlarmState[] => monitoring.alarms().map((status) => status.state);

  it('alarms on the depth of a queue, once, and says when it is over', async () => {
    await alarm({});
    expect(monitoring.outstanding()).toBe(0);
    await context.advance(MINUTE_MS);
    expect(states()).toEqual(['INSUFFICIENT_DATA']);
    depth = 2;
    await context.advance(2 * MINUTE_MS);
    expect(states()).toEqual(['ALARM']);
    depth = 0;
    await context.advance(2 * MINUTE_MS);
    expect(states()).toEqual(['OK']);
    const told = published.map(({ input }) => JSON.parse(String(input['Message'])));
    expect(told.map((message) => [message.OldStateValue, message.NewStateValue])).toEqual([
      ['INSUFFICIENT_DATA', 'ALARM'],
      ['ALARM', 'OK'],
    ]);
    expect(published[0]?.input['Subject']).toBe('ALARM: "dead-letters" in eu-west-2');
    expect(published[0]?.caller).toMatchObject({ kind: 'service', service: 'cloudwatch.amazonaws.com' });
  });

  it('reads metrics from log lines, by dimension set', async () => {
    const line = {
      _aws: {
        Timestamp: SIMULATION_START + 1000,
        CloudWatchMetrics: [
          {
            Namespace: 'Payments',
            Dimensions: [['Stage'], []],
            Metrics: [{ Name: 'Quarantined', Unit: 'Count' }, { Name: 'LatencyMs' }],
          },
        ],
      },
      Stage: 'enrich',
      Quarantined: 3,
      LatencyMs: [10, 20, 30, 40],
    };
    monitoring.readLine(JSON.stringify(line));
    monitoring.readLine(JSON.stringify(line));
    monitoring.readLine('{"_aws" broken');
    monitoring.readLine('{"level":"info"}');
    const query = (id: string, name: string, stat: string, dimensions: JsonObject[]): JsonObject => ({
      Id: id,
      MetricStat: {
        Metric: { Namespace: 'Payments', MetricName: name, Dimensions: dimensions },
        Period: 60,
        Stat: stat,
      },
    });
    const stage = [{ Name: 'Stage', Value: 'enrich' }];
    const { MetricDataResults } = await monitoring.call('GetMetricData', {
      StartTime: SIMULATION_START / 1000,
      EndTime: SIMULATION_START / 1000 + 60,
      MetricDataQueries: [
        query('sum', 'Quarantined', 'Sum', stage),
        query('all', 'Quarantined', 'SampleCount', []),
        query('p', 'LatencyMs', 'p75', stage),
        query('none', 'LatencyMs', 'p75', [{ Name: 'Stage', Value: 'rules' }]),
      ],
    });
    expect(MetricDataResults).toEqual([
      { Id: 'sum', StatusCode: 'Complete', Timestamps: [SIMULATION_START / 1000], Values: [6] },
      { Id: 'all', StatusCode: 'Complete', Timestamps: [SIMULATION_START / 1000], Values: [2] },
      { Id: 'p', StatusCode: 'Complete', Timestamps: [SIMULATION_START / 1000], Values: [30] },
      { Id: 'none', StatusCode: 'Complete', Timestamps: [], Values: [] },
    ]);
  });

  it('wants as many breaching periods as it is told', async () => {
    await alarm({ evaluation_periods: 3, datapoints_to_alarm: 2, threshold: 5 });
    depth = 9;
    await context.advance(MINUTE_MS);
    expect(states()).toEqual(['OK']);
    depth = 1;
    await context.advance(MINUTE_MS);
    expect(states()).toEqual(['OK']);
    depth = 9;
    await context.advance(MINUTE_MS);
    expect(states()).toEqual(['ALARM']);
  });

  it('alarms on a percentile of values that log lines give many at a time, and names the runbook', async () => {
    const LATENCY = {
      namespace: 'payments/dev',
      name: 'PostingLatencyMs',
      dimensions: { Stage: 'reconcile' },
    };
    await create('aws_cloudwatch_metric_alarm', {
      alarm_name: 'latency',
      alarm_description: 'Late. Runbook: docs/runbooks/posting-latency.md',
      namespace: LATENCY.namespace,
      metric_name: LATENCY.name,
      dimensions: LATENCY.dimensions,
      extended_statistic: 'p99',
      period: 60,
      evaluation_periods: 1,
      threshold: 60_000,
      comparison_operator: 'GreaterThanThreshold',
      alarm_actions: [TOPIC],
    });
    const CloudWatchMetrics = [
      { Namespace: LATENCY.namespace, Dimensions: [['Stage']], Metrics: [{ Name: LATENCY.name }] },
    ];
    const latencies = (slow: number): number[] => [
      ...Array(99 - slow).fill(900),
      ...Array(1 + slow).fill(90_000),
    ];
    for (const slow of [0, 1]) {
      const line = {
        _aws: { Timestamp: context.runtime.now(), CloudWatchMetrics },
        ...LATENCY.dimensions,
        PostingLatencyMs: latencies(slow),
      };
      monitoring.readLine(JSON.stringify(line));
      await context.advance(MINUTE_MS);
      expect(states()).toEqual([slow === 0 ? 'OK' : 'ALARM']);
    }
    const told = published.map(({ input }) => JSON.parse(String(input['Message'])));
    expect(told).toMatchObject([
      { NewStateValue: 'ALARM', AlarmDescription: 'Late. Runbook: docs/runbooks/posting-latency.md' },
    ]);
  });

  it.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('treats missing data as %s', async (treatment, expected) => {
    await alarm({ treat_missing_data: treatment });
    await context.advance(MINUTE_MS);
    expect(states()).toEqual([expected]);
  });

  it('keeps its state when missing data is ignored', async () => {
    await alarm({ treat_missing_data: 'ignore' });
    depth = 1;
    await context.advance(MINUTE_MS);
    depth = undefined;
    await context.advance(5 * MINUTE_MS);
    expect(states()).toEqual(['ALARM']);
  });

  it('goes on after a restart without telling twice', async () => {
    await alarm({});
    depth = 1;
    await context.advance(MINUTE_MS);
    const again = simulatedContext({ store: context.store, startsAt: context.runtime.now() });
    const restarted = new MonitoringService(again, () => [{ metric: DEPTH, value: 1 }]);
    restarted.resume();
    await again.advance(3 * MINUTE_MS);
    expect(restarted.alarms()[0]?.state).toBe('ALARM');
    expect(published).toHaveLength(1);
    expect(again.warnings).toEqual([]);
  });

  it('combines alarms', async () => {
    await alarm({});
    await create('aws_cloudwatch_composite_alarm', {
      alarm_name: 'any',
      alarm_rule: 'ALARM("dead-letters") OR ALARM(other)',
      alarm_actions: [TOPIC],
    });
    depth = 1;
    await context.advance(2 * MINUTE_MS);
    expect(monitoring.alarms().find(({ alarm: { name } }) => name === 'any')?.state).toBe('ALARM');
    const stateOf = (name: string): AlarmState => (name === 'a' ? 'ALARM' : 'OK');
    const rules = ['ALARM(a) AND NOT OK(a)', 'NOT (ALARM(a) OR FALSE)', 'OK(b) AND TRUE', 'ALARM(b)'];
    expect(rules.map((rule) => compileAlarmRule(rule)(stateOf))).toEqual([true, false, true, false]);
    expect(() => compileAlarmRule('ALARM(a) AND')).toThrow('malformed');
    expect(() => compileAlarmRule('a = b')).toThrow('malformed');
  });

  it('is set by hand, and warns when it cannot tell', async () => {
    await alarm({ alarm_actions: ['arn:nowhere'] });
    const input = { AlarmName: 'dead-letters', StateValue: 'ALARM', StateReason: 'drill' };
    await monitoring.call('SetAlarmState', input);
    expect(await monitoring.call('DescribeAlarms', { StateValue: 'ALARM' })).toMatchObject({
      MetricAlarms: [{ AlarmName: 'dead-letters', StateReason: 'drill', Threshold: 0, Statistic: 'Maximum' }],
    });
    expect(context.warnings).toEqual([expect.stringContaining('could not tell arn:nowhere')]);
  });

  it('refuses metric math and unknown statistics by name', async () => {
    const type = monitoring.resourceTypes.find(
      (candidate) => candidate.type === 'aws_cloudwatch_metric_alarm',
    );
    expect(type?.runs).not.toContain('metric_query');
    await expect(alarm({ statistic: 'tm99' })).rejects.toThrow('tm99');
    await expect(
      create('aws_cloudwatch_dashboard', { dashboard_name: 'd', dashboard_body: '{' }),
    ).rejects.toThrow('JSON');
  });

  it('gives back dashboards as they were put, and refuses what could not be shown', async () => {
    const body = '{"widgets":[{"type":"text","x":0,"width":24,"properties":{"markdown":"x"}}]}';
    await create('aws_cloudwatch_dashboard', { dashboard_name: 'payments', dashboard_body: body });
    expect(await monitoring.call('GetDashboard', { DashboardName: 'payments' })).toEqual({
      DashboardName: 'payments',
      DashboardArn: 'arn:aws:cloudwatch::000000000000:dashboard/payments',
      DashboardBody: body,
    });
    expect(await monitoring.call('ListDashboards', { DashboardNamePrefix: 'pay' })).toMatchObject({
      DashboardEntries: [{ DashboardName: 'payments', Size: body.length }],
    });
    expect(await monitoring.call('ListDashboards', { DashboardNamePrefix: 'x' })).toEqual({
      DashboardEntries: [],
    });
    await expect(monitoring.call('GetDashboard', { DashboardName: 'x' })).rejects.toThrow(
      'no such dashboard',
    );
    for (const bad of ['{}', '{"widgets":[{}]}', body.replace('24', '25')]) {
      const put = create('aws_cloudwatch_dashboard', { dashboard_name: 'bad', dashboard_body: bad });
      await expect(put).rejects.toThrow('The body of the dashboard bad');
    }
  });

  it('searches for metrics, and gives each that it finds', async () => {
    for (const [stage, value] of [
      ['enrich', 3],
      ['rules', 5],
    ] as const) {
      const metric = { namespace: 'payments/dev', name: 'Records', dimensions: { Stage: stage } };
      monitoring.metrics.add(metric, value, SIMULATION_START);
    }
    const [StartTime, EndTime] = [SIMULATION_START / 1000 - 300, SIMULATION_START / 1000 + 300];
    const query = (Expression: string): JsonObject => ({
      StartTime,
      EndTime,
      MetricDataQueries: [{ Id: 'e', Expression, Period: 300 }],
    });
    const search = `SEARCH('{payments/dev,Stage} MetricName="Records"', 'Sum')`;
    expect(await monitoring.call('GetMetricData', query(search))).toMatchObject({
      MetricDataResults: [
        { Id: 'e', Label: 'enrich Records', Values: [3] },
        { Id: 'e', Label: 'rules Records', Values: [5] },
      ],
    });
    await expect(monitoring.call('GetMetricData', query('e1 + e2'))).rejects.toThrow('only SEARCH');
  });

  it('forgets what is older than any alarm looks back', () => {
    const metrics = new MetricStore();
    metrics.add(DEPTH, 1, 0);
    metrics.add(DEPTH, 1, 4 * 60 * MINUTE_MS);
    expect(metrics.statistic(DEPTH, 'Sum', 0, MINUTE_MS)).toBeUndefined();
  });
});
