import type { StageName } from '@payments/schemas';
import { arnOf, resourceName } from '../names.ts';
import type { Grantee } from './service-role.ts';
import type { StageStack } from './stage-stack.ts';

/** What `StageSubscription` calls the queue of a stage. */
const PURPOSE = 'queue';

/** The URL of the queue in which another stage's events wait (SQS developer guide, "Amazon SQS queue URLs"). */
export function neighbourQueueUrl({ environment }: StageStack, stage: StageName): string {
  const { region, accountId } = environment;
  return `https://sqs.${region}.amazonaws.com/${accountId}/${resourceName(environment, stage, PURPOSE)}`;
}

/** Lets a role put events into the queue of another stage, as the bus does. */
export function grantSendToNeighbour({ environment }: StageStack, grantee: Grantee, stage: StageName): void {
  grantee.role.allow({
    sid: 'SendToNeighbours',
    actions: ['sqs:SendMessage'],
    resources: [arnOf(environment, 'sqs', resourceName(environment, stage, PURPOSE))],
  });
  // Who sends to an encrypted queue makes its data key (SQS developer guide, "Key management").
  grantee.role.allowKey(['Decrypt', 'GenerateDataKey']);
}
