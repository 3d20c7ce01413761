import type { EventName } from '@payments/schemas';

/** EventBridge bills a custom event in chunks of this size, and a batch event is filled up to one chunk. */
export const EVENT_CHUNK_BYTES = 64 * 1024;
/** PutEvents takes at most this many entries a call (EventBridge API reference, PutEvents). */
export const PUT_EVENTS_ENTRIES_MAX = 10;
/**
 * The total size of one PutEvents call and of one entry. Documentation still says 256 KB where newer limits are
 * higher; this is what every region takes.
 */
export const PUT_EVENTS_BYTES_MAX = 256 * 1024;
/** What the metadata and the braces of an envelope take at most, so that records are measured alone. */
export const ENVELOPE_BYTES = 1024;

/** A record to be packed, serialized once. */
export interface PackableRecord {
  readonly event: EventName;
  /** The network or platform; an event's records all have one, so that a rule can filter on it. */
  readonly source: string;
  readonly json: string;
  /** The size of `json` in UTF-8. */
  readonly bytes: number;
}

/** Records that travel in one event. */
export interface Pack<Record extends PackableRecord> {
  readonly event: EventName;
  readonly source: string;
  readonly records: readonly Record[];
  /** The event's size in bytes, an upper bound. */
  readonly bytes: number;
}

/** How much an event may carry. */
export interface PackingLimits {
  readonly recordsMax: number;
  /** A single record may be larger than this, up to `PUT_EVENTS_BYTES_MAX`, and then travels alone. */
  readonly bytesTarget: number;
}

/** Real-time: one record an event. */
export const ONE_RECORD: PackingLimits = { recordsMax: 1, bytesTarget: EVENT_CHUNK_BYTES };
/** Near-real-time and batch: what is there, up to one billing chunk. */
export const ONE_CHUNK: PackingLimits = { recordsMax: 10_000, bytesTarget: EVENT_CHUNK_BYTES };

/** Says whether a record is too large for any event. */
export function isTooLarge(record: PackableRecord): boolean {
  return record.bytes + ENVELOPE_BYTES > PUT_EVENTS_BYTES_MAX;
}

/**
 * Packs records into events: records of one event and source together, in their order, each event within the
 * limits. Nothing is lost and nothing is doubled.
 */
export function packRecords<Record extends PackableRecord>(
  records: readonly Record[],
  limits: PackingLimits,
): Pack<Record>[] {
  const packs: Pack<Record>[] = [];
  const filling = new Map<string, { records: Record[]; bytes: number }>();
  const close = (key: string): void => {
    const open = filling.get(key);
    const first = open?.records[0];
    if (open === undefined || first === undefined) return;
    packs.push({ event: first.event, source: first.source, records: open.records, bytes: open.bytes });
    filling.delete(key);
  };
  for (const record of records) {
    const key = `${record.event}|${record.source}`;
    const open = filling.get(key);
    const fits =
      open !== undefined &&
      open.records.length < limits.recordsMax &&
      open.bytes + record.bytes + 1 <= limits.bytesTarget;
    if (open !== undefined && fits) {
      open.records.push(record);
      open.bytes += record.bytes + 1;
    } else {
      close(key);
      filling.set(key, { records: [record], bytes: ENVELOPE_BYTES + record.bytes });
    }
  }
  for (const key of [...filling.keys()]) close(key);
  return packs;
}

/** Groups packs into PutEvents calls, within the limits of entries and bytes of one call. */
export function packCalls<Item extends { readonly bytes: number }>(packs: readonly Item[]): Item[][] {
  const calls: Item[][] = [];
  let call: Item[] = [];
  let bytes = 0;
  for (const pack of packs) {
    if (
      call.length === PUT_EVENTS_ENTRIES_MAX ||
      (call.length > 0 && bytes + pack.bytes > PUT_EVENTS_BYTES_MAX)
    ) {
      calls.push(call);
      call = [];
      bytes = 0;
    }
    call.push(pack);
    bytes += pack.bytes;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
