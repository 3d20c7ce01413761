// In-memory stand-ins for the seams between services, for the tests of events and pipes.
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { type Faults, NO_FAULTS } from '../../core/faults.ts';
import type {
  FunctionInvoker,
  InvocationResult,
  QueueSource,
  ReceivedMessage,
  ServiceContext,
  StreamRecord,
  StreamSource,
} from '../../core/seams.ts';
import type { CallService, Principal } from '../../core/service.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { Store } from '../../core/store.ts';

export const STARTED_AT = Date.parse('2026-11-22T10:00:00Z');
export const ACCOUNT = { id: '111111111111', region: 'eu-west-1' };

export interface FakeCloud {
  readonly runtime: SimulatedRuntime;
  readonly context: ServiceContext;
  readonly warnings: string[];
  readonly bills: Map<string, number>;
}

/** A context with a virtual clock; give it the store of another one to play a restart. */
export function fakeCloud(
  options: {
    seed?: number;
    store?: Store;
    faults?: Partial<Faults>;
    call?: CallService;
    startsAt?: number;
  } = {},
): FakeCloud {
  const runtime = new SimulatedRuntime(options.seed ?? 1, options.startsAt ?? STARTED_AT);
  const warnings: string[] = [];
  const bills = new Map<string, number>();
  const noCall: CallService = (service, operation) => {
    throw new AwsError('UnknownOperationException', `${service}:${operation} is not part of this test`);
  };
  const context: ServiceContext = {
    account: ACCOUNT,
    runtime,
    store: options.store ?? new Store(':memory:'),
    faults: { ...NO_FAULTS, ...options.faults },
    call: options.call ?? noCall,
    bill: (unit, quantity) => void bills.set(unit, (bills.get(unit) ?? 0) + quantity),
    warn: (message) => void warnings.push(message),
  };
  return { runtime, context, warnings, bills };
}

export interface SentMessage {
  readonly body: string;
  readonly attributes: JsonObject | undefined;
}

/** Queues that exist when they are named here; a received message stays until it is deleted. */
export class FakeQueues implements QueueSource {
  readonly sent = new Map<string, SentMessage[]>();
  /** Errors that the next sends throw, by queue. */
  readonly failures = new Map<string, AwsError[]>();
  readonly #hidden = new Set<string>();
  readonly #wakes = new Map<string, () => void>();

  constructor(...arns: string[]) {
    for (const arn of arns) this.sent.set(arn, []);
  }

  bodies(queueArn: string): string[] {
    return (this.sent.get(queueArn) ?? []).map((message) => message.body);
  }

  send(queueArn: string, body: string, attributes?: JsonObject): void {
    const failure = this.failures.get(queueArn)?.shift();
    if (failure !== undefined) throw failure;
    const queue = this.sent.get(queueArn);
    if (queue === undefined) throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'no such queue');
    queue.push({ body, attributes });
    this.#wakes.get(queueArn)?.();
  }

  receive(queueArn: string, max: number): ReceivedMessage[] {
    const visible = this.bodies(queueArn).filter((body) => !this.#hidden.has(body));
    return visible.slice(0, max).map((body) => {
      this.#hidden.add(body);
      const rest = { attributes: {}, messageAttributes: {}, md5OfBody: '' };
      return { messageId: `id-${body}`, receiptHandle: body, body, ...rest };
    });
  }

  delete(queueArn: string, receiptHandles: readonly string[]): void {
    const left = (this.sent.get(queueArn) ?? []).filter(({ body }) => !receiptHandles.includes(body));
    this.sent.set(queueArn, left);
  }

  changeVisibility(queueArn: string, receiptHandle: string): void {
    this.#hidden.delete(receiptHandle);
    this.#wakes.get(queueArn)?.();
  }

  depth(queueArn: string): { visible: number; nextVisibleAt: undefined } {
    const visible = this.bodies(queueArn).filter((body) => !this.#hidden.has(body)).length;
    return { visible, nextVisibleAt: undefined };
  }

  onMessages(queueArn: string, wake: () => void): () => void {
    this.#wakes.set(queueArn, wake);
    return () => void this.#wakes.delete(queueArn);
  }

  visibilityTimeoutSeconds(): number {
    return 30;
  }
}

export interface Invocation {
  readonly functionArn: string;
  readonly payload: string;
  readonly caller: Principal;
}

/** Functions whose answer is given by the test. */
export class FakeFunctions implements FunctionInvoker {
  readonly invocations: Invocation[] = [];
  answer: (payload: string, functionArn: string) => InvocationResult | string;

  constructor(answer: (payload: string, functionArn: string) => InvocationResult | string = () => 'null') {
    this.answer = answer;
  }

  async invoke(functionArn: string, payload: string, caller: Principal): Promise<InvocationResult> {
    this.invocations.push({ functionArn, payload, caller });
    const answer = this.answer(payload, functionArn);
    return typeof answer === 'string' ? { payload: answer, functionError: undefined } : answer;
  }

  invokeAsync(functionArn: string, payload: string, caller: Principal): void {
    this.invocations.push({ functionArn, payload, caller });
  }
}

/** One stream; records are added by the test. */
export class FakeStream implements StreamSource {
  readonly records: StreamRecord[] = [];
  readonly released = new Map<string, string>();
  readonly #wakes = new Set<() => void>();

  add(...records: JsonObject[]): void {
    for (const record of records) {
      const sequenceNumber = String(this.records.length + 1).padStart(21, '0');
      const dynamodb = { ...(record['dynamodb'] as JsonObject | undefined), SequenceNumber: sequenceNumber };
      const kept = { ...record, eventID: `e${sequenceNumber}`, dynamodb };
      this.records.push({ sequenceNumber, record: kept, text: JSON.stringify(kept) });
    }
    for (const wake of this.#wakes) wake();
  }

  shardId(): string {
    return 'shardId-00000000000000000000-00000001';
  }

  read(_streamArn: string, after: string | undefined, limit: number): StreamRecord[] {
    return this.records.filter(({ sequenceNumber }) => sequenceNumber > (after ?? '')).slice(0, limit);
  }

  latest(): string | undefined {
    return this.records.at(-1)?.sequenceNumber;
  }

  onRecords(_streamArn: string, wake: () => void): () => void {
    this.#wakes.add(wake);
    return () => void this.#wakes.delete(wake);
  }

  release(_streamArn: string, consumer: string, upTo: string): void {
    this.released.set(consumer, upTo);
  }
}
