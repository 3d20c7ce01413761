import { hash } from 'node:crypto';
import type { JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext, StreamRecord, StreamSource } from '../../core/seams.ts';
import type { Item } from './attribute-value.ts';
import { tableNotFound } from './dynamodb-error.ts';
import { RecentRecords } from './recent-records.ts';
import type { StreamViewType } from './table-definition.ts';

/** DynamoDB keeps stream records for 24 hours (Streams, "Data retention limit"). */
const RETENTION_MS = 24 * 60 * 60 * 1000;
/** Old records are looked for once in this many new ones. */
const APPENDS_BETWEEN_TRIMS = 4_096;
/** Sequence numbers are taken from the store in blocks, so that most writes need not note the last one. */
const SEQUENCE_BLOCK = 1_000_000;
/** Makes sequence numbers 21 digits long, which AWS says is the least; equal lengths sort as text too. */
const SEQUENCE_BASE = 10n ** 20n;

export type ChangeKind = 'INSERT' | 'MODIFY' | 'REMOVE';

/** An item before or after a change, with its JSON text. */
export interface Image {
  readonly item: Item;
  readonly text: string;
  readonly size: number;
}

/** One change of an item. */
export interface ItemChange {
  readonly kind: ChangeKind;
  readonly keys: Item;
  readonly keysSize: number;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
  /** True for a deletion by time to live, which says so in the record. */
  readonly byTimeToLive: boolean;
}

/** The stream of one table as long as it is enabled. */
export interface TableStream {
  readonly number: number;
  readonly arn: string;
  readonly viewType: StreamViewType;
  readonly sqlName: string;
  readonly shardId: string;
  readonly insert: string;
  readonly wakers: Set<() => void>;
  /** How far each registered consumer has come. */
  readonly released: Map<string, number>;
  readonly recent: RecentRecords;
}

interface RecordRow {
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly at: number;
  readonly keys: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly size: number;
  readonly ttl: number;
}

/**
 * The streams of all tables. A record lives until every registered consumer has released it, at most 24 hours;
 * a consumer registers by its first `release`. As long as fewer consumers are registered than are listening,
 * nothing is thrown away, so that one which has not begun loses nothing to one which has.
 */
