import { type EventName, explainProblem, type Metadata } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import { Metadata as acceptsMetadata } from '@payments/schemas/open/metadata';
import type { Incoming } from './record-outcome.ts';

/** A part of an event that breaks its contract, to be set aside. */
export interface Refused {
  readonly event: string;
  readonly reason: string;
  readonly explanation: string;
  /** What was refused, as it came. */
  readonly content: unknown;
}

/** An event taken apart: its good records, and what is wrong with the others. */
export interface OpenedEvent<Name extends EventName> {
  readonly incoming: readonly Incoming<Name>[];
  readonly refused: readonly Refused[];
}

/**
 * Takes an event of the bus apart. The bus says beside the detail which replay an event is part of (EventBridge user
 * guide, "Replaying archived events"); here it goes into the
 * metadata, so that what follows from it says so too. Each record is held against its open contract on its own, so a bad
 * one never takes its neighbours along.
 *
 * @param text the event as JSON text (the body of a queue's message), or already parsed
 * @param consumes the events that the stage subscribes to
 */
export function openEvent<Name extends EventName>(
  text: unknown,
  consumes: readonly Name[],
): OpenedEvent<Name> {
  let event: unknown = text;
  if (typeof text === 'string') {
    try {
      event = JSON.parse(text);
    } catch {
      return refuse('unknown', 'EVENT_NOT_JSON', 'the message is not JSON', text);
    }
  }
  const {
    'detail-type': detailType,
    'replay-name': replay,
    detail,
  } = (event ?? {}) as {
    'detail-type'?: unknown;
    'replay-name'?: unknown;
    detail?: unknown;
  };
  const name = consumes.find((each) => each === detailType);
  if (name === undefined) {
    return refuse(String(detailType), 'EVENT_NOT_CONSUMED', 'the stage does not consume this event', event);
  }
  const { metadata: published, records } = (detail ?? {}) as { metadata?: unknown; records?: unknown };
  const metadata = replay === undefined ? published : { ...(published as object), replay };
  if (!acceptsMetadata(metadata)) {
    return refuse(name, 'METADATA_INVALID', `metadata: ${explainProblem(acceptsMetadata)}`, event);
  }
  if (!Array.isArray(records) || records.length === 0) {
    return refuse(name, 'RECORDS_MISSING', 'the event carries no records', event);
  }
  return openRecords(name, records, metadata, typeof replay === 'string' ? { replayedBy: replay } : {});
}

/** Holds records against the open contract of their event. */
export function openRecords<Name extends EventName>(
  event: Name,
  records: readonly unknown[],
  metadata: Metadata,
  more: Pick<Incoming<Name>, 'replayedBy'> = {},
): OpenedEvent<Name> {
  const accepts = contracts[event].accepts;
  const incoming: Incoming<Name>[] = [];
  const refused: Refused[] = [];
  records.forEach((record, index) => {
    if (accepts(record)) incoming.push({ event, record, metadata, ...more } as unknown as Incoming<Name>);
    else {
      const explanation = `record ${index + 1} of ${records.length}: ${explainProblem(accepts)}`;
      refused.push({ event, reason: 'RECORD_INVALID', explanation, content: record });
    }
  });
  return { incoming, refused };
}

function refuse<Name extends EventName>(
  event: string,
  reason: string,
  explanation: string,
  content: unknown,
): OpenedEvent<Name> {
  return { incoming: [], refused: [{ event, reason, explanation, content }] };
}
