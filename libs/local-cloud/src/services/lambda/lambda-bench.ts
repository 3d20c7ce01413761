import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvocationResult, StreamRecord, StreamSource } from '../../core/seams.ts';
import type { Store } from '../../core/store.ts';
import { mappingFilter } from '../../event-pattern/mapping-filter.ts';
import { type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { SqsService } from '../sqs/sqs-service.ts';
import type { FunctionConfiguration, FunctionHost, Invocation } from './function-host.ts';
import { failure } from './function-instance.ts';
import { type Authorize, LambdaService } from './lambda-service.ts';

export const ACCOUNT_ARN_END = 'eu-west-2:000000000000';
export const ROLE = 'arn:aws:iam::000000000000:role/worker';
export const STREAM_ARN = `arn:aws:dynamodb:${ACCOUNT_ARN_END}:table/log/stream/2026-11-22T00:00:00.000`;
export const OWNER = { kind: 'owner' } as const;

/** A handler of a test: gets the parsed event, and answers or throws. */
export type TestHandler = (
  event: { Records: Record<string, unknown>[] } & Record<string, unknown>,
) => unknown;

/** A host whose functions are closures of a test, so that a test sees each invocation. */
export class ClosureHost implements FunctionHost {
  readonly handlers = new Map<string, TestHandler>();

  load(): void {}

  async invoke(
    fn: FunctionConfiguration,
    payload: string,
    invocation: Invocation,
  ): Promise<InvocationResult> {
    invocation.onStart();
    try {
      const answer = await this.handlers.get(fn.name)?.(JSON.parse(payload));
      return { payload: JSON.stringify(answer ?? null), functionError: undefined };
    } catch (error) {
      return failure(error);
    }
  }

  unload(): void {}

  async close(): Promise<void> {}
}

/** A stream of one shard that a test writes to. */
export class TestStream implements StreamSource {
  readonly records: StreamRecord[] = [];
  readonly released: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(key: string, image: Record<string, unknown> = {}): string {
    const sequenceNumber = String(this.records.length + 1).padStart(21, '0');
    const record = {
      eventID: sequenceNumber,
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: STREAM_ARN,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#now() / 1000),
        Keys: { id: { S: key } },
        NewImage: { id: { S: key }, ...(image as Record<string, string>) },
        SequenceNumber: sequenceNumber,
      },
    };
    this.records.push({ sequenceNumber, record, text: JSON.stringify(record) });
    for (const wake of this.#listeners) wake();
    return sequenceNumber;
  }

  shardId(): string {
    return 'shardId-0001';
  }

  read(_arn: string, after: string | undefined, limit: number): StreamRecord[] {
    return this.records.filter((record) => record.sequenceNumber > (after ?? '')).slice(0, limit);
  }

  latest(): string | undefined {
    return this.records.at(-1)?.sequenceNumber;
  }

  onRecords(_arn: string, wake: () => void): () => void {
    this.#listeners.add(wake);
    return () => this.#listeners.delete(wake);
  }

  release(_arn: string, _consumer: string, upTo: string): void {
    this.released.push(upTo);
  }
}

/** Lambda and SQS together in virtual time, with closures as functions. */
export interface Bench {
  readonly context: SimulatedContext;
  readonly sqs: SqsService;
  readonly lambda: LambdaService;
  readonly host: ClosureHost;
  readonly stream: TestStream;
  /** What was counted of functions, as `<function> <metric> <value>`. */
  readonly counted: string[];
  /** Creates a queue. @returns its ARN */
  queue(name: string, args?: Record<string, unknown>): Promise<string>;
  /** Creates a function. @returns its ARN */
  function(name: string, handler: TestHandler, args?: Record<string, unknown>): Promise<string>;
  /** Creates a resource of Lambda. */
  resource(type: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What can be received from a queue, without hiding it. */
  bodies(queueArn: string): string[];
}

let emptyBundle: string | undefined;

/** Sets up a bench; one with a store that another bench used stands for a restart. */
export function lambdaBench(
  options: Parameters<typeof simulatedContext>[0] & {
    stream?: TestStream;
    store?: Store;
    authorize?: Authorize;
  } = {},
): Bench {
  const context = simulatedContext(options);
  const sqs = new SqsService(context);
  const host = new ClosureHost();
  const stream = options.stream ?? new TestStream(() => context.runtime.now());
  const counted: string[] = [];
  const lambda = new LambdaService(context, {
    queues: sqs.queues,
    streams: stream,
    host,
    authorize: options.authorize ?? (() => undefined),
    mappingFilter,
    count: (...what) => counted.push(what.join(' ')),
  });
  context.add(sqs);
  context.add(lambda);
  const create = async (service: SqsService | LambdaService, type: string, args: Record<string, unknown>) => {
    const resourceType = service.resourceTypes.find((candidate) => candidate.type === type);
    if (resourceType === undefined) throw new Error(`no resource type ${type}`);
    return resourceType.create(args as Record<string, string>);
  };
  return {
    context,
    sqs,
    lambda,
    host,
    stream,
    counted,
    queue: async (name, args = {}) => String((await create(sqs, 'aws_sqs_queue', { name, ...args }))['arn']),
    function: async (name, handler, args = {}) => {
      host.handlers.set(name, handler);
      emptyBundle ??= makeBundle('export const handler = () => null;');
      const attributes = await create(lambda, 'aws_lambda_function', {
        function_name: name,
        filename: emptyBundle,
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        role: ROLE,
        timeout: 10,
        ...args,
      });
      return String(attributes['arn']);
    },
    resource: (type, args) => create(lambda, type, args),
    bodies: (queueArn) => sqs.queues.receive(queueArn, 100, 0).map((message) => message.body),
  };
}

/** Writes a bundle whose `index.mjs` is this text. @returns its directory */
export function makeBundle(source: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-bundle-'));
  writeFileSync(join(directory, 'index.mjs'), source);
  return directory;
}
