import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { InvocationResult, StreamRecord } from '../../core/seams.ts';
import { isObject } from '../sqs/members.ts';
import { batchOutcome } from './batch-outcome.ts';
import { sendToDestination } from './failure-destination.ts';
import { isThrottle } from './invocations.ts';
import type { MappingConfiguration } from './mapping-configuration.ts';
import { BATCH_BYTES_MAX, type MappingHost } from './mapping-runner.ts';

/** Between attempts at a failing batch; AWS does not say how long it waits. */
const RETRY_DELAY_MIN_MS = 200;
const RETRY_DELAY_MAX_MS = 60_000;

/** Why a batch was given up, as its failure record says it. */
type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

interface Batch {
  readonly records: readonly StreamRecord[];
  /** Invocations that ended in an error so far. */
  readonly attempts: number;
  readonly throttles: number;
  readonly lastError: InvocationResult['functionError'];
}

/**
 * One of the batches that a shard is worked on with at a time (as many lanes as the parallelization factor
 * says): takes its records in order, and lets nothing pass a batch that fails until it succeeds, is
 * exhausted or too old.
 */
export class StreamLane {
  readonly #mapping: MappingConfiguration;
  readonly #host: MappingHost;
  readonly #onDone: (records: readonly StreamRecord[]) => void;
  #buffer: StreamRecord[] = [];
  /** Batches to be done before the buffer: the halves of a split batch, or one to be tried again. */
  #batches: Batch[] = [];
  #working = false;
  #stopped = false;
  #look: { readonly at: number; readonly cancel: () => void } | undefined;
  #windowEndsAt: number | undefined;
  /** A failing batch is not tried again before this time, whatever else arrives. */
  #notBefore = 0;

  /** @param onDone hears of records that are done: worked on or given up */
  constructor(
    mapping: MappingConfiguration,
    host: MappingHost,
    onDone: (records: readonly StreamRecord[]) => void,
  ) {
    this.#mapping = mapping;
    this.#host = host;
    this.#onDone = onDone;
  }

  add(record: StreamRecord): void {
    this.#buffer.push(record);
    this.#lookIn(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#look?.cancel();
    this.#look = undefined;
  }

