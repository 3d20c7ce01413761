import { type EventName, sourceOf } from '@payments/schemas';
import { PolicyTooWideError } from '../iam-policy.ts';
import type { Grantee } from './service-role.ts';
import { grantPutObject } from './stage-bucket.ts';
import type { StageStack } from './stage-stack.ts';

/** Stage-kit's place for what a stage sets aside: `quarantine/<stage>/`. */
const QUARANTINE_PREFIX = 'quarantine';

/**
 * Lets a stage's function or role put events on the bus: those that the stage declares to emit, as that stage.
 *
 * @param events fewer than all that the stage emits
 * @throws PolicyTooWideError for an event that the stage does not declare to emit
 */
export function grantPutEvents(
  { stage, platform }: StageStack,
  grantee: Grantee,
  events: readonly EventName[] = stage.emits,
): void {
  const foreign = events.find((event) => !stage.emits.includes(event));
  if (foreign !== undefined)
    throw new PolicyTooWideError(`${stage.name} does not declare to emit ${foreign}`);
  grantee.role.allow({
    sid: 'PublishEvents',
    actions: ['events:PutEvents'],
    resources: [platform.busArn],
    conditions: { StringEquals: { 'events:source': sourceOf(stage.name), 'events:detail-type': events } },
  });
}

/** Lets a stage's function set records aside that break their contract. */
export function grantQuarantine({ stage, platform }: StageStack, grantee: Grantee): void {
  const bucketArn = `arn:aws:s3:::${platform.quarantineBucketName}`;
  grantPutObject(grantee, 'SetAside', bucketArn, `${QUARANTINE_PREFIX}/${stage.name}`);
}
