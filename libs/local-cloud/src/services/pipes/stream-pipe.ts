import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext, StreamRecord } from '../../core/seams.ts';
import { backOffMs } from './back-off.ts';
import { BatchFailure } from './batch-failure.ts';
import type { Pipe } from './pipe-definition.ts';
import { PAYLOAD_BYTES_MAX, type PipeExecution, type PipeNeighbours, roleOf } from './pipe-execution.ts';
import type { PipeProgress } from './pipe-progress.ts';
import type { PipeRun } from './pipe-run.ts';

/** How often one step reads on when the filter lets few records pass. */
const READS_MAX = 10;
/** How many records are read at a time to find those of a batch that failed before a restart. */
const RELOAD_READ_MAX = 1000;
/** What a pipe's role needs on a stream. Source: EventBridge user guide, "Permissions", of pipes. */
const READING_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
/** How long a pipe that may not read its source waits before it tries again. */
const DENIED_WAIT_MS = 60_000;

/** Records that go through the pipe together. */
interface Batch {
  readonly records: readonly StreamRecord[];
  /** The stream is done up to here once the batch is. */
  readonly upTo: string;
  readonly retries: number;
}

type DeadLetterCondition = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

/**
 * Runs a pipe that reads a stream: one batch at a time in the stream's order. The position in the store moves
 * only when a batch is through, dead-lettered, or filtered out, so that a restart repeats and never skips.
 */
export class StreamPipe implements PipeRun {
  readonly #pipe: Pipe;
  readonly #context: ServiceContext;
  readonly #neighbours: PipeNeighbours;
  readonly #execution: PipeExecution;
  readonly #progress: PipeProgress;
  readonly #unsubscribe: () => void;
  /** Batches that are to be done before the stream is read on; the first is in flight or waits to be tried again. */
  #batches: Batch[];
  /** Records that wait for more of them, with the position of the last one read. */
  #buffer: StreamRecord[] = [];
  #readUpTo: string | undefined;
  #windowEndsAt: number | undefined;
  #cancel: (() => void) | undefined;
  #waitsForWindow = false;
  #running = false;
  #stopped = false;
  #failures = 0;

