import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { StreamRecord } from '../../core/seams.ts';
import { isObject } from '../sqs/members.ts';
import type { MappingConfiguration } from './mapping-configuration.ts';
import type { MappingHost, MappingRunner } from './mapping-runner.ts';
import { ShardProgress } from './shard-progress.ts';
import { StreamLane } from './stream-lane.ts';

/** GetRecords gives a thousand records at most. */
const READ_MAX = 1000;
/** How many batches are read ahead for each lane. */
const READ_AHEAD_BATCHES = 2;
const PERMISSION_RETRY_MS = 5000;

/**
 * An event source mapping of a DynamoDB stream: reads the shard, passes over what the filters exclude, and
 * hands the rest to lanes by item, so that changes of one item stay in order.
 */
export class StreamMapping implements MappingRunner {
  readonly #mapping: MappingConfiguration;
  readonly #host: MappingHost;
  readonly #passes: (record: JsonObject) => boolean;
  readonly #lanes: readonly StreamLane[];
  readonly #progress: ShardProgress;
  #cursor: string | undefined;
  #look: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  /** Why it could not poll, said once. */
  #problem: string | undefined;

  /** @param checkpoint the sequence number after which it begins; undefined: with the oldest record */
  constructor(mapping: MappingConfiguration, host: MappingHost, checkpoint: string | undefined) {
    this.#mapping = mapping;
    this.#host = host;
    this.#passes = host.filter(mapping.filters, 'dynamodb');
    this.#progress = new ShardProgress(checkpoint);
    this.#cursor = checkpoint;
    this.#lanes = Array.from(
      { length: mapping.parallelizationFactor },
      () => new StreamLane(mapping, host, (records) => this.#finished(records)),
    );
  }

  start(): void {
    this.#unsubscribe = this.#host.streams.onRecords(this.#mapping.sourceArn, () => this.#lookIn(0));
    this.#lookIn(0);
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#look?.();
    this.#look = undefined;
    for (const lane of this.#lanes) lane.stop();
  }

  /** Records that were read and are not done; what is unread counts as one, for a long stream takes long to count. */
  outstanding(): number {
    if (this.#unsubscribe === undefined) return 0;
    if (this.#progress.size > 0) return this.#progress.size;
    try {
      return this.#host.streams.read(this.#mapping.sourceArn, this.#cursor, 1).length;
    } catch (error) {
      if (error instanceof AwsError) return 0;
      throw error;
    }
  }

  #lookIn(delayMs: number): void {
    if (this.#look !== undefined || this.#unsubscribe === undefined) return;
    this.#look = this.#host.context.runtime.schedule({
      name: `stream-mapping-read:${this.#mapping.functionName}`,
      delayMs,
      run: () => {
        this.#look = undefined;
        this.#read();
      },
    });
  }

  #read(): void {
    const { batchSize, parallelizationFactor, sourceArn } = this.#mapping;
    const room = batchSize * parallelizationFactor * READ_AHEAD_BATCHES - this.#progress.size;
    if (this.#unsubscribe === undefined || room <= 0) return;
    let records: StreamRecord[];
    const wanted = Math.min(READ_MAX, room);
    try {
      this.#host.checkPolling(this.#mapping);
      records = this.#host.streams.read(sourceArn, this.#cursor, wanted);
    } catch (error) {
      this.#cannotPoll(error);
      return;
    }
    const excluded: StreamRecord[] = [];
    for (const record of records) {
      this.#cursor = record.sequenceNumber;
      this.#progress.add(record.sequenceNumber);
      if (this.#passes(record.record)) this.#laneOf(record)?.add(record);
      else excluded.push(record);
    }
    if (excluded.length > 0) this.#finished(excluded);
    if (records.length === wanted) this.#lookIn(0);
  }

  #laneOf(record: StreamRecord): StreamLane | undefined {
    if (this.#lanes.length === 1) return this.#lanes[0];
    const { dynamodb } = record.record;
    const keys = JSON.stringify(isObject(dynamodb) ? dynamodb['Keys'] : record.sequenceNumber);
    let hash = 0;
    for (let index = 0; index < keys.length; index += 1) hash = (hash * 31 + keys.charCodeAt(index)) >>> 0;
    return this.#lanes[hash % this.#lanes.length];
  }

  #finished(records: readonly StreamRecord[]): void {
    if (this.#unsubscribe === undefined) return;
    if (!this.#progress.finish(records.map((record) => record.sequenceNumber))) return;
    const checkpoint = this.#progress.checkpoint;
    if (checkpoint === undefined) return;
    const { uuid, sourceArn } = this.#mapping;
    this.#host.checkpoint(uuid, checkpoint);
    this.#host.streams.release(sourceArn, uuid, checkpoint);
    this.#lookIn(0);
  }

  #cannotPoll(error: unknown): void {
    if (!(error instanceof AwsError)) throw error;
    const { sourceArn, functionName } = this.#mapping;
    if (this.#problem !== error.message) {
      this.#problem = error.message;
      this.#host.context.warn(`The mapping of ${sourceArn} to ${functionName} cannot poll: ${error.message}`);
    }
    this.#lookIn(PERMISSION_RETRY_MS);
  }
}
