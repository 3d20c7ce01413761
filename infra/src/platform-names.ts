import type { Environment } from '@payments/schemas';
import { arnOf, bucketName, resourceName } from './names.ts';

/** The platform's resources, which a stage's stack finds by their names alone: it reads no other stack's state. */
export interface PlatformNames {
  readonly busName: string;
  readonly busArn: string;
  /** Alarms for the people who run the platform. */
  readonly alarmTopicArn: string;
  /** What the business wants to be told of, such as a refused transaction. */
  readonly notificationsTopicArn: string;
  /** Where records that break their contract are set aside. */
  readonly quarantineBucketName: string;
  /** Where stages publish the contracts of what they emit. */
  readonly contractRegistryName: string;
  /** The CloudWatch namespace of the stages' own metrics: environments of one account are told apart by it. */
  readonly metricsNamespace: string;
}

/** The platform of an environment, by the naming convention. */
export function platformNames(environment: Environment): PlatformNames {
  const name = (purpose: string): string => resourceName(environment, 'platform', purpose);
  return {
    busName: name('bus'),
    busArn: arnOf(environment, 'events', `event-bus/${name('bus')}`),
    alarmTopicArn: arnOf(environment, 'sns', name('alarms')),
    notificationsTopicArn: arnOf(environment, 'sns', name('notifications')),
    quarantineBucketName: bucketName(environment, 'platform', 'quarantine'),
    contractRegistryName: name('contracts'),
    metricsNamespace: `${environment.system}/${environment.name}`,
  };
}

/** The tables that a stage owns and another stage reads the stream of, by owner and purpose. */
export const STREAMED_TABLES = {
  authorizations: { owner: 'ingest', purpose: 'authorizations' },
  ledger: { owner: 'posting', purpose: 'ledger' },
} as const;

/** The rows of the ledger that say that a sequence is booked, one for each: what readers of its stream want. */
export const BOOKED_SEQUENCES = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { position: { S: ['SEQUENCE'] } } },
} as const;
