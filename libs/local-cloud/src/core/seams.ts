import type { JsonObject, JsonValue } from './aws-error.ts';
import type { Faults } from './faults.ts';
import type { Account, DataSourceType, ResourceType } from './resource.ts';
import type { Runtime } from './runtime.ts';
import type { AwsService, CallService, Principal } from './service.ts';
import type { Store } from './store.ts';

/** What every service of the local cloud is made from. */
export interface ServiceContext {
  readonly account: Account;
  readonly runtime: Runtime;
  readonly store: Store;
  readonly faults: Faults;
  /** Another service's API, with permissions checked for the caller. */
  readonly call: CallService;
  /** Counts what AWS would bill, for example `sqs:requests`. */
  bill(unit: string, quantity: number): void;
  /** Says something that an operator should read (a dropped event, a misconfiguration). */
  warn(message: string): void;
}

/** A service as the cloud puts it together. */
export interface LocalService extends AwsService {
  readonly resourceTypes: readonly ResourceType[];
  readonly dataSources?: readonly DataSourceType[];
  /** Takes up, after a restart, all work that the store says is unfinished. Called once, before any call. */
  resume(): void;
  /** How much work this service still has to do by itself; the cloud is at rest when all say 0. */
  outstanding(): number;
}

/** One change of a table, as DynamoDB Streams gives it, with `eventSourceARN`, ready for a Lambda event. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly record: JsonObject;
  /** The record as JSON text. */
  readonly text: string;
}

/** The streams of all tables, for event source mappings and pipes. One stream has one shard here. */
export interface StreamSource {
  /** The shard's name, for failure records. */
  shardId(streamArn: string): string;
  /** The records after a sequence number (from the oldest kept one when absent), oldest first. */
  read(streamArn: string, after: string | undefined, limit: number): StreamRecord[];
  /** The sequence number of the newest record, for a consumer that starts at LATEST. */
  latest(streamArn: string): string | undefined;
  /** Calls `wake` whenever the stream has got records; gives back how to stop. */
  onRecords(streamArn: string, wake: () => void): () => void;
  /** Says that no consumer needs the records up to this one any more. */
  release(streamArn: string, consumer: string, upTo: string): void;
}

/** A message as ReceiveMessage gives it, named as in a Lambda event. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** ApproximateReceiveCount, SentTimestamp, ApproximateFirstReceiveTimestamp, SenderId, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: JsonObject;
  readonly md5OfBody: string;
}

/** The queues, for event source mappings and for services that deliver to a queue. */
export interface QueueSource {
  receive(queueArn: string, max: number, visibilityTimeoutSeconds?: number): ReceivedMessage[];
  delete(queueArn: string, receiptHandles: readonly string[]): void;
  /** Makes messages visible at once or later without deleting them. */
  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): void;
  /** Sends on behalf of a service; permissions are the caller's business. Throws AwsError when there is no queue. */
  send(queueArn: string, body: string, messageAttributes?: JsonObject): void;
  /** Messages that can be received now, and when the next hidden or delayed one becomes visible (epoch ms). */
  depth(queueArn: string): { readonly visible: number; readonly nextVisibleAt: number | undefined };
  onMessages(queueArn: string, wake: () => void): () => void;
  visibilityTimeoutSeconds(queueArn: string): number;
}

/** What a synchronous invocation came to. */
export interface InvocationResult {
  /** The JSON text that the function answered, or the error object when `functionError` is set. */
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
}

/** The functions, for mappings, pipes, rules, schedules and state machines. */
export interface FunctionInvoker {
  /**
   * Invokes synchronously and waits for the answer.
   *
   * @param functionArn an ARN, qualified or not
   * @param payload JSON text
   * @throws AwsError ResourceNotFoundException, TooManyRequestsException (throttled), AccessDeniedException
   */
  invoke(functionArn: string, payload: string, caller: Principal): Promise<InvocationResult>;
  /** Accepts for asynchronous invocation with Lambda's own retries, destinations and dead-letter queue. */
  invokeAsync(functionArn: string, payload: string, caller: Principal): void;
}

/** An event pattern made ready for matching: EventBridge rules, pipes and event source filters share it. */
export interface EventPattern {
  matches(event: JsonValue): boolean;
}
