import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { sourcesOf } from '../stages.ts';
import { DeadLetterQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';

/** EventBridge's own limits on trying again (EventBridge user guide, "Retrying event delivery"): all it gives. */
const RETRY = { maximumEventAgeInSeconds: 24 * 60 * 60, maximumRetryAttempts: 185 };

/** The rule that gives a stage exactly the events that it declares, from the stages that emit them. */
export class SubscriptionRule {
  readonly arn: string;
  /** Where events lie that the target did not take. */
  readonly undelivered: DeadLetterQueue;
  readonly #stack: StageStack;
  readonly #name: string;

  constructor(stack: StageStack) {
    const { consumes, name } = stack.stage;
    const rule = new CloudwatchEventRule(stack, 'subscription', {
      name: stack.nameOf('subscription'),
      description: `What ${name} consumes`,
      eventBusName: stack.platform.busName,
      eventPattern: JSON.stringify({ source: sourcesOf(consumes), 'detail-type': consumes }),
    });
    this.arn = rule.arn;
    this.#stack = stack;
    this.#name = rule.name;
    this.undelivered = new DeadLetterQueue(stack, 'undelivered', {
      says: `The bus could not deliver an event to ${name}.`,
      runbook: 'undelivered-events',
    });
    this.undelivered.acceptFrom('TakeUndelivered', rule.arn);
  }

  /**
   * Delivers to a target, again and again for a day, then to the dead-letter queue.
   *
   * @param target its ARN, and the role to call it with where it has no resource policy
   */
  deliverTo(target: { readonly arn: string; readonly roleArn?: string }): void {
    new CloudwatchEventTarget(this.#stack, 'subscription-target', {
      rule: this.#name,
      eventBusName: this.#stack.platform.busName,
      targetId: 'subscriber',
      ...target,
      retryPolicy: RETRY,
      deadLetterConfig: { arn: this.undelivered.arn },
    });
  }
}