export class StreamLog implements StreamSource {
  readonly #context: ServiceContext;
  readonly #streams = new Map<string, TableStream>();
  readonly #changed = new Set<TableStream>();
  #sequence: number;
  #reserved: number;
  #appends = 0;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(
      `CREATE TABLE IF NOT EXISTS ddb_sequence (id INTEGER PRIMARY KEY, reserved INTEGER);
       CREATE TABLE IF NOT EXISTS ddb_stream_consumers
         (stream INTEGER, consumer TEXT, released INTEGER, PRIMARY KEY (stream, consumer));`,
    );
    this.#sequence =
      context.store.get<{ reserved: number }>('SELECT reserved FROM ddb_sequence WHERE id = 1')?.reserved ??
      0;
    this.#reserved = this.#sequence;
    context.store.onRollback(() => {
      for (const { recent } of this.#streams.values()) recent.clear();
    });
  }

  open(number: number, arn: string, viewType: StreamViewType): TableStream {
    const known = this.#streams.get(arn);
    if (known !== undefined) return known;
    const sqlName = `ddb_records_${number}`;
    this.#context.store.define(
      `CREATE TABLE IF NOT EXISTS ${sqlName}
         (sequence INTEGER PRIMARY KEY, kind TEXT, at INTEGER, keys TEXT, before TEXT, after TEXT, size INTEGER, ttl INTEGER)`,
    );
    const consumers = this.#context.store.all<{ consumer: string; released: number }>(
      'SELECT consumer, released FROM ddb_stream_consumers WHERE stream = ?',
      number,
    );
    const stream: TableStream = {
      number,
      arn,
      viewType,
      sqlName,
      shardId: `shardId-00000000000000000000-${hash('md5', arn, 'hex').slice(0, 8)}`,
      insert: `INSERT INTO ${sqlName} (sequence, kind, at, keys, before, after, size, ttl) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      wakers: new Set(),
      released: new Map(consumers.map(({ consumer, released }) => [consumer, released])),
      recent: new RecentRecords(),
    };
    this.#streams.set(arn, stream);
    return stream;
  }

  drop(stream: TableStream): void {
    this.#streams.delete(stream.arn);
    this.#changed.delete(stream);
    this.#context.store.define(`DROP TABLE IF EXISTS ${stream.sqlName}`);
    this.#context.store.run('DELETE FROM ddb_stream_consumers WHERE stream = ?', stream.number);
  }

  /** Writes a record; `wake` then tells the consumers once for all records of an operation. */
  append(stream: TableStream, change: ItemChange): void {
    const { viewType } = stream;
    const before = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? change.before : undefined;
    const after = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? change.after : undefined;
    const { kind, keys, byTimeToLive } = change;
    const at = this.#context.runtime.now();
    const sequence = this.#nextSequence();
    const size = change.keysSize + (before?.size ?? 0) + (after?.size ?? 0);
    this.#context.store.run(
      stream.insert,
      sequence,
      kind,
      at,
      JSON.stringify(keys),
      before?.text ?? null,
      after?.text ?? null,
      size,
      byTimeToLive ? 1 : 0,
    );
    const record = this.#record(stream, { sequence, kind, at, size, byTimeToLive }, () => ({
      keys,
      before: before?.item,
      after: after?.item,
    }));
    stream.recent.add({ sequence, at, size, record });
    this.#changed.add(stream);
    this.#appends += 1;
    if (this.#appends % APPENDS_BETWEEN_TRIMS === 0) this.trim();
  }

  /** Wakes the consumers of the streams that got records since the last time. */
  wake(): void {
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const stream of changed) for (const wake of [...stream.wakers]) wake();
  }

  /** Throws away the records that are older than the retention. */
  trim(): void {
    const oldest = this.#context.runtime.now() - RETENTION_MS;
    for (const { sqlName } of this.#streams.values()) {
      // Time only goes on along the sequence, so the last record that is too old ends the ones to go.
      this.#context.store.run(
        `DELETE FROM ${sqlName} WHERE sequence < coalesce(
           (SELECT sequence FROM ${sqlName} WHERE at >= ? ORDER BY sequence LIMIT 1), 9007199254740991)`,
        oldest,
      );
    }
  }

  shardId(streamArn: string): string {
    return this.#stream(streamArn).shardId;
  }

  read(streamArn: string, after: string | undefined, limit: number): StreamRecord[] {
    const stream = this.#streams.get(streamArn);
    if (stream === undefined) return [];
    const from = after === undefined ? 0 : sequenceOf(after);
    const since = this.#context.runtime.now() - RETENTION_MS;
    const recent = stream.recent.read(from, since, limit);
    if (recent !== undefined) return recent;
    return this.#context.store
      .all<RecordRow>(
        `SELECT * FROM ${stream.sqlName} WHERE sequence > ? AND at >= ? ORDER BY sequence LIMIT ?`,
        from,
        since,
        limit,
      )
      .map((row) =>
        this.#record(stream, { ...row, byTimeToLive: row.ttl !== 0 }, () => ({
          keys: JSON.parse(row.keys),
          before: row.before === null ? undefined : JSON.parse(row.before),
          after: row.after === null ? undefined : JSON.parse(row.after),
        })),
      );
  }

  latest(streamArn: string): string | undefined {
    const row = this.#context.store.get<{ sequence: number | null }>(
      `SELECT max(sequence) AS sequence FROM ${this.#stream(streamArn).sqlName}`,
    );
    const sequence = row?.sequence ?? undefined;
    return sequence === undefined ? undefined : sequenceNumber(sequence);
  }

  onRecords(streamArn: string, wake: () => void): () => void {
    const { wakers } = this.#stream(streamArn);
    // A consumer may listen twice with one function; each listening ends by itself.
    const own = () => wake();
    wakers.add(own);
    return () => {
      wakers.delete(own);
    };
  }

  release(streamArn: string, consumer: string, upTo: string): void {
    const stream = this.#streams.get(streamArn);
    if (stream === undefined) return;
    const sequence = Math.max(sequenceOf(upTo), stream.released.get(consumer) ?? 0);
    stream.released.set(consumer, sequence);
    this.#context.store.run(
      'INSERT OR REPLACE INTO ddb_stream_consumers (stream, consumer, released) VALUES (?, ?, ?)',
      stream.number,
      consumer,
      sequence,
    );
    if (stream.released.size < stream.wakers.size) return;
    const byAll = Math.min(...stream.released.values());
    this.#context.store.run(`DELETE FROM ${stream.sqlName} WHERE sequence <= ?`, byAll);
    stream.recent.release(byAll);
  }

  /** Forgets a consumer that is gone for good, so that its place holds back no records. */
  forget(streamArn: string, consumer: string): void {
    const stream = this.#streams.get(streamArn);
    if (stream === undefined || !stream.released.delete(consumer)) return;
    this.#context.store.run(
      'DELETE FROM ddb_stream_consumers WHERE stream = ? AND consumer = ?',
      stream.number,
      consumer,
    );
  }

  #stream(arn: string): TableStream {
    const stream = this.#streams.get(arn);
    if (stream === undefined) throw tableNotFound();
    return stream;
  }

  #nextSequence(): number {
    this.#sequence += 1;
    if (this.#sequence > this.#reserved) {
      this.#reserved = this.#sequence + SEQUENCE_BLOCK;
      this.#context.store.run(
        'INSERT OR REPLACE INTO ddb_sequence (id, reserved) VALUES (1, ?)',
        this.#reserved,
      );
    }
    return this.#sequence;
  }

  #record(stream: TableStream, change: RecordedChange, images: () => RecordedImages): StreamRecord {
    const number = sequenceNumber(change.sequence);
    return new LazyRecord(number, () => {
      const { keys, before, after } = images();
      const dynamodb: JsonObject = {
        ApproximateCreationDateTime: Math.floor(change.at / 1000),
        Keys: keys,
        ...(after === undefined ? {} : { NewImage: after }),
        ...(before === undefined ? {} : { OldImage: before }),
        SequenceNumber: number,
        SizeBytes: change.size,
        StreamViewType: stream.viewType,
      };
      return {
        eventID: hash('md5', `${stream.arn}#${change.sequence}`, 'hex'),
        eventName: change.kind,
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: this.#context.account.region,
        dynamodb,
        ...(change.byTimeToLive
          ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }
          : {}),
        eventSourceARN: stream.arn,
      };
    });
  }
}

interface RecordedChange {
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly at: number;
  readonly size: number;
  readonly byTimeToLive: boolean;
}

interface RecordedImages {
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A record that is put together, and written as text, when somebody looks; once for all who do. */
class LazyRecord implements StreamRecord {
  readonly sequenceNumber: string;
  readonly #make: () => JsonObject;
  #record: JsonObject | undefined;
  #text: string | undefined;

  constructor(sequenceNumber: string, make: () => JsonObject) {
    this.sequenceNumber = sequenceNumber;
    this.#make = make;
  }

  get record(): JsonObject {
    this.#record ??= this.#make();
    return this.#record;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.record);
    return this.#text;
  }
}

function sequenceNumber(sequence: number): string {
  return String(SEQUENCE_BASE + BigInt(sequence));
}

function sequenceOf(sequenceNumber: string): number {
  return Number(BigInt(sequenceNumber) - SEQUENCE_BASE);
}
