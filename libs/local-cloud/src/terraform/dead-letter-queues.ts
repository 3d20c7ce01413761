import type { JsonValue } from '../core/aws-error.ts';
import type { DeployedResource } from './deployed-state.ts';

const HOLDERS = /^(?:dead_letter_config|dead_letter_arn|on_failure)$/;
const QUEUE_ARN = /^arn:aws:sqs:/;

/** SQS takes a queue with such a name for a dead-letter queue by itself. */
const KNOWN_BY_NAME = '-dlq';

/** A queue's URL inside a state machine's definition; its last parts are the account and the name. */
const QUEUE_URL = /"QueueUrl":"https?:\/\/sqs\.([a-z0-9-]+)\.[^"/]+\/(\d{12})\/([A-Za-z0-9_-]+)"/g;

/**
 * The ARNs of the queues that rules, pipes, schedules, mappings and functions give up into, and of those that a
 * state machine sends to and no mapping reads, which is how a workflow gives up. What lies there waits for a person. The dead-letter queues of queues are not among them: SQS knows those itself.
 */
export function deadLetterQueues(resources: readonly DeployedResource[]): Set<string> {
  const found = new Set<string>();
  for (const resource of resources) visit(resource.arguments, false, found);
  for (const arn of workflowQueues(resources)) found.add(arn);
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

function workflowQueues(resources: readonly DeployedResource[]): string[] {
  const read = new Set(resources.map(({ arguments: args }) => args['event_source_arn']));
  return resources
    .flatMap(({ arguments: args }) => {
      const { definition } = args;
      return typeof definition === 'string' ? [...definition.matchAll(QUEUE_URL)] : [];
    })
    .map(([, region, account, name]) => `arn:aws:sqs:${region}:${account}:${name}`)
    .filter((arn) => !read.has(arn));
}
