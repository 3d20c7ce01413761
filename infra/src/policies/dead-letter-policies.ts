import { reference } from '../synthesized-stack.ts';
import { type Hop, hopsOf } from './dead-letters.ts';
import { roleMay, SEND, serviceMaySend } from './permissions.ts';
import type { CheckedStack, Policy } from './policy.ts';

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
  return 'roleArn' in sender
    ? roleMay(stack, sender.roleArn, SEND, reference(`aws_sqs_queue.${queue}.arn`))
    : serviceMaySend(stack, queue, sender.service, sender.sourceArn);
}
