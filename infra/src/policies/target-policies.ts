import { type Arguments, reference, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';
import { roleMay, SEND, serviceMaySend } from './permissions.ts';
import type { Fault, Policy } from './policy.ts';

/** What a role must be allowed to call a target of each type. */
const CALLS: Readonly<Record<string, string>> = {
  aws_lambda_function: 'lambda:InvokeFunction',
  aws_sfn_state_machine: 'states:StartExecution',
};

/** A target that may not be called gets nothing, and its dead-letter queue gets everything. */
export const TARGET_PERMISSIONS: Policy = {
  name: 'target-permissions',
  demands: 'Whatever a rule, a schedule or a bucket delivers to may be delivered to by it, and by it alone.',
  source: 'EventBridge user guide, "Using resource-based policies for Amazon EventBridge"',
  check: ({ stack }) => [...ruleTargets(stack), ...schedules(stack), ...notifications(stack)],
};

function ruleTargets(stack: SynthesizedStack): readonly Fault[] {
  return [...stack.resources('aws_cloudwatch_event_target')].flatMap(([id, target]) => {
    const address = `aws_cloudwatch_event_target.${id}`;
    const queue = referenceTo(target['arn'], 'aws_sqs_queue');
    if (queue === undefined) return calledByRole(stack, address, target);
    const rule = referenceTo(target['rule'], 'aws_cloudwatch_event_rule') ?? '';
    const source = reference(`aws_cloudwatch_event_rule.${rule}.arn`);
    return serviceMaySend(stack, queue, 'events.amazonaws.com', source)
      ? []
      : [refused(address, queue, source)];
  });
}

function schedules(stack: SynthesizedStack): readonly Fault[] {
  return [...stack.resources('aws_scheduler_schedule')].flatMap(([id, { target }]) =>
    calledByRole(stack, `aws_scheduler_schedule.${id}`, target as Arguments),
  );
}

function notifications(stack: SynthesizedStack): readonly Fault[] {
  return [...stack.resources('aws_s3_bucket_notification')].flatMap(([id, notification]) => {
    const source = reference(`aws_s3_bucket.${bucketIn(stack, notification['bucket'])}.arn`);
    return [notification['queue'] ?? []]
      .flat()
      .map((each) => referenceTo((each as Arguments)['queue_arn'], 'aws_sqs_queue') ?? '')
      .filter((queue) => !serviceMaySend(stack, queue, 's3.amazonaws.com', source))
      .map((queue) => refused(`aws_s3_bucket_notification.${id}`, queue, source));
  });
}

/** A function or workflow is called with a role that may do that. */
function calledByRole(stack: SynthesizedStack, address: string, target: Arguments): readonly Fault[] {
  const [, type = '', id = ''] = /^\$\{(\w+)\.([\w-]+)\.\w+\}$/.exec(String(target['arn'])) ?? [];
  const action = CALLS[type] ?? 'the call of its target';
  if (roleMay(stack, target['role_arn'], action, reference(`${type}.${id}.arn`))) return [];
  return [
    {
      address,
      wrong: `may not call its target ${String(target['arn'])}`,
      remedy: `Give it a ServiceRole that is allowed ${action} on the target.`,
    },
  ];
}

function refused(address: string, queue: string, source: string): Fault {
  return {
    address,
    wrong: `may not send to aws_sqs_queue.${queue}`,
    remedy: `Let the queue's policy accept ${SEND} for ${source} (StageQueue.acceptFrom).`,
  };
}

/** The construct id of a bucket that is named by reference or by its name. */
function bucketIn(stack: SynthesizedStack, bucket: unknown): string | undefined {
  const named = [...stack.resources('aws_s3_bucket')].find(([, args]) => args['bucket'] === bucket);
  return referenceTo(bucket, 'aws_s3_bucket') ?? named?.[0];
}
