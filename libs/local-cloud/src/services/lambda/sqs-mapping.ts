import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { InvocationResult, ReceivedMessage } from '../../core/seams.ts';
import { batchOutcome } from './batch-outcome.ts';
import { isThrottle } from './invocations.ts';
import type { MappingConfiguration } from './mapping-configuration.ts';
import { BATCH_BYTES_MAX, type MappingHost, type MappingRunner } from './mapping-runner.ts';

/** Lambda begins with five batches at once, and a mapping that sets no maximum stays there here. */
const DEFAULT_CONCURRENCY = 5;
/** ReceiveMessage gives ten at most. */
const RECEIVED_MAX = 10;
const THROTTLE_DELAY_MIN_MS = 1000;
const THROTTLE_DELAY_MAX_MS = 60_000;
const PERMISSION_RETRY_MS = 5000;
/** What the event adds around its records. */
const ENVELOPE_BYTES = 16;
/** With a window, sends are looked at together for this long, so that a burst is counted once. */
const WINDOW_LOOK_MS = 10;

interface Batch {
  readonly messages: readonly ReceivedMessage[];
  readonly payload: string;
  readonly visibleAgainAt: number;
}

/**
 * An event source mapping of a queue: receives batches, invokes the function, deletes what it has done.
 * Messages wait in the queue while a window is open, so that a restart finds them at once.
 */
export class SqsMapping implements MappingRunner {
  readonly #mapping: MappingConfiguration;
  readonly #host: MappingHost;
  readonly #passes: (record: JsonObject) => boolean;
  #active = 0;
  #look: { readonly at: number; readonly cancel: () => void } | undefined;
  #windowEndsAt: number | undefined;
  #unsubscribe: (() => void) | undefined;
  /** Why it could not poll, said once. */
  #problem: string | undefined;

  constructor(mapping: MappingConfiguration, host: MappingHost) {
    this.#mapping = mapping;
    this.#host = host;
    this.#passes = host.filter(mapping.filters, 'sqs');
  }

  start(): void {
    const delay = this.#mapping.windowSeconds === 0 ? 0 : WINDOW_LOOK_MS;
    this.#unsubscribe = this.#host.queues.onMessages(this.#mapping.sourceArn, () => this.#lookIn(delay));
    this.#lookIn(0);
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#look?.cancel();
    this.#look = undefined;
  }

  /** The queue counts its messages itself. */
  outstanding(): number {
    return 0;
  }

