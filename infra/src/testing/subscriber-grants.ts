import type { StageName } from '@payments/schemas';
import { loadEnvironment } from '../environment.ts';
import { platformNames } from '../platform-names.ts';

/** The platform of the environment `local`, as stacks name it. */
export const LOCAL_PLATFORM = platformNames(loadEnvironment('local'));

/** What every subscriber of `local` behind a queue may do, as `grants` lists it: take events, set records aside, and
 * publish where its stage emits anything. */
export function subscriberGrants(stage: {
  readonly name: StageName;
  readonly emits: readonly unknown[];
}): string[] {
  const { busArn, quarantineBucketName } = LOCAL_PLATFORM;
  return [
    ...(stage.emits.length > 0 ? [`events:PutEvents ${busArn}`] : []),
    `s3:PutObject arn:aws:s3:::${quarantineBucketName}/quarantine/${stage.name}/*`,
    'sqs:DeleteMessage aws_sqs_queue.queue.arn',
    'sqs:GetQueueAttributes aws_sqs_queue.queue.arn',
    'sqs:ReceiveMessage aws_sqs_queue.queue.arn',
  ];
}