  constructor(
    pipe: Pipe,
    context: ServiceContext,
    neighbours: PipeNeighbours,
    execution: PipeExecution,
    progress: PipeProgress,
  ) {
    this.#pipe = pipe;
    this.#context = context;
    this.#neighbours = neighbours;
    this.#execution = execution;
    this.#progress = progress;
    const { position, failing } = progress.read(pipe.name);
    this.#readUpTo = failing?.upTo ?? position;
    this.#batches =
      failing === undefined ? [] : [this.#reload(position, failing.upTo, failing.left, failing.retries)];
    this.#unsubscribe = neighbours.streams.onRecords(pipe.sourceArn, () => this.#wake());
    this.#schedule(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  outstanding(): number {
    if (this.#stopped) return 0;
    if (this.#running || this.#batches.length > 0 || this.#buffer.length > 0) return 1;
    return this.#neighbours.streams.read(this.#pipe.sourceArn, this.#readUpTo, 1).length;
  }

  #wake(): void {
    if (this.#stopped || this.#running) return;
    if (this.#waitsForWindow) this.#fillBuffer();
    if (this.#waitsForWindow && this.#buffer.length >= this.#pipe.batchSize) {
      this.#cancel?.();
      this.#cancel = undefined;
    }
    if (this.#cancel === undefined) this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#context.runtime.schedule({
      name: `pipe:${this.#pipe.name}`,
      delayMs,
      run: () => this.#step(),
    });
  }

  async #step(): Promise<void> {
    this.#cancel = undefined;
    this.#waitsForWindow = false;
    if (this.#stopped || this.#running) return;
    if (this.#batches.length === 0) {
      if (!this.#mayRead()) return;
      this.#fillBuffer();
      if (this.#awaitsMore()) return;
      if (this.#buffer.length === 0) {
        this.#passOver();
        return;
      }
      this.#takeBatch();
    }
    this.#running = true;
    try {
      await this.#runFirst();
    } finally {
      this.#running = false;
    }
  }

  /** Reads records into the buffer until it holds a batch, or the stream has no more. */
  #fillBuffer(): void {
    const { streams } = this.#neighbours;
    for (let reads = 0; reads < READS_MAX; reads += 1) {
      const wanted = this.#pipe.batchSize - this.#buffer.length;
      const records = wanted <= 0 ? [] : streams.read(this.#pipe.sourceArn, this.#readUpTo, wanted);
      if (records.length === 0) return;
      this.#readUpTo = records.at(-1)?.sequenceNumber;
      this.#buffer.push(...records.filter(({ record }) => this.#pipe.passes(record)));
    }
  }

  /** True when the batching window is open and the buffer not full; the next step then comes with its end. */
  #awaitsMore(): boolean {
    const { windowMs, batchSize } = this.#pipe;
    if (windowMs === 0 || this.#buffer.length === 0 || this.#buffer.length >= batchSize) return false;
    const now = this.#context.runtime.now();
    this.#windowEndsAt ??= now + windowMs;
    if (now >= this.#windowEndsAt) return false;
    this.#waitsForWindow = true;
    this.#schedule(this.#windowEndsAt - now);
    return true;
  }

  /** Nothing of what was read passed the filter: it is done, and there may be more behind it. */
  #passOver(): void {
    const { position } = this.#progress.read(this.#pipe.name);
    if (this.#readUpTo === undefined || this.#readUpTo === position) return;
    this.#advance(this.#readUpTo);
    this.#schedule(0);
  }

  #takeBatch(): void {
    const upTo = this.#readUpTo;
    if (upTo === undefined) return;
    this.#batches.push({ records: this.#buffer, upTo, retries: 0 });
    this.#buffer = [];
    this.#windowEndsAt = undefined;
  }

  async #runFirst(): Promise<void> {
    const aged = this.#batches[0];
    const batch = aged === undefined ? undefined : this.#withoutAged(aged);
    if (batch === undefined) return;
    this.#batches[0] = batch;
    const records = batch.records.map(({ record }) => record);
    if (records.length > 1 && payloadBytes(records) > PAYLOAD_BYTES_MAX) {
      this.#halve(batch);
      this.#schedule(0);
      return;
    }
    try {
      if (records.length > 0) await this.#execution.run(this.#pipe, records);
    } catch (error) {
      if (!(error instanceof BatchFailure)) throw error;
      if (!this.#stopped) this.#failed(batch, error);
      return;
    }
    if (!this.#stopped) this.#finish(batch);
  }

  #finish(batch: Batch): void {
    this.#failures = 0;
    this.#batches.shift();
    this.#advance(batch.upTo);
    this.#schedule(0);
  }

  #failed(batch: Batch, failure: BatchFailure): void {
    const { failed } = failure;
    const records =
      failed === undefined ? batch.records : batch.records.filter((_, place) => failed.has(place));
    const left = { ...batch, records };
    const { retryAttemptsMax, bisects, name } = this.#pipe;
    this.#neighbours.count?.(name, 'ExecutionFailed', 1);
    if (bisects && records.length > 1) {
      // Halving tells the bad record from its neighbours and does not count as an attempt at it.
      this.#halve(left);
    } else if (retryAttemptsMax >= 0 && batch.retries >= retryAttemptsMax) {
      this.#context.warn(`pipe ${name}: ${records.length} records given up: ${failure.message}`);
      if (this.#deadLetter(left, 'RetryAttemptsExhausted')) {
        this.#finish(left);
        return;
      }
    } else {
      this.#batches[0] = { ...left, retries: batch.retries + 1 };
    }
    this.#saveFailing();
    const waitMs = backOffMs(this.#context.runtime, this.#failures);
    this.#context.warn(
      `pipe ${name}: ${records.length} records to be tried again in ${waitMs} ms: ${failure.message}`,
    );
    this.#schedule(waitMs);
    this.#failures += 1;
  }

  #halve(batch: Batch): void {
    const middle = Math.ceil(batch.records.length / 2);
    const first = batch.records.slice(0, middle);
    const upTo = first.at(-1)?.sequenceNumber ?? batch.upTo;
    this.#batches.splice(
      0,
      1,
      { ...batch, records: first, upTo },
      { ...batch, records: batch.records.slice(middle) },
    );
  }

  #saveFailing(): void {
    const [first] = this.#batches;
    if (first === undefined) return;
    const left = first.records.map(({ sequenceNumber }) => sequenceNumber);
    this.#progress.fail(this.#pipe.name, { upTo: first.upTo, left, retries: first.retries });
  }

  /** The batch without the records that have grown too old, which go to the dead-letter queue. */
  #withoutAged(batch: Batch): Batch {
    const { recordAgeSecondsMax, name } = this.#pipe;
    if (recordAgeSecondsMax < 0) return batch;
    const oldest = this.#context.runtime.now() / 1000 - recordAgeSecondsMax;
    const aged = batch.records.filter(({ record }) => arrivedAt(record) < oldest);
    if (aged.length === 0) return batch;
    this.#context.warn(`pipe ${name}: ${aged.length} records given up: older than ${recordAgeSecondsMax} s`);
    if (!this.#deadLetter({ ...batch, records: aged }, 'MaximumRecordAgeExceeded')) return batch;
    return { ...batch, records: batch.records.filter((record) => !aged.includes(record)) };
  }

  /** Tells the dead-letter queue which records were given up; false when it could not be told. */
  #deadLetter(batch: Batch, condition: DeadLetterCondition): boolean {
    const { deadLetterArn, name, arn, sourceArn } = this.#pipe;
    const first = batch.records[0];
    const last = batch.records.at(-1);
    if (deadLetterArn === undefined || first === undefined || last === undefined) return true;
    const arrival = ({ record }: StreamRecord): string => new Date(arrivedAt(record) * 1000).toISOString();
    const body = {
      context: { partnerResourceArn: arn, condition },
      version: '1.0',
      timestamp: new Date(this.#context.runtime.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: this.#neighbours.streams.shardId(sourceArn),
        startSequenceNumber: first.sequenceNumber,
        endSequenceNumber: last.sequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first),
        approximateArrivalOfLastRecord: arrival(last),
        batchSize: batch.records.length,
        streamArn: sourceArn,
      },
    };
    try {
      this.#neighbours.authorize(roleOf(this.#pipe), 'sqs:SendMessage', deadLetterArn);
      this.#neighbours.queues.send(deadLetterArn, JSON.stringify(body));
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.warn(
        `pipe ${name}: its dead-letter queue refused a batch, which is kept: ${error.message}`,
      );
      return false;
    }
  }

  #advance(upTo: string): void {
    this.#progress.advance(this.#pipe.name, upTo);
    this.#neighbours.streams.release(this.#pipe.sourceArn, this.#pipe.arn, upTo);
  }

  #mayRead(): boolean {
    try {
      for (const action of READING_ACTIONS) {
        this.#neighbours.authorize(roleOf(this.#pipe), action, this.#pipe.sourceArn);
      }
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.warn(`pipe ${this.#pipe.name} may not read its source: ${error.message}`);
      this.#schedule(DENIED_WAIT_MS);
      return false;
    }
  }

  #reload(position: string | undefined, upTo: string, left: readonly string[], retries: number): Batch {
    const records: StreamRecord[] = [];
    const wanted = new Set(left);
    for (let after = position; wanted.size > 0; ) {
      const read = this.#neighbours.streams.read(this.#pipe.sourceArn, after, RELOAD_READ_MAX);
      records.push(...read.filter(({ sequenceNumber }) => wanted.delete(sequenceNumber)));
      after = read.at(-1)?.sequenceNumber;
      if (after === undefined) break;
    }
    return { records, upTo, retries };
  }
}

/** When the table was changed, in epoch seconds. */
function arrivedAt(record: JsonObject): number {
  const { ApproximateCreationDateTime } = (record['dynamodb'] ?? {}) as JsonObject;
  return typeof ApproximateCreationDateTime === 'number' ? ApproximateCreationDateTime : 0;
}

/** An upper bound of a batch's JSON, from what DynamoDB says of its records, which the images repeat. */
function payloadBytes(records: readonly JsonObject[]): number {
  let bytes = 0;
  for (const record of records) {
    const { SizeBytes } = (record['dynamodb'] ?? {}) as JsonObject;
    bytes += 1024 + 2 * (typeof SizeBytes === 'number' ? SizeBytes : 0);
  }
  return bytes;
}
