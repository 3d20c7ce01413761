import { arnOf, resourceName } from '../names.ts';
import type { Grantee } from './service-role.ts';
import type { StageStack } from './stage-stack.ts';

/** Where the events of the bus are replayed from and to. */
export interface ReplayPlaces {
  readonly archiveArn: string;
  readonly busArn: string;
  /** The rule that gives the stage its events. */
  readonly ruleArn: string;
}

/** The platform's archive and bus, and a stage's own rule, by the naming convention. */
export function replayPlaces({ environment, platform, stage }: StageStack): ReplayPlaces {
  const rule = resourceName(environment, stage.name, 'subscription');
  return {
    archiveArn: archiveArnOf(environment),
    busArn: platform.busArn,
    ruleArn: arnOf(environment, 'events', `rule/${platform.busName}/${rule}`),
  };
}

/**
 * Lets a function replay the platform's archive. AWS checks the archive and the new replay, of which the name is not
 * known before (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EventBridge").
 */
export function grantStartReplay({ environment }: StageStack, grantee: Grantee): void {
  grantee.role.allow({
    sid: 'ReplayArchive',
    actions: ['events:StartReplay'],
    resources: [archiveArnOf(environment), arnOf(environment, 'events', 'replay/*')],
  });
}

function archiveArnOf(environment: StageStack['environment']): string {
  return arnOf(environment, 'events', `archive/${resourceName(environment, 'platform', 'archive')}`);
}
