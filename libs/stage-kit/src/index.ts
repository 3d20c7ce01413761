export type {
  AwsContext,
  ClientConfiguration,
  Clock,
  Compose,
  EnvironmentVariables,
  InvocationContext,
  LambdaFunction,
  Randomness,
} from './aws-context.ts';
export { KIT_ENVIRONMENT } from './environment.ts';
export { messageOf } from './kit-error.ts';
export { lambdaEntry } from './lambda-entry.ts';
export type { Log } from './log.ts';
export type { MetricValues } from './metrics.ts';
export { queueMessageOf } from './queue-message.ts';
export {
  done,
  type Emission,
  failed,
  type Incoming,
  type Processing,
  type RecordOutcome,
} from './record-outcome.ts';
export { type StageKit, stageKit } from './stage-kit.ts';
export type { StreamProcessing, UnhandledRow } from './table-stream.ts';
export type { Notification } from './workflow-task.ts';
