import type { JsonValue } from '../core/aws-error.ts';
import type { DeployedResource } from './deployed-state.ts';

const HOLDERS = /^(?:dead_letter_config|dead_letter_arn|on_failure)$/;
const QUEUE_ARN = /^arn:aws:sqs:/;

/** SQS takes a queue with such a name for a dead-letter queue by itself. */
const KNOWN_BY_NAME = '-dlq';

/**
 * The ARNs of the queues that rules, pipes, schedules, mappings and functions give up into. What lies there
 * waits for a person. The dead-letter queues of queues are not among them: SQS knows those itself.
 */
export function deadLetterQueues(resources: readonly DeployedResource[]): Set<string> {
  const found = new Set<string>();
  for (const resource of resources) visit(resource.arguments, false, found);
  for (const { arguments: args } of resources) {
    const redrive = args['redrive_policy'];
    if (typeof redrive === 'string') found.delete(JSON.parse(redrive)['deadLetterTargetArn']);
  }
  for (const arn of found) if (arn.endsWith(KNOWN_BY_NAME)) found.delete(arn);
  return found;
}

function visit(value: JsonValue | undefined, within: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    if (within && QUEUE_ARN.test(value)) found.add(value);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) visit(member, within || HOLDERS.test(name), found);
}
