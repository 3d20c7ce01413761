import { type Arguments, firstBlock, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';
import { readsStream } from './dead-letters.ts';
import type { CheckedStack, Fault, Policy } from './policy.ts';

/** All that EventBridge gives to a target, and what it does unless it is told otherwise. */
const DELIVERY_AGE_SECONDS = 24 * 60 * 60;
const DELIVERY_ATTEMPTS = 185;
const PARTIAL_BATCHES = ['ReportBatchItemFailures'];
/** So many times a function's timeout a message must stay hidden. */
const VISIBILITY_TIMEOUTS = 6;

/** A failure that passes must cost nothing. */
export const RETRIES: Policy = {
  name: 'retries',
  demands:
    'Every hop tries again: a rule for a day, a schedule, stream, pipe, queue and task of a workflow at least once, and none for ever.',
  source: 'EventBridge user guide, "How EventBridge retries delivering events"',
  check: (checked) => [...deliveries(checked), ...streams(checked.stack), ...tasks(checked.stack)],
};

/** One bad record must not fail its neighbours. */
export const PARTIAL_BATCH_FAILURES: Policy = {
  name: 'partial-batch-failures',
  demands: 'Every event source mapping takes from its function which records of a batch failed.',
  source: 'Lambda developer guide, "Handling errors for an SQS event source in Lambda"',
  check: ({ stack }) =>
    [...stack.resources('aws_lambda_event_source_mapping')]
      .filter(
        ([, mapping]) =>
          JSON.stringify(mapping['function_response_types']) !== JSON.stringify(PARTIAL_BATCHES),
      )
      .map(([id]) => ({
        address: `aws_lambda_event_source_mapping.${id}`,
        wrong: 'fails whole batches for one record',
        remedy: `Set function_response_types to ${PARTIAL_BATCHES.join()}.`,
      })),
};

/** A message that comes back while it is still handled is handled twice. */
export const VISIBILITY_TIMEOUT: Policy = {
  name: 'visibility-timeout',
  demands: `A queue hides a message for at least ${VISIBILITY_TIMEOUTS} times the timeout of the function that takes it, and the batching window.`,
  source: 'Lambda developer guide, "Using Lambda with Amazon SQS", queue visibility timeout',
  check: ({ stack }) => {
    const faults: Fault[] = [];
    for (const { queueId, lambda, windowSeconds } of takersOf(stack)) {
      const queue = stack.resources('aws_sqs_queue').get(queueId) ?? {};
      // SQS hides a message for 30 seconds unless it is told otherwise.
      const visibility = Number(queue['visibility_timeout_seconds'] ?? 30);
      const timeout = Number(lambda['timeout'] ?? 3);
      const least = VISIBILITY_TIMEOUTS * timeout + windowSeconds;
      if (visibility >= least) continue;
      faults.push({
        address: `aws_sqs_queue.${queueId}`,
        wrong: `hides a message for ${visibility} s, but its function may take ${timeout} s and waits ${windowSeconds} s for a batch`,
        remedy: `Set visibility_timeout_seconds to ${least} or more, or the function's timeout lower.`,
      });
    }
    return faults;
  },
};

function deliveries({ stack }: CheckedStack): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [id, target] of stack.resources('aws_cloudwatch_event_target')) {
    const retry = firstBlock(target['retry_policy']);
    if (
      retry['maximum_event_age_in_seconds'] === DELIVERY_AGE_SECONDS &&
      retry['maximum_retry_attempts'] === DELIVERY_ATTEMPTS
    )
      continue;
    faults.push({
      address: `aws_cloudwatch_event_target.${id}`,
      wrong: 'does not try for a day to deliver an event',
      remedy: `Set retry_policy to ${DELIVERY_AGE_SECONDS} seconds and ${DELIVERY_ATTEMPTS} attempts, as SubscriptionRule does.`,
    });
  }
  for (const [id, schedule] of stack.resources('aws_scheduler_schedule')) {
    const attempts = firstBlock(firstBlock(schedule['target'])['retry_policy'])['maximum_retry_attempts'];
    faults.push(...above(0, attempts, `aws_scheduler_schedule.${id}`, 'target.retry_policy'));
  }
  for (const [id, { redrive_policy }] of stack.resources('aws_sqs_queue')) {
    if (redrive_policy === undefined) continue;
    const { maxReceiveCount } = JSON.parse(String(redrive_policy)) as { maxReceiveCount?: number };
    // The first receipt is no retry.
    faults.push(...above(1, maxReceiveCount, `aws_sqs_queue.${id}`, 'maxReceiveCount of its redrive_policy'));
  }
  return faults;
}

