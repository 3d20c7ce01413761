import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { Bus, BusDirectory } from './bus-directory.ts';
import { type BusEvent, type EventEntry, newEvent } from './bus-event.ts';
import { isObject, objects, optionalNumber, optionalText, texts, validationError } from './request-member.ts';

/** EventBridge quota: entries of one call. */
export const PUT_EVENTS_ENTRIES_MAX = 10;
/** The total size of one call's entries; AWS's documents name 256 KiB still, its quota is 1 MiB. */
export const PUT_EVENTS_TOTAL_BYTES_MAX = 1024 * 1024;
/** What an entry's `Time` counts for (EventBridge, "Calculating PutEvents event entry size"). */
const TIME_BYTES = 14;
/** EventBridge pricing: an event of 64 KB is one, a larger one as many as it holds such chunks. */
const BILLED_CHUNK_BYTES = 64 * 1024;

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * Carries out PutEvents: each entry is taken or refused on its own, in the order of the request.
 *
 * @param take gets each event for its bus
 * @throws AwsError ValidationException for too many or too large entries; nothing is taken then
 */
export function putEvents(
  input: JsonObject,
  context: ServiceContext,
  directory: BusDirectory,
  take: (bus: Bus, event: BusEvent) => void,
): JsonObject {
  const entries = objects(input, 'Entries');
  const now = context.runtime.now();
  if (entries.length === 0 || entries.length > PUT_EVENTS_ENTRIES_MAX) {
    const bound =
      entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${PUT_EVENTS_ENTRIES_MAX}`;
    throw validationError(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  const sizes = entries.map(entryBytes);
  if (sizes.reduce((sum, size) => sum + size, 0) > PUT_EVENTS_TOTAL_BYTES_MAX) {
    throw validationError('Total size of the entries in the request is over the limit.');
  }
  let failed = 0;
  const results = entries.map((entry, index): JsonObject => {
    const read = context.faults.refusesEntry() ? INTERNAL_FAILURE : readEntry(entry, now);
    if ('ErrorCode' in read) {
      failed += 1;
      return { ...read };
    }
    const event = newEvent(read, context.runtime.uuid(), context.account, now);
    context.bill(
      'events:put-events-64kb-chunks',
      Math.max(1, Math.ceil((sizes[index] ?? 0) / BILLED_CHUNK_BYTES)),
    );
    const busName = optionalText(entry, 'EventBusName');
    const bus = directory.findBus(busName);
    // AWS takes an event for a bus that does not exist, and it is never seen again.
    if (bus === undefined) context.warn(`event ${event.id} was put on bus ${busName}, which does not exist`);
    else take(bus, event);
    return { EventId: event.id };
  });
  return { FailedEntryCount: failed, Entries: results };
}

const INTERNAL_FAILURE: Refusal = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'An internal failure has occurred.',
};

function readEntry(entry: JsonObject, now: number): EventEntry | Refusal {
  for (const member of ['Source', 'DetailType', 'Detail']) {
    if (optionalText(entry, member) === undefined || entry[member] === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
      };
    }
  }
  const source = String(entry['Source']);
  if (source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detailText = String(entry['Detail']);
  const detail = parsedObject(detailText);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    source,
    detailType: String(entry['DetailType']),
    detailText,
    detail,
    resources: texts(entry, 'Resources'),
    time: Math.floor(optionalNumber(entry, 'Time') ?? now / 1000),
  };
}

function parsedObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The size of an entry as PutEvents counts it. */
export function entryBytes(entry: JsonObject): number {
  const counted = [entry['Source'], entry['DetailType'], entry['Detail'], ...texts(entry, 'Resources')];
  let bytes = entry['Time'] === undefined ? 0 : TIME_BYTES;
  for (const text of counted) if (typeof text === 'string') bytes += Buffer.byteLength(text);
  return bytes;
}
