import { identifierOf } from '@payments/domain';
import { type Metadata, type StageName, sourceOf } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import type { Pack, PackableRecord } from './pack-records.ts';

/** A record to be published, with the event that it follows from. */
export interface OutgoingRecord extends PackableRecord {
  readonly idempotencyKey: string;
  readonly transactionId: string;
  readonly cause: Metadata | undefined;
  /** Which of the records that were given to the stage it came of. */
  readonly origin: number;
}

/** An event ready for PutEvents. */
export interface OutgoingEvent {
  readonly event: string;
  readonly source: string;
  readonly metadata: Metadata;
  /** The envelope as JSON text: `{ metadata, records }`. */
  readonly detail: string;
  readonly bytes: number;
  readonly records: readonly OutgoingRecord[];
}

/**
 * Puts a pack of records into its envelope. The event's id is made from the records' keys, so the same pack
 * again is the same event.
 *
 * @param now epoch milliseconds
 */
export function seal(
  pack: Pack<OutgoingRecord>,
  stage: StageName,
  deliveryMode: Metadata['deliveryMode'],
  now: number,
): OutgoingEvent {
  const metadata = metadataOf(pack, stage, deliveryMode, now);
  const detail = `{"metadata":${JSON.stringify(metadata)},"records":[${pack.records.map(({ json }) => json).join(',')}]}`;
  return {
    event: pack.event,
    source: sourceOf(stage),
    metadata,
    detail,
    bytes: pack.bytes,
    records: pack.records,
  };
}

function metadataOf(
  pack: Pack<OutgoingRecord>,
  stage: StageName,
  deliveryMode: Metadata['deliveryMode'],
  now: number,
): Metadata {
  const [first] = pack.records;
  const eventId = identifierOf(pack.event, ...pack.records.map(({ idempotencyKey }) => idempotencyKey));
  const cause = pack.records.every((record) => record.cause?.eventId === first?.cause?.eventId)
    ? first?.cause
    : undefined;
  const alone = pack.records.length === 1 ? first?.transactionId : undefined;
  const correlationId = cause?.correlationId ?? alone ?? eventId;
  const replay = pack.records.every((record) => record.cause?.replay === first?.cause?.replay)
    ? first?.cause?.replay
    : undefined;
  return {
    eventId,
    schemaVersion: contracts[pack.event].version as 1,
    producedBy: sourceOf(stage),
    producedAt: new Date(now).toISOString(),
    source: pack.source,
    deliveryMode,
    recordCount: pack.records.length,
    correlationId,
    traceparent: traceparentOf(cause?.traceparent, correlationId, eventId),
    ...(cause === undefined ? {} : { causationId: cause.eventId }),
    ...(replay === undefined ? {} : { replay }),
  };
}

/** W3C Trace Context: the trace goes on where one cause has one, and every event is a span of its own. */
function traceparentOf(parent: string | undefined, correlationId: string, eventId: string): string {
  const trace = parent?.split('-')[1] ?? correlationId.replaceAll('-', '');
  const span = eventId.replaceAll('-', '').slice(0, 16);
  return `00-${trace}-${span}-01`;
}
