import type { Environment, StageName } from '@payments/schemas';
import { type DeliveryMode, type QueueDelivery, queueDelivery } from './delivery.ts';

/** The subscribers that an authorization passes until it is posted. */
const UNTIL_POSTED: readonly StageName[] = [
  'dedup',
  'standardize',
  'enrich',
  'rules',
  'account-interface',
  'posting',
];
/** How long 99 of 100 transactions may take where the slowest subscriber on the way is emptied continuously. */
const OBJECTIVE_SECONDS: Readonly<Record<DeliveryMode, number>> = {
  'real-time': 60,
  'near-real-time': 5 * 60,
  batch: 2 * 60 * 60,
};
/** A drain comes once a day at the least, and each stage's may take an hour. */
const OBJECTIVE_WITH_DRAINS_SECONDS = 30 * 60 * 60;

/** How long 99 of 100 transactions may take from their authorization to their posting, as the environment delivers. */
export function postingObjectiveSeconds(environment: Environment): number {
  return Math.max(...UNTIL_POSTED.map((stage) => secondsOf(queueDelivery(environment, stage))));
}

function secondsOf(delivery: QueueDelivery): number {
  return delivery.kind === 'scheduled' ? OBJECTIVE_WITH_DRAINS_SECONDS : OBJECTIVE_SECONDS[delivery.mode];
}
