import { type Arguments, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';

const QUEUE_ARN = /\$\{aws_sqs_queue\.([\w-]+)\.arn\}/g;
/** AWS asks for six times the function's timeout (Lambda developer guide, "Using Lambda with SQS"). */
const VISIBILITY_TIMEOUTS = 6;
const DEPTH = 'ApproximateNumberOfMessagesVisible';
const AGE = 'ApproximateAgeOfOldestMessage';

/** Every queue has a dead-letter queue or is one, is encrypted, has a policy, and is watched. */
export function queueProblems(stack: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  const queues = stack.resources('aws_sqs_queue');
  const withPolicy = new Set(
    [...stack.resources('aws_sqs_queue_policy').values()].map(({ queue_url }) =>
      referenceTo(queue_url, 'aws_sqs_queue'),
    ),
  );
  const deadLetterQueues = deadLetterQueuesOf(stack);
  for (const [id, queue] of queues) {
    const isDeadLetters = deadLetterQueues.has(id);
    if (queue['redrive_policy'] === undefined && !isDeadLetters)
      problems.push(`the queue ${id} has no dead-letter queue`);
    if (queue['kms_master_key_id'] === undefined)
      problems.push(`the queue ${id} is not encrypted by our key`);
    if (!withPolicy.has(id)) problems.push(`the queue ${id} has no policy`);
    const metric = isDeadLetters ? DEPTH : AGE;
    if (!isWatched(stack, queue, metric)) problems.push(`the queue ${id} has no alarm on ${metric}`);
  }
  return [...problems, ...visibilityProblems(stack)];
}

/** Whatever a redrive policy or a dead-letter or failure setting refers to. */
function deadLetterQueuesOf(stack: SynthesizedStack): ReadonlySet<string> {
  const found = new Set<string>();
  const settings = ['redrive_policy', 'dead_letter_config', 'on_failure'];
  const visit = (value: unknown, isSetting: boolean): void => {
    if (typeof value === 'string') {
      if (isSetting) for (const [, id = ''] of value.matchAll(QUEUE_ARN)) found.add(id);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) visit(member, isSetting || settings.includes(name));
    }
  };
  for (const args of stack.all().values()) visit(args, false);
  // A workflow sends what failed by itself; it names the queue in its definition.
  for (const { definition } of stack.resources('aws_sfn_state_machine').values()) {
    for (const [, id = ''] of String(definition).matchAll(/\$\{aws_sqs_queue\.([\w-]+)\.\w+\}/g))
      found.add(id);
  }
  return found;
}

function isWatched(stack: SynthesizedStack, queue: Arguments, metric: string): boolean {
  return [...stack.resources('aws_cloudwatch_metric_alarm').values()].some(
    ({ metric_name, dimensions }) =>
      metric_name === metric && (dimensions as Arguments)['QueueName'] === queue['name'],
  );
}

function visibilityProblems(stack: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  for (const [id, mapping] of stack.resources('aws_lambda_event_source_mapping')) {
    const queueId = referenceTo(mapping['event_source_arn'], 'aws_sqs_queue');
    const functionId = referenceTo(mapping['function_name'], 'aws_lambda_function');
    if (queueId === undefined || functionId === undefined) continue;
    const timeout = Number(stack.resource('aws_lambda_function', functionId)['timeout']);
    const visibility = Number(stack.resource('aws_sqs_queue', queueId)['visibility_timeout_seconds']);
    const window = Number(mapping['maximum_batching_window_in_seconds']);
    if (visibility < VISIBILITY_TIMEOUTS * timeout + window) {
      problems.push(
        `the mapping ${id} gives a message back after ${visibility} s, too soon for a timeout of ${timeout} s`,
      );
    }
  }
  return problems;
}
