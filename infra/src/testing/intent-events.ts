import { firstBlock, type SynthesizedStack } from '../synthesized-stack.ts';

const RETRY_SECONDS = 24 * 60 * 60;
const RETRY_ATTEMPTS = 185;

/** Nothing that is delivered can be lost: every hop tries again and has somewhere to put what it gives up. */
export function eventProblems(stack: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  for (const [id, target] of stack.resources('aws_cloudwatch_event_target')) {
    const retry = firstBlock(target['retry_policy']);
    if (firstBlock(target['dead_letter_config'])['arn'] === undefined) {
      problems.push(`the rule's target ${id} has no dead-letter queue`);
    }
    if (
      retry['maximum_event_age_in_seconds'] !== RETRY_SECONDS ||
      retry['maximum_retry_attempts'] !== RETRY_ATTEMPTS
    ) {
      problems.push(`the rule's target ${id} does not try again for a day`);
    }
  }
  for (const [id, schedule] of stack.resources('aws_scheduler_schedule')) {
    if (firstBlock(firstBlock(schedule['target'])['dead_letter_config'])['arn'] === undefined) {
      problems.push(`the schedule ${id} has no dead-letter queue`);
    }
  }
  for (const [id, pipe] of stack.resources('aws_pipes_pipe')) {
    const stream = firstBlock(firstBlock(pipe['source_parameters'])['dynamodb_stream_parameters']);
    if (firstBlock(stream['dead_letter_config'])['arn'] === undefined) {
      problems.push(`the pipe ${id} has no dead-letter queue`);
    }
  }
  for (const [id, mapping] of stack.resources('aws_lambda_event_source_mapping')) {
    if (JSON.stringify(mapping['function_response_types']) !== '["ReportBatchItemFailures"]') {
      problems.push(`the mapping ${id} fails whole batches for one record`);
    }
    const isStream = mapping['starting_position'] !== undefined;
    const onFailure = firstBlock(firstBlock(mapping['destination_config'])['on_failure']);
    if (isStream && onFailure['destination_arn'] === undefined) {
      problems.push(`the mapping ${id} has nowhere to put what it gives up`);
    }
    if (!isStream && firstBlock(mapping['scaling_config'])['maximum_concurrency'] === undefined) {
      problems.push(`the mapping ${id} has no concurrency cap`);
    }
  }
  return problems;
}