function streams(stack: SynthesizedStack): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [id, mapping] of stack.resources('aws_lambda_event_source_mapping')) {
    if (!readsStream(mapping)) continue;
    const address = `aws_lambda_event_source_mapping.${id}`;
    faults.push(...above(0, mapping['maximum_retry_attempts'], address, 'maximum_retry_attempts'));
  }
  for (const [id, pipe] of stack.resources('aws_pipes_pipe')) {
    for (const [name, parameters] of Object.entries(firstBlock(pipe['source_parameters']))) {
      if (!name.endsWith('_stream_parameters')) continue;
      const attempts = firstBlock(parameters)['maximum_retry_attempts'];
      faults.push(...above(0, attempts, `aws_pipes_pipe.${id}`, `${name}.maximum_retry_attempts`));
    }
  }
  return faults;
}

/** Every state of type Task that has no retrier with attempts, however deep it lies. */
function tasks(stack: SynthesizedStack): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [id, { definition }] of stack.resources('aws_sfn_state_machine')) {
    const visit = (name: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { Type, Retry } = value as { Type?: unknown; Retry?: readonly { MaxAttempts?: number }[] };
      if (Type === 'Task' && !(Retry ?? []).some(({ MaxAttempts = 3 }) => MaxAttempts > 0)) {
        faults.push({
          address: `aws_sfn_state_machine.${id}`,
          wrong: `does not try its state ${name} again`,
          remedy: 'Give the state a Retry with MaxAttempts above 0.',
        });
      }
      for (const [member, inner] of Object.entries(value)) visit(member, inner);
    };
    visit('definition', JSON.parse(String(definition)));
  }
  return faults;
}

/** Attempts that are not said are endless or of AWS's choosing, and so are wrong too. */
function above(least: number, attempts: unknown, address: string, argument: string): readonly Fault[] {
  if (typeof attempts === 'number' && attempts > least) return [];
  return [
    {
      address,
      wrong: `does not say how often it tries again, or not at all (${argument} is ${String(attempts)})`,
      remedy: `Set ${argument} above ${least}.`,
    },
  ];
}

interface Taker {
  readonly queueId: string;
  readonly lambda: Arguments;
  readonly windowSeconds: number;
}

/** The functions that take from a queue: by a mapping, or on a schedule, when they are told the queue's URL. */
function takersOf(stack: SynthesizedStack): readonly Taker[] {
  const takers: Taker[] = [];
  const functions = stack.resources('aws_lambda_function');
  for (const mapping of stack.resources('aws_lambda_event_source_mapping').values()) {
    const queueId = referenceTo(mapping['event_source_arn'], 'aws_sqs_queue');
    const lambda = functions.get(referenceTo(mapping['function_name'], 'aws_lambda_function') ?? '');
    const windowSeconds = Number(mapping['maximum_batching_window_in_seconds'] ?? 0);
    if (queueId !== undefined && lambda !== undefined) takers.push({ queueId, lambda, windowSeconds });
  }
  for (const [id, lambda] of functions) {
    const queueId = referenceTo(stack.variables(id)['STAGE_QUEUE_URL'], 'aws_sqs_queue');
    if (queueId !== undefined) takers.push({ queueId, lambda, windowSeconds: 0 });
  }
  return takers;
}
