// The pipes service with a stream, queues, functions and a bus that the test looks into.
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Faults } from '../../core/faults.ts';
import type { InvocationResult } from '../../core/seams.ts';
import type { CallService } from '../../core/service.ts';
import type { Store } from '../../core/store.ts';
import {
  type FakeCloud,
  FakeFunctions,
  FakeQueues,
  FakeStream,
  fakeCloud,
  STARTED_AT,
} from '../events/fake-neighbours.ts';
import { PipesService } from './pipes-service.ts';

export const STREAM = 'arn:aws:dynamodb:eu-west-1:111111111111:table/log/stream/2026-11-22T00:00:00.000';
export const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/payments';
export const DEDUP = 'arn:aws:lambda:eu-west-1:111111111111:function:dedup';
export const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:work';
export const DLQ = 'arn:aws:sqs:eu-west-1:111111111111:dead';
export const ROLE = 'arn:aws:iam::111111111111:role/pipe';
export const PIPE_ARN = 'arn:aws:pipes:eu-west-1:111111111111:pipe/log-to-bus';
export const LATER = STARTED_AT + 86_400_000;

export interface Setup extends FakeCloud {
  readonly pipes: PipesService;
  readonly stream: FakeStream;
  readonly queues: FakeQueues;
  readonly functions: FakeFunctions;
  /** The calls of PutEvents that the bus got, and what it answers. */
  readonly puts: JsonObject[][];
  readonly bus: { refuses: (entry: JsonObject) => boolean };
  readonly denied: Set<string>;
  /** What was counted of pipes, as `<pipe> <metric> <value>`. */
  readonly counted: string[];
}

export function setup(
  options: {
    faults?: Partial<Faults>;
    store?: Store;
    stream?: FakeStream;
    answer?: (payload: string) => string | InvocationResult;
  } = {},
): Setup {
  const puts: JsonObject[][] = [];
  const bus: Setup['bus'] = { refuses: () => false };
  const call: CallService = async (service, operation, input, caller) => {
    if (service !== 'events' || operation !== 'PutEvents' || caller.kind !== 'role' || caller.arn !== ROLE) {
      throw new AwsError('AccessDeniedException', `${service}:${operation}`);
    }
    const entries = input['Entries'] as JsonObject[];
    puts.push(entries);
    const Entries = entries.map((entry) =>
      bus.refuses(entry) ? { ErrorCode: 'InternalFailure', ErrorMessage: 'no' } : { EventId: 'x' },
    );
    return { FailedEntryCount: Entries.filter((one) => 'ErrorCode' in one).length, Entries };
  };
  const cloud = fakeCloud({ ...options, call });
  const stream = options.stream ?? new FakeStream();
  const queues = new FakeQueues(QUEUE, DLQ);
  const functions = new FakeFunctions(options.answer ?? ((payload) => payload));
  const denied = new Set<string>();
  const authorize = (_caller: unknown, action: string, resource: string): void => {
    if (denied.has(resource)) throw new AwsError('AccessDeniedException', `no ${action}`);
  };
  const counted: string[] = [];
  const count = (...what: unknown[]): void => void counted.push(what.join(' '));
  const pipes = new PipesService(cloud.context, { streams: stream, queues, functions, authorize, count });
  pipes.resume();
  return { ...cloud, pipes, stream, queues, functions, puts, bus, denied, counted };
}

/** A pipe from the stream to the bus. */
export function pipe(settings: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    Name: 'log-to-bus',
    RoleArn: ROLE,
    Source: STREAM,
    SourceParameters: {
      DynamoDBStreamParameters: {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
        DeadLetterConfig: { Arn: DLQ },
        ...settings,
      },
    },
    Target: BUS,
    TargetParameters: {
      EventBridgeEventBusParameters: { Source: 'payments.dedup', DetailType: 'TransactionAuthorized' },
    },
    ...more,
  };
}

/** A record of the stream. */
export function insert(n: number, more: JsonObject = {}): JsonObject {
  return {
    eventName: 'INSERT',
    dynamodb: { ApproximateCreationDateTime: STARTED_AT / 1000, NewImage: { n: { N: String(n) } } },
    ...more,
  };
}

/** The numbers of the records that reached the bus, one list for each call. */
export function delivered({ puts }: Setup): number[][] {
  return puts.map((entries) =>
    entries.map((entry) => numberIn(JSON.parse(String(entry['Detail'])) as JsonObject)),
  );
}

export function numberIn(record: JsonObject): number {
  const image = record as { dynamodb?: { NewImage?: { n?: { N?: string } } } };
  return Number(image.dynamodb?.NewImage?.n?.N);
}