  #lookIn(delayMs: number): void {
    if (this.#unsubscribe === undefined) return;
    const { runtime } = this.#host.context;
    const at = runtime.now() + delayMs;
    if (this.#look !== undefined && this.#look.at <= at) return;
    this.#look?.cancel();
    const cancel = runtime.schedule({
      name: `sqs-mapping:${this.#mapping.functionName}`,
      delayMs,
      run: () => {
        this.#look = undefined;
        return this.#consume();
      },
    });
    this.#look = { at, cancel };
  }

  async #consume(): Promise<void> {
    const most = this.#mapping.maximumConcurrency ?? DEFAULT_CONCURRENCY;
    if (this.#unsubscribe === undefined || this.#active >= most) return;
    let batches: Batch[];
    try {
      if (!this.#windowIsOver()) return;
      this.#host.checkPolling(this.#mapping);
      batches = this.#receive();
    } catch (error) {
      this.#cannotPoll(error);
      return;
    }
    if (batches.length === 0) {
      this.#lookWhenVisible();
      return;
    }
    this.#active += 1;
    // Others may be waiting still; another look finds them while this batch is being worked on.
    this.#lookIn(0);
    try {
      for (const batch of batches) await this.#work(batch, 0);
    } finally {
      this.#active -= 1;
      this.#lookIn(0);
    }
  }

  /** With a window: true when the batch is full or the window, open since the first message, ends. */
  #windowIsOver(): boolean {
    const { windowSeconds, batchSize, sourceArn } = this.#mapping;
    if (windowSeconds === 0) return true;
    const now = this.#host.context.runtime.now();
    const { visible, nextVisibleAt } = this.#host.queues.depth(sourceArn);
    if (visible === 0) {
      this.#windowEndsAt = undefined;
      if (nextVisibleAt !== undefined) this.#lookIn(Math.max(0, nextVisibleAt - now));
      return false;
    }
    this.#windowEndsAt ??= now + windowSeconds * 1000;
    if (visible < batchSize && now < this.#windowEndsAt) {
      const next = Math.min(this.#windowEndsAt, nextVisibleAt ?? this.#windowEndsAt);
      this.#lookIn(Math.max(0, next - now));
      return false;
    }
    this.#windowEndsAt = undefined;
    return true;
  }

  /** Receives up to a batch; more than one batch when its last messages go beyond the largest event. */
  #receive(): Batch[] {
    const { queues, context } = this.#host;
    const { sourceArn, batchSize } = this.#mapping;
    const visibleAgainAt = context.runtime.now() + queues.visibilityTimeoutSeconds(sourceArn) * 1000;
    const batches: Batch[] = [];
    let messages: ReceivedMessage[] = [];
    let records: string[] = [];
    let bytes = ENVELOPE_BYTES;
    const close = (): void => {
      if (messages.length === 0) return;
      batches.push({ messages, payload: `{"Records":[${records.join(',')}]}`, visibleAgainAt });
      messages = [];
      records = [];
      bytes = ENVELOPE_BYTES;
    };
    const unwanted: string[] = [];
    for (let received = 0; received < batchSize && batches.length === 0; ) {
      const wanted = Math.min(RECEIVED_MAX, batchSize - received);
      const found = queues.receive(sourceArn, wanted);
      received += found.length;
      for (const message of found) {
        const record = this.#record(message);
        if (!this.#passes(record)) {
          unwanted.push(message.receiptHandle);
          continue;
        }
        const text = JSON.stringify(record);
        const size = Buffer.byteLength(text) + 1;
        if (bytes + size > BATCH_BYTES_MAX) close();
        messages.push(message);
        records.push(text);
        bytes += size;
      }
      if (found.length < wanted) break;
    }
    close();
    if (unwanted.length > 0) {
      queues.delete(sourceArn, unwanted);
      if (batches.length === 0) this.#lookIn(0);
    }
    return batches;
  }

  #record(message: ReceivedMessage): JsonObject {
    return {
      ...message,
      eventSource: 'aws:sqs',
      eventSourceARN: this.#mapping.sourceArn,
      awsRegion: this.#host.context.account.region,
    };
  }

  async #work(batch: Batch, throttles: number): Promise<void> {
    const { context, queues } = this.#host;
    const { functionName, sourceArn, reportsFailures } = this.#mapping;
    let result: InvocationResult;
    try {
      result = await this.#host.invoke(functionName, batch.payload);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (isThrottle(error)) this.#retryThrottled(batch, throttles);
      else context.warn(`The mapping of ${sourceArn} cannot invoke ${functionName}: ${error.message}`);
      return;
    }
    const outcome = batchOutcome(
      result,
      batch.messages.map((message) => message.messageId),
      reportsFailures,
    );
    if (outcome.kind === 'failed') return;
    const done = batch.messages.filter(
      (message) => outcome.kind === 'succeeded' || !outcome.failed.has(message.messageId),
    );
    queues.delete(
      sourceArn,
      done.map((message) => message.receiptHandle),
    );
  }

  /** A throttled batch is tried again until its messages become visible, and then by whoever receives them. */
  #retryThrottled(batch: Batch, throttles: number): void {
    const { runtime } = this.#host.context;
    const delayMs = Math.min(THROTTLE_DELAY_MAX_MS, THROTTLE_DELAY_MIN_MS * 2 ** throttles);
    if (runtime.now() + delayMs >= batch.visibleAgainAt) return;
    this.#active += 1;
    runtime.schedule({
      name: `sqs-mapping-throttled:${this.#mapping.functionName}`,
      delayMs,
      run: async () => {
        try {
          await this.#work(batch, throttles + 1);
        } finally {
          this.#active -= 1;
          this.#lookIn(0);
        }
      },
    });
  }

  #lookWhenVisible(): void {
    const { nextVisibleAt } = this.#host.queues.depth(this.#mapping.sourceArn);
    if (nextVisibleAt === undefined) return;
    this.#lookIn(Math.max(0, nextVisibleAt - this.#host.context.runtime.now()));
  }

  #cannotPoll(error: unknown): void {
    if (!(error instanceof AwsError)) throw error;
    const { sourceArn, functionName } = this.#mapping;
    if (this.#problem !== error.message) {
      this.#problem = error.message;
      this.#host.context.warn(`The mapping of ${sourceArn} to ${functionName} cannot poll: ${error.message}`);
    }
    if (error.code !== 'QueueDoesNotExist') this.#lookIn(PERMISSION_RETRY_MS);
  }
}
