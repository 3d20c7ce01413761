import { reference } from '../synthesized-stack.ts';
import { type Hop, hopsOf, rolePoliciesOf } from './dead-letters.ts';
import type { CheckedStack, Policy } from './policy.ts';
import { allowedBy } from './statements.ts';

const SEND = 'sqs:SendMessage';

/** Whatever is delivered can be given up, and then must lie somewhere. */
export const DEAD_LETTER_QUEUES: Policy = {
  name: 'dead-letter-queues',
  demands:
    'Every hop (rule, bus, schedule, pipe, stream, queue, workflow) has a dead-letter queue for what it gives up.',
  source: 'EventBridge user guide, "Using dead-letter queues to process undelivered events"',
  check: (checked) =>
    hopsOf(checked)
      .filter(({ deadLetters }) => deadLetters.length === 0)
      .map(({ address, argument }) => ({
        address,
        wrong: 'has no dead-letter queue: what it gives up is lost',
        remedy: `Make a DeadLetterQueue and name it in ${argument}.`,
      })),
};

/** A dead-letter queue that its sender may not send to loses what it was to keep. */
export const DEAD_LETTER_PERMISSIONS: Policy = {
  name: 'dead-letter-permissions',
  demands: 'Whoever gives something up may send it to its dead-letter queue, for its one source.',
  source: 'EventBridge user guide, "Granting permissions to the dead-letter queue"',
  check: (checked) =>
    hopsOf(checked).flatMap((hop) =>
      hop.deadLetters
        .filter((queue) => !maySend(checked, hop, queue))
        .map((queue) => ({
          address: hop.address,
          wrong: `may not send to its dead-letter queue aws_sqs_queue.${queue}`,
          remedy:
            typeof hop.sender !== 'string' && 'service' in hop.sender
              ? `Let the queue's policy accept ${SEND} from ${hop.sender.service} for ${hop.sender.sourceArn} (DeadLetterQueue.acceptFrom).`
              : `Let its role ${SEND} to the queue (ServiceRole.allowSend).`,
        })),
    ),
};

function maySend({ stack }: CheckedStack, { sender }: Hop, queue: string): boolean {
  if (sender === 'sqs') return true;
  if ('roleArn' in sender) {
    return rolePoliciesOf(stack, sender.roleArn)
      .flatMap(allowedBy)
      .some(
        ({ actions, resources }) =>
          actions.includes(SEND) && resources.includes(reference(`aws_sqs_queue.${queue}.arn`)),
      );
  }
  return [...stack.resources('aws_sqs_queue_policy').values()]
    .filter(({ queue_url }) => queue_url === reference(`aws_sqs_queue.${queue}.url`))
    .flatMap(({ policy }) => allowedBy(policy))
    .some(
      ({ actions, principal, conditions }) =>
        actions.includes(SEND) &&
        JSON.stringify(principal) === JSON.stringify({ Service: sender.service }) &&
        conditions['ArnEquals']?.['aws:SourceArn'] === sender.sourceArn,
    );
}
