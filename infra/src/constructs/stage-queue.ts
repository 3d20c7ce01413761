import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { type Conditions, type ResourceStatement, resourcePolicy, tlsOnly } from '../iam-policy.ts';
import type { Runbook } from '../runbooks.ts';
import type { PaymentsStack } from './payments-stack.ts';
import { StageAlarm } from './stage-alarm.ts';

const DAY_SECONDS = 24 * 60 * 60;
/** How long a message waits to be taken. */
const RETENTION_SECONDS = 4 * DAY_SECONDS;
/** A dead letter keeps the time at which it was first sent, so that it must be kept longer than a queue keeps it. */
const DEAD_LETTER_RETENTION_SECONDS = 14 * DAY_SECONDS;
/** A message is taken so often before it is a dead letter. */
const MAX_RECEIVE_COUNT = 5;
/** AWS asks for six times the function's timeout, and the window (Lambda developer guide, "Using Lambda with SQS"). */
const VISIBILITY_TIMEOUTS = 6;
/** How long a queue uses one data key of the customer-managed key; each new one is a call that is paid. */
const DATA_KEY_REUSE_SECONDS = 300;

/** A queue that nobody reads but people: each message in it is an alarm. */
export class DeadLetterQueue {
  readonly arn: string;
  readonly url: string;
  readonly #sender: QueuePolicy;

  /**
   * @param purpose its construct id, and its name within the stage
   * @param props what a message in it means, and the runbook for it
   */
  constructor(
    stack: PaymentsStack,
    purpose: string,
    props: { readonly says: string; readonly runbook: Runbook },
  ) {
    const queue = new SqsQueue(stack, purpose, {
      name: stack.nameOf(purpose),
      messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
      kmsMasterKeyId: stack.keyArn,
      kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE_SECONDS,
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.#sender = new QueuePolicy(stack, `${purpose}-policy`, queue);
    new StageAlarm(stack, `${purpose}-depth`, {
      says: props.says,
      runbook: props.runbook,
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: stack.nameOf(purpose) },
      statistic: 'Maximum',
      above: 0,
    });
  }

  /** Lets EventBridge send here for one rule or bus. */
  acceptFrom(sid: string, sourceArn: string): void {
    this.#sender.acceptFrom(sid, sourceArn);
  }
}

export interface StageQueueProps {
  /** The timeout of the function that takes from it. */
  readonly functionTimeoutSeconds: number;
  /** How long an invocation waits for its batch. */
  readonly windowSeconds: number;
  /** A message that is older rings, in seconds. */
  readonly ageAlarmSeconds: number;
}

/** A queue in front of a function. It cannot be made without its dead-letter queue, its key and its alarms. */
export class StageQueue {
  readonly arn: string;
  readonly url: string;
  readonly deadLetters: DeadLetterQueue;
  readonly #sender: QueuePolicy;

  constructor(stack: PaymentsStack, purpose: string, props: StageQueueProps) {
    this.deadLetters = new DeadLetterQueue(stack, 'dead-letters', {
      says: `An event failed ${MAX_RECEIVE_COUNT} times in ${stack.owner}.`,
      runbook: 'dead-letters',
    });
    const queue = new SqsQueue(stack, purpose, {
      name: stack.nameOf(purpose),
      messageRetentionSeconds: RETENTION_SECONDS,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUTS * props.functionTimeoutSeconds + props.windowSeconds,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: this.deadLetters.arn,
        maxReceiveCount: MAX_RECEIVE_COUNT,
      }),
      kmsMasterKeyId: stack.keyArn,
      kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE_SECONDS,
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.#sender = new QueuePolicy(stack, `${purpose}-policy`, queue);
    new StageAlarm(stack, `${purpose}-age`, {
      says: `Events wait longer for ${stack.owner} than ${props.ageAlarmSeconds} seconds.`,
      runbook: 'queue-age',
      namespace: 'AWS/SQS',
      metric: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: stack.nameOf(purpose) },
      statistic: 'Maximum',
      above: props.ageAlarmSeconds,
    });
  }

  /** Lets EventBridge send here for one rule. */
  acceptFrom(sid: string, ruleArn: string): void {
    this.#sender.acceptFrom(sid, ruleArn);
  }

  /** Lets S3 send here for one bucket of the account; a bucket's name does not say whose it is. */
  acceptFromBucket(sid: string, bucketArn: string, accountId: string): void {
    this.#sender.accept(sid, 's3.amazonaws.com', {
      ArnEquals: { 'aws:SourceArn': bucketArn },
      StringEquals: { 'aws:SourceAccount': accountId },
    });
  }

  /** The queue's policy, for whatever must not begin before others may send here. */
  get policy(): SqsQueuePolicy {
    return this.#sender.resource;
  }
}

/** Who may use a queue besides roles of the account: nobody without TLS, and services for what they were told. */
class QueuePolicy {
  readonly resource: SqsQueuePolicy;
  readonly #queueArn: string;
  readonly #statements: ResourceStatement[];

  constructor(stack: PaymentsStack, id: string, queue: SqsQueue) {
    this.#queueArn = queue.arn;
    this.#statements = [tlsOnly('sqs:*', [queue.arn])];
    this.resource = new SqsQueuePolicy(stack, id, { queueUrl: queue.url, policy: this.#document() });
  }

  acceptFrom(sid: string, sourceArn: string): void {
    this.accept(sid, 'events.amazonaws.com', { ArnEquals: { 'aws:SourceArn': sourceArn } });
  }

  /** Lets a service send under conditions. */
  accept(sid: string, service: string, conditions: Conditions): void {
    this.#statements.push({
      sid,
      principal: { service },
      actions: ['sqs:SendMessage'],
      resources: [this.#queueArn],
      conditions,
    });
    this.resource.policy = this.#document();
  }

  #document(): string {
    return resourcePolicy(this.#statements);
  }
}
