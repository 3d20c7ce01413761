import { platformNames } from '../platform-names.ts';
import { RUNBOOKS, runbookPath } from '../runbooks.ts';
import { firstBlock, reference, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';
import { deadLetterQueues, readsStream } from './dead-letters.ts';
import type { CheckedStack, Fault, Policy } from './policy.ts';

const DEPTH = 'ApproximateNumberOfMessagesVisible';
const AGE = 'ApproximateAgeOfOldestMessage';
const FUNCTION_METRICS = ['Errors', 'Throttles', 'Duration'];
const WORKFLOW_METRICS = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled'];

/** What an alarm must watch. */
interface Watched {
  readonly address: string;
  /** One of these will do. */
  readonly metrics: readonly string[];
  readonly dimension: string;
  readonly value: unknown;
  /** Where it must ring at the first. */
  readonly isFirst?: boolean;
}

/** Nothing fails or waits unseen. */
export const ALARMS: Policy = {
  name: 'alarms',
  demands:
    'An alarm watches each queue (age), dead-letter queue (depth, from the first message), function (errors, throttles, duration), stream reader (iterator age), pipe and state machine (failures).',
  source: 'CloudWatch user guide, "Recommended alarms"',
  check: (checked) =>
    watchedIn(checked)
      .filter((watched) => !isWatched(checked.stack, watched))
      .map(({ address, metrics, dimension, value, isFirst }) => {
        const metric = `${metrics.join(' or ')}${isFirst ? ' above 0' : ''}`;
        return {
          address,
          wrong: `has no alarm on ${metric}`,
          remedy: `Make a StageAlarm on ${metric} with ${dimension} ${String(value)}.`,
        };
      }),
};

/** An alarm that reaches nobody, or says nothing of what to do, is noise. */
export const ALARM_RUNBOOKS: Policy = {
  name: 'alarm-runbooks',
  demands: "Every alarm goes to the platform's topic and names a runbook that there is.",
  source: 'AWS Well-Architected, operational excellence pillar, OPS10-BP02',
  check: ({ stack, environment }) => {
    const { alarmTopicArn } = platformNames(environment);
    const runbooks = RUNBOOKS.map(runbookPath);
    const faults: Fault[] = [];
    for (const [id, alarm] of stack.resources('aws_cloudwatch_metric_alarm')) {
      const address = `aws_cloudwatch_metric_alarm.${id}`;
      const isTold = JSON.stringify(alarm['alarm_actions']) === JSON.stringify([alarmTopicArn]);
      if (!isTold || alarm['actions_enabled'] === false) {
        faults.push({
          address,
          wrong: 'tells nobody',
          remedy: `Set alarm_actions to ${alarmTopicArn} and leave actions_enabled out, as StageAlarm does.`,
        });
      }
      if (!runbooks.some((path) => String(alarm['alarm_description']).endsWith(`Runbook: ${path}`))) {
        faults.push({
          address,
          wrong: 'names no runbook that there is',
          remedy: 'End its description with "Runbook: docs/runbooks/<name>.md", with a name of RUNBOOKS.',
        });
      }
    }
    return faults;
  },
};

function watchedIn(checked: CheckedStack): readonly Watched[] {
  const { stack } = checked;
  const watched: Watched[] = [];
  const deadLetters = deadLetterQueues(checked);
  for (const [id, queue] of stack.resources('aws_sqs_queue')) {
    const metrics = deadLetters.has(id)
      ? [DEPTH]
      : queue['redrive_policy'] === undefined
        ? [AGE, DEPTH]
        : [AGE];
    watched.push({
      address: `aws_sqs_queue.${id}`,
      metrics,
      dimension: 'QueueName',
      value: queue['name'],
      isFirst: deadLetters.has(id),
    });
  }
  for (const [id, { function_name }] of stack.resources('aws_lambda_function'))
    for (const metric of FUNCTION_METRICS)
      watched.push(ofFunction(`aws_lambda_function.${id}`, metric, function_name));
  for (const [id, mapping] of stack.resources('aws_lambda_event_source_mapping')) {
    if (!readsStream(mapping)) continue;
    const reader = referenceTo(mapping['function_name'], 'aws_lambda_function') ?? '';
    const name = stack.resources('aws_lambda_function').get(reader)?.['function_name'];
    watched.push(ofFunction(`aws_lambda_event_source_mapping.${id}`, 'IteratorAge', name));
  }
  for (const [id, { name }] of stack.resources('aws_pipes_pipe')) {
    const address = `aws_pipes_pipe.${id}`;
    watched.push({ address, metrics: ['ExecutionFailed'], dimension: 'PipeName', value: name });
  }
  for (const id of stack.resources('aws_sfn_state_machine').keys()) {
    const address = `aws_sfn_state_machine.${id}`;
    const value = reference(`${address}.arn`);
    for (const metric of WORKFLOW_METRICS)
      watched.push({ address, metrics: [metric], dimension: 'StateMachineArn', value });
  }
  return watched;
}

function ofFunction(address: string, metric: string, name: unknown): Watched {
  return { address, metrics: [metric], dimension: 'FunctionName', value: name };
}

function isWatched(
  stack: SynthesizedStack,
  { metrics, dimension, value, isFirst = false }: Watched,
): boolean {
  return [...stack.resources('aws_cloudwatch_metric_alarm').values()].some(
    ({ metric_name, dimensions, threshold }) =>
      metrics.includes(String(metric_name)) &&
      firstBlock(dimensions)[dimension] === value &&
      (!isFirst || threshold === 0),
  );
}
