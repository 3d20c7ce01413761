import type { JsonObject } from '../../core/aws-error.ts';
import type { InvocationResult, QueueSource, ServiceContext, StreamSource } from '../../core/seams.ts';
import type { FunctionRecord } from './function-registry.ts';
import type { CountMetric } from './invocations.ts';

/** The largest event of a synchronous invocation, which a batch may not exceed (Lambda quotas). */
export const BATCH_BYTES_MAX = 6 * 1024 * 1024;

/** What mappings need of Lambda. */
export interface MappingHost {
  readonly context: ServiceContext;
  readonly queues: QueueSource;
  readonly streams: StreamSource;
  readonly function: (name: string) => FunctionRecord;
  /** Runs the function. Throws AwsError TooManyRequestsException when it is throttled. */
  invoke(name: string, payload: string): Promise<InvocationResult>;
  /** Counts a metric of a function. */
  readonly count: CountMetric;
  /** Throws AccessDeniedException when the function's role lacks a permission that polling needs. */
  checkPolling(mapping: {
    readonly source: 'sqs' | 'dynamodb';
    readonly sourceArn: string;
    readonly functionName: string;
  }): void;
  /** True for the records that the function is to get. */
  filter(filters: readonly string[], source: 'sqs' | 'dynamodb'): (record: JsonObject) => boolean;
  /** Says how far a stream has been consumed, to be known after a restart. */
  checkpoint(uuid: string, sequenceNumber: string): void;
}

/** A mapping at work. */
export interface MappingRunner {
  /** Begins to consume, or goes on after a restart. */
  start(): void;
  stop(): void;
  /** Records that wait in this mapping's source and are counted by nobody else. */
  outstanding(): number;
}
