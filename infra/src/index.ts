export { grantPutEvents, grantQuarantine } from './constructs/bus.ts';
export { CallerPolicy } from './constructs/caller-policy.ts';
export { CustomerKey } from './constructs/customer-key.ts';
export { grantStartReplay, replayPlaces } from './constructs/event-replays.ts';
export { InboundFiles } from './constructs/inbound-files.ts';
export { LogPipe } from './constructs/log-pipe.ts';
export { grantSendToNeighbour, neighbourQueueUrl } from './constructs/neighbour-queue.ts';
export { grantReadNeighbour, neighbourTable } from './constructs/neighbour-table.ts';
export { readSecret } from './constructs/read-secret.ts';
export { SignedUrl } from './constructs/signed-url.ts';
export { StageAlarm } from './constructs/stage-alarm.ts';
export { StageBucket } from './constructs/stage-bucket.ts';
export { StageFunction } from './constructs/stage-function.ts';
export { StageSchedule } from './constructs/stage-schedule.ts';
export { type StageContext, StageStack } from './constructs/stage-stack.ts';
export {
  alarmOnQuarantine,
  StageSubscription,
  subscriberTimeoutSeconds,
} from './constructs/stage-subscription.ts';
export { StageTable } from './constructs/stage-table.ts';
export { StageWorkflow } from './constructs/stage-workflow.ts';
export { feedFromStream, streamOf } from './constructs/table-stream.ts';
export { type Environment, loadEnvironment } from './environment.ts';
export { keyAlias } from './names.ts';
export { BOOKED_SEQUENCES, STREAMED_TABLES } from './platform-names.ts';
export { postingObjectiveSeconds } from './posting-objective.ts';
export { runSynthesis } from './synthesize.ts';
