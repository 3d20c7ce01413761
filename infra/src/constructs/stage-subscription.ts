import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import {
  type ContinuousDelivery,
  type DeliveryMode,
  type QueueDelivery,
  queueDelivery,
} from '../delivery.ts';
import { grantQuarantine } from './bus.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageFunction } from './stage-function.ts';
import { StageQueue } from './stage-queue.ts';
import { StageSchedule } from './stage-schedule.ts';
import type { StageStack } from './stage-stack.ts';
import { SubscriptionRule } from './subscription-rule.ts';

/** Events that wait longer than this, in seconds, are late where a queue is emptied continuously. */
const LATE_SECONDS: Readonly<Record<DeliveryMode, number>> = {
  'real-time': 5 * 60,
  'near-real-time': 10 * 60,
  batch: 60 * 60,
};
/** A drain comes once a day at the least, and may take an hour over it. */
const LATE_FOR_A_DRAIN_SECONDS = 25 * 60 * 60;

/**
 * A stage behind its queue: rule, queue and function, with a dead-letter queue on both hops, fed as the
 * environment says.
 */
export class StageSubscription {
  readonly queue: StageQueue;

  /** @param subscriber the function that takes the events; its timeout is that of the stage's delivery */
  constructor(stack: StageStack, subscriber: StageFunction) {
    const delivery = queueDelivery(stack.environment, stack.stage.name);
    const windowSeconds = delivery.kind === 'continuous' ? delivery.windowSeconds : 0;
    this.queue = new StageQueue(stack, 'queue', {
      functionTimeoutSeconds: subscriber.timeoutSeconds,
      windowSeconds,
      ageAlarmSeconds: lateAfter(delivery),
    });
    const rule = new SubscriptionRule(stack);
    this.queue.acceptFrom('TakeSubscribedEvents', rule.arn);
    rule.deliverTo({ arn: this.queue.arn });
    subscriber.role.allow({
      sid: 'TakeFromQueue',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      resources: [this.queue.arn],
    });
    grantQuarantine(stack, subscriber);
    if (delivery.kind === 'continuous') this.#feed(stack, subscriber, delivery);
    else {
      subscriber.addVariable('STAGE_QUEUE_URL', this.queue.url);
      new StageSchedule(stack, 'drain', {
        expression: delivery.schedule,
        target: subscriber,
        input: { drain: { largestBatch: delivery.largestBatch } },
      });
    }
    alarmOnQuarantine(stack);
  }

  #feed(stack: StageStack, subscriber: StageFunction, delivery: ContinuousDelivery): void {
    subscriber.role.allow({
      sid: 'WatchQueue',
      actions: ['sqs:GetQueueAttributes'],
      resources: [this.queue.arn],
    });
    new LambdaEventSourceMapping(stack, 'feed', {
      eventSourceArn: this.queue.arn,
      functionName: subscriber.arn,
      batchSize: delivery.batchSize,
      maximumBatchingWindowInSeconds: delivery.windowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: delivery.concurrency },
      // Lambda looks whether the role may read the queue when the mapping is made.
      dependsOn: [subscriber.role.policy],
    });
  }
}

/** Rings when a stage set a record aside. */
export function alarmOnQuarantine(stack: StageStack): void {
  new StageAlarm(stack, 'quarantined', {
    namespace: stack.platform.metricsNamespace,
    metric: 'Quarantined',
    says: `A record broke its contract and was set aside by ${stack.owner}.`,
    runbook: 'quarantine',
    dimensions: { Stage: stack.owner },
    statistic: 'Sum',
    above: 0,
  });
}

/** How long an invocation of a stage's subscriber may take as it is delivered to, in seconds. */
export function subscriberTimeoutSeconds({ environment, stage }: StageStack): number {
  return queueDelivery(environment, stage.name).functionTimeoutSeconds;
}

function lateAfter(delivery: QueueDelivery): number {
  return delivery.kind === 'scheduled' ? LATE_FOR_A_DRAIN_SECONDS : LATE_SECONDS[delivery.mode];
}