  #lookIn(delayMs: number): void {
    if (this.#stopped || this.#working) return;
    const { runtime } = this.#host.context;
    const at = Math.max(this.#notBefore, runtime.now() + delayMs);
    if (this.#look !== undefined && this.#look.at <= at) return;
    this.#look?.cancel();
    const cancel = runtime.schedule({
      name: `stream-mapping:${this.#mapping.functionName}`,
      delayMs: at - runtime.now(),
      run: () => {
        this.#look = undefined;
        return this.#consume();
      },
    });
    this.#look = { at, cancel };
  }

  async #consume(): Promise<void> {
    if (this.#stopped || this.#working) return;
    const batch = this.#batches.shift() ?? this.#nextBatch();
    if (batch === undefined) return;
    this.#working = true;
    try {
      const delayMs = await this.#work(batch);
      this.#notBefore = this.#host.context.runtime.now() + delayMs;
    } finally {
      this.#working = false;
      if (this.#batches.length > 0 || this.#buffer.length > 0) this.#lookIn(0);
    }
  }

  #nextBatch(): Batch | undefined {
    const { batchSize, windowSeconds } = this.#mapping;
    if (this.#buffer.length === 0) return undefined;
    if (windowSeconds > 0 && this.#buffer.length < batchSize) {
      const now = this.#host.context.runtime.now();
      this.#windowEndsAt ??= now + windowSeconds * 1000;
      if (now < this.#windowEndsAt) {
        this.#lookIn(this.#windowEndsAt - now);
        return undefined;
      }
    }
    this.#windowEndsAt = undefined;
    const records = this.#buffer.splice(0, this.#fitting(batchSize));
    return { records, attempts: 0, throttles: 0, lastError: undefined };
  }

  /** How many of the waiting records make a batch that is not too large for an event. */
  #fitting(most: number): number {
    let bytes = 0;
    let count = 0;
    for (const { text } of this.#buffer.slice(0, most)) {
      bytes += Buffer.byteLength(text) + 1;
      if (bytes > BATCH_BYTES_MAX && count > 0) break;
      count += 1;
    }
    return count;
  }

  /** Works on a batch once. @returns after how many milliseconds to go on */
  async #work(whole: Batch): Promise<number> {
    const batch = await this.#dropExpired(whole);
    if (batch === undefined) return 0;
    const { functionName, reportsFailures } = this.#mapping;
    let result: InvocationResult;
    const last = batch.records.at(-1);
    if (last !== undefined) this.#countAge(functionName, last);
    try {
      const payload = `{"Records":[${batch.records.map(({ text }) => text).join(',')}]}`;
      result = await this.#host.invoke(functionName, payload);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (!isThrottle(error)) this.#host.context.warn(`${functionName} cannot be invoked: ${error.message}`);
      this.#batches.unshift({ ...batch, throttles: batch.throttles + 1 });
      return backOff(batch.throttles);
    }
    if (this.#stopped) return 0;
    const outcome = batchOutcome(
      result,
      batch.records.map((record) => record.sequenceNumber),
      reportsFailures,
    );
    if (outcome.kind === 'succeeded') {
      this.#onDone(batch.records);
      return 0;
    }
    if (outcome.kind === 'failed') return this.#failed(batch, result, false);
    // All before the first reported record is done; what follows is tried again with it, in order.
    const first = batch.records.findIndex((record) => outcome.failed.has(record.sequenceNumber));
    this.#onDone(batch.records.slice(0, first));
    return this.#failed({ ...batch, records: batch.records.slice(first) }, result, true);
  }

  /** How long ago the last record of a batch was written, when the function is given it. */
  #countAge(functionName: string, last: StreamRecord): void {
    const ageMs = this.#host.context.runtime.now() - arrivedAt(last);
    this.#host.count(functionName, 'IteratorAge', Math.max(0, ageMs));
  }

  async #failed(batch: Batch, result: InvocationResult, partial: boolean): Promise<number> {
    const { bisects, maximumRetryAttempts } = this.#mapping;
    if (bisects && !partial && batch.records.length > 1) {
      // Splitting uses up no retry.
      const middle = Math.ceil(batch.records.length / 2);
      const halves = [batch.records.slice(0, middle), batch.records.slice(middle)];
      this.#batches.unshift(
        ...halves.map((records) => ({ ...batch, records, lastError: result.functionError })),
      );
      return backOff(batch.attempts);
    }
    const next = { ...batch, attempts: batch.attempts + 1, lastError: result.functionError };
    if (maximumRetryAttempts >= 0 && next.attempts > maximumRetryAttempts) {
      await this.#giveUp(next, 'RetryAttemptsExhausted');
      return 0;
    }
    this.#batches.unshift(next);
    return backOff(batch.attempts);
  }

  /** Gives up what is older than the mapping allows. */
  async #dropExpired(batch: Batch): Promise<Batch | undefined> {
    const { maximumRecordAgeSeconds } = this.#mapping;
    if (maximumRecordAgeSeconds < 0) return batch;
    const oldest = this.#host.context.runtime.now() - maximumRecordAgeSeconds * 1000;
    const kept = batch.records.findIndex((record) => arrivedAt(record) >= oldest);
    if (kept === 0) return batch;
    const expired = kept === -1 ? batch.records : batch.records.slice(0, kept);
    await this.#giveUp({ ...batch, records: expired }, 'RecordAgeExceeded');
    return kept === -1 ? undefined : { ...batch, records: batch.records.slice(kept) };
  }

  async #giveUp(batch: Batch, condition: Condition): Promise<void> {
    const { context } = this.#host;
    const { onFailureArn, functionName } = this.#mapping;
    if (onFailureArn === undefined) {
      context.warn(
        `${batch.records.length} stream records for ${functionName} are dropped (${condition}): no destination.`,
      );
    } else {
      const fn = this.#host.function(functionName);
      const body = JSON.stringify(this.#failureRecord(batch, condition, fn.arn));
      await sendToDestination(context, onFailureArn, { body }, fn.role);
    }
    this.#onDone(batch.records);
  }

  #failureRecord(batch: Batch, condition: Condition, functionArn: string): JsonObject {
    const { context, streams } = this.#host;
    const { sourceArn } = this.#mapping;
    const first = batch.records[0];
    const last = batch.records.at(-1);
    return {
      requestContext: {
        requestId: context.runtime.uuid(),
        functionArn,
        condition,
        approximateInvokeCount: batch.attempts,
      },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: batch.lastError ?? null,
      },
      version: '1.0',
      timestamp: new Date(context.runtime.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: streams.shardId(sourceArn),
        startSequenceNumber: first?.sequenceNumber ?? '',
        endSequenceNumber: last?.sequenceNumber ?? '',
        approximateArrivalOfFirstRecord: wholeSeconds(first),
        approximateArrivalOfLastRecord: wholeSeconds(last),
        batchSize: batch.records.length,
        streamArn: sourceArn,
      },
    };
  }
}

function backOff(attempts: number): number {
  return Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_MIN_MS * 2 ** attempts);
}

/** When a change was made, in epoch milliseconds; streams say it in whole seconds. */
function arrivedAt(record: StreamRecord): number {
  const { dynamodb } = record.record;
  const seconds = isObject(dynamodb) ? dynamodb['ApproximateCreationDateTime'] : undefined;
  return typeof seconds === 'number' ? seconds * 1000 : Number.POSITIVE_INFINITY;
}

function wholeSeconds(record: StreamRecord | undefined): string {
  const at = record === undefined ? 0 : arrivedAt(record);
  return `${new Date(Number.isFinite(at) ? at : 0).toISOString().slice(0, 19)}Z`;
}
