import { firstBlock, type SynthesizedStack } from './synthesized-stack.ts';

/** How a stage's queue is emptied, in the words of the environment file. */
export type Feed =
  | { readonly batchSize: unknown; readonly windowSeconds: unknown; readonly concurrency: unknown }
  | { readonly schedule: unknown; readonly input: unknown };

/** How the stack's subscriber is fed: by its mapping, or by the schedule that drains its queue. */
export function feedOf(stack: SynthesizedStack): Feed {
  const mapping = stack.resources('aws_lambda_event_source_mapping').get('feed');
  if (mapping !== undefined) {
    return {
      batchSize: mapping['batch_size'],
      windowSeconds: mapping['maximum_batching_window_in_seconds'],
      concurrency: firstBlock(mapping['scaling_config'])['maximum_concurrency'],
    };
  }
  const drain = stack.resource('aws_scheduler_schedule', 'drain');
  return {
    schedule: drain['schedule_expression'],
    input: JSON.parse(String(firstBlock(drain['target'])['input'])),
  };
}
