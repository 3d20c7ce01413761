import { describe, expect, it } from '@jest/globals';
import { deadLetterQueues } from './dead-letter-queues.ts';
import type { DeployedResource } from './deployed-state.ts';

const arn = (name: string): string => `arn:aws:sqs:eu-west-2:000000000000:${name}`;
const url = (name: string): string => `http://sqs.eu-west-2.localhost/000000000000/${name}`;

function deployed(...resources: Record<string, unknown>[]): DeployedResource[] {
  return resources.map(
    (args, index) => ({ address: `r${index}`, arguments: args, attributes: args }) as never,
  );
}

describe('the queues that something gives up into', () => {
  it('are those of dead-letter configurations and failure destinations', () => {
    const found = deadLetterQueues(
      deployed(
        { dead_letter_config: [{ arn: arn('undelivered') }] },
        { destination_config: { on_failure: { destination_arn: arn('failed') } } },
        { event_source_arn: arn('work') },
      ),
    );
    expect([...found]).toEqual([arn('undelivered'), arn('failed')]);
  });

  it('are those that a workflow sends to and nobody reads', () => {
    const definition = JSON.stringify({
      States: {
        GiveUp: { Parameters: { QueueUrl: url('gave-up') } },
        GoOn: { Parameters: { QueueUrl: url('work') } },
      },
    });
    const found = deadLetterQueues(deployed({ definition }, { event_source_arn: arn('work') }));
    expect([...found]).toEqual([arn('gave-up')]);
  });

  it('are not those of queues, which SQS knows itself', () => {
    const redrive = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 5 });
    const found = deadLetterQueues(
      deployed({ redrive_policy: redrive }, { dead_letter_config: { arn: arn('dead') } }),
    );
    expect([...found]).toEqual([]);
  });
});
