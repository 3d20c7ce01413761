import { AwsError } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { type Alarm, type AlarmState, evaluateAlarm } from './alarm.ts';
import type { AlarmRegistry, AlarmStatus } from './alarm-registry.ts';
import { compileAlarmRule } from './alarm-rule.ts';
import type { MetricName, MetricStore } from './metric-store.ts';

/** CloudWatch evaluates standard alarms once a minute. */
const EVERY_MS = 60_000;

/** Numbers that services have at any time, such as the depth of a queue. */
export type Gauges = () => Iterable<{ readonly metric: MetricName; readonly value: number }>;

/** Watches the metrics and tells topics when an alarm changes its state. */
export class AlarmEvaluation {
  readonly #context: ServiceContext;
  readonly #alarms: AlarmRegistry;
  readonly #metrics: MetricStore;
  readonly #gauges: Gauges;
  #running = false;

  constructor(context: ServiceContext, alarms: AlarmRegistry, metrics: MetricStore, gauges: Gauges) {
    this.#context = context;
    this.#alarms = alarms;
    this.#metrics = metrics;
    this.#gauges = gauges;
  }

  /** Begins to evaluate once a minute, if it has not begun and there are alarms. */
  start(): void {
    if (this.#running || this.#alarms.all().length === 0) return;
    this.#running = true;
    this.#scheduleNext();
  }

  /**
   * Puts an alarm into a state and carries out its actions.
   *
   * @param reason for people
   */
  async setState(status: AlarmStatus, state: AlarmState, reason: string): Promise<void> {
    const { alarm } = status;
    const now = this.#context.runtime.now();
    this.#alarms.setState(alarm.name, state, reason, now);
    if (state === status.state || !alarm.actionsEnabled) return;
    for (const topicArn of alarm.actions[state]) await this.#notify(topicArn, status, state, reason, now);
  }

  #scheduleNext(): void {
    const { runtime } = this.#context;
    const delayMs = EVERY_MS - (runtime.now() % EVERY_MS);
    runtime.schedule({ name: 'alarm-evaluation', delayMs, recurs: true, run: () => this.#tick() });
  }

  async #tick(): Promise<void> {
    const now = this.#context.runtime.now();
    // What is true at the end of a minute is a value of that minute.
    for (const { metric, value } of this.#gauges()) this.#metrics.add(metric, value, now - 1);
    const alarms = this.#alarms.all();
    for (const status of alarms) if ('metric' in status.alarm.watches) await this.#evaluate(status, now);
    for (const status of alarms) if ('rule' in status.alarm.watches) await this.#evaluate(status, now);
    this.#running = alarms.length > 0;
    if (this.#running) this.#scheduleNext();
  }

  async #evaluate(status: AlarmStatus, now: number): Promise<void> {
    const next = this.#judge(status.alarm, now);
    if (next !== undefined && next.state !== status.state)
      await this.setState(status, next.state, next.reason);
  }

  #judge(alarm: Alarm, now: number): { state: AlarmState; reason: string } | undefined {
    if ('metric' in alarm.watches) return evaluateAlarm(alarm.watches.metric, this.#metrics, now);
    const { rule } = alarm.watches;
    const isAlarm = compileAlarmRule(rule)((name) => {
      const watched = name.startsWith('arn:') ? name.split(':alarm:')[1] : name;
      return this.#alarms.find(watched ?? '')?.state ?? 'INSUFFICIENT_DATA';
    });
    return { state: isAlarm ? 'ALARM' : 'OK', reason: `The rule ${rule} is ${isAlarm}` };
  }

  async #notify(
    topicArn: string,
    status: AlarmStatus,
    state: AlarmState,
    reason: string,
    now: number,
  ): Promise<void> {
    const { alarm } = status;
    const message = {
      AlarmName: alarm.name,
      AlarmDescription: alarm.description,
      AWSAccountId: this.#context.account.id,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: new Date(now).toISOString(),
      Region: this.#context.account.region,
      AlarmArn: alarm.arn,
      OldStateValue: status.state,
    };
    const input = {
      TopicArn: topicArn,
      Subject: `${state}: "${alarm.name}" in ${this.#context.account.region}`,
      Message: JSON.stringify(message),
    };
    const caller = { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: alarm.arn } as const;
    try {
      await this.#context.call('sns', 'Publish', input, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.warn(`The alarm ${alarm.name} could not tell ${topicArn}: ${error.message}`);
    }
  }
}
