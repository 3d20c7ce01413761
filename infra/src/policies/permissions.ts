import { reference, referenceTo, type SynthesizedStack } from '../synthesized-stack.ts';
import { allowedBy } from './statements.ts';

/** What a queue's policy allows a service that puts messages into it. */
export const SEND = 'sqs:SendMessage';

/** Whether a role, as a resource names it by its ARN, is allowed an action on a resource by a policy of its own. */
export function roleMay(
  stack: SynthesizedStack,
  roleArn: unknown,
  action: string,
  resource: string,
): boolean {
  const role = referenceTo(roleArn, 'aws_iam_role');
  return [...stack.resources('aws_iam_role_policy').values()]
    .filter((each) => role !== undefined && referenceTo(each['role'], 'aws_iam_role') === role)
    .flatMap(({ policy }) => allowedBy(policy))
    .some(({ actions, resources }) => actions.includes(action) && resources.includes(resource));
}

/** Whether a queue's policy lets a service send to it for one source. */
export function serviceMaySend(
  stack: SynthesizedStack,
  queueId: string,
  service: string,
  sourceArn: string,
): boolean {
  return [...stack.resources('aws_sqs_queue_policy').values()]
    .filter(({ queue_url }) => queue_url === reference(`aws_sqs_queue.${queueId}.url`))
    .flatMap(({ policy }) => allowedBy(policy))
    .some(
      ({ actions, principal, conditions }) =>
        actions.includes(SEND) &&
        JSON.stringify(principal) === JSON.stringify({ Service: service }) &&
        conditions['ArnEquals']?.['aws:SourceArn'] === sourceArn,
    );
}
