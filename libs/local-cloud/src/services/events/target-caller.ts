import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { FunctionInvoker, QueueSource, ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import type { Rule } from './bus-directory.ts';
import type { BusEvent } from './bus-event.ts';
import { messageGroupId, type Target } from './target.ts';

/** Throws AccessDeniedException when the caller may not do the action on the resource. */
export type Authorize = (caller: Principal, action: string, resourceArn: string) => void;

/** The neighbours that rules deliver to without the way through another service's API. */
export interface EventTargets {
  readonly queues: QueueSource;
  readonly functions: FunctionInvoker;
  readonly authorize: Authorize;
}

/** Puts an event that came over a rule onto another bus of this account. */
export type Forward = (busArn: string, event: BusEvent) => void;

const SERVICE = 'events.amazonaws.com';
const OWNER: Principal = { kind: 'owner' };

/** Who EventBridge is towards a target: the target's role when it has one, else itself for the rule. */
export function callerFor(rule: Rule, target: Target): Principal {
  return target.roleArn === undefined ? asService(rule) : { kind: 'role', arn: target.roleArn };
}

export function asService(rule: Rule): Principal {
  return { kind: 'service', service: SERVICE, sourceArn: rule.arn };
}

/** Hands events to targets, once each; errors are the target's own. */
export class TargetCaller {
  readonly #context: ServiceContext;
  readonly #targets: EventTargets;
  readonly #forward: Forward;

  constructor(context: ServiceContext, targets: EventTargets, forward: Forward) {
    this.#context = context;
    this.#targets = targets;
    this.#forward = forward;
  }

  /** True for a target that takes an event within the same step. */
  isImmediate(target: Target): boolean {
    return target.kind === 'queue' || target.kind === 'function' || target.kind === 'bus';
  }

  /** Delivers to an immediate target. @throws AwsError */
  deliverNow(event: BusEvent, rule: Rule, target: Target): void {
    const input = this.#input(event, rule, target);
    if (input === undefined) return;
    const caller = callerFor(rule, target);
    if (target.kind === 'function') {
      this.#targets.functions.invokeAsync(target.arn, input, caller);
    } else if (target.kind === 'bus') {
      this.#targets.authorize(caller, 'events:PutEvents', target.arn);
      // A bus does not pass on what came from another bus (EventBridge, "Sending events between buses").
      if (event.hops > 0)
        this.#context.warn(`rule ${rule.arn}: ${event.id} has come from another bus already`);
      else this.#forward(target.arn, event);
    } else {
      this.#targets.authorize(caller, 'sqs:SendMessage', target.arn);
      this.#targets.queues.send(target.arn, input);
    }
  }

  /** Delivers to any target. @throws AwsError */
  async deliver(event: BusEvent, rule: Rule, target: Target): Promise<void> {
    if (this.isImmediate(target)) {
      this.deliverNow(event, rule, target);
      return;
    }
    const input = this.#input(event, rule, target);
    if (input !== undefined) await this.#callTarget(input, event, rule, target);
  }

  /** Puts an event that could not be delivered into the target's dead-letter queue. @throws AwsError */
  deadLetter(queueArn: string, event: BusEvent, rule: Rule, attributes: JsonObject): void {
    this.#targets.authorize(asService(rule), 'sqs:SendMessage', queueArn);
    this.#targets.queues.send(queueArn, event.text, attributes);
  }

  #input(event: BusEvent, rule: Rule, target: Target): string | undefined {
    const input = target.input(event, rule);
    if (input === undefined) {
      this.#context.warn(
        `rule ${rule.arn}: the input template of target ${target.id} gives no JSON; not delivered`,
      );
    }
    return input;
  }

  async #callTarget(input: string, event: BusEvent, rule: Rule, target: Target): Promise<void> {
    const caller = callerFor(rule, target);
    const { call } = this.#context;
    switch (target.kind) {
      case 'state-machine':
        await call('states', 'StartExecution', { stateMachineArn: target.arn, input }, caller);
        return;
      case 'topic':
        await call('sns', 'Publish', { TopicArn: target.arn, Message: input }, caller);
        return;
      case 'fifo-queue': {
        const QueueName = target.arn.slice(target.arn.lastIndexOf(':') + 1);
        const { QueueUrl } = await call('sqs', 'GetQueueUrl', { QueueName }, OWNER);
        const MessageGroupId = messageGroupId(target);
        await call('sqs', 'SendMessage', { QueueUrl, MessageBody: input, MessageGroupId }, caller);
        return;
      }
      default:
        await this.#log(input, event, target, caller);
    }
  }

  async #log(message: string, event: BusEvent, target: Target, caller: Principal): Promise<void> {
    const logGroupName = target.arn.split(':log-group:')[1]?.replace(/:\*$/, '') ?? '';
    const names = { logGroupName, logStreamName: event.id };
    try {
      await this.#context.call('logs', 'CreateLogStream', names, caller);
    } catch (error) {
      const there = error instanceof AwsError && error.code === 'ResourceAlreadyExistsException';
      if (!there) throw error;
    }
    const logEvents = [{ timestamp: event.ingestedAt, message }];
    await this.#context.call('logs', 'PutLogEvents', { ...names, logEvents }, caller);
  }
}
