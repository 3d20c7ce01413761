import type { JsonObject } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';

/** An event on a bus. */
export interface BusEvent {
  readonly id: string;
  /** The event as targets without an input of their own get it. */
  readonly text: string;
  /** The same, parsed. */
  readonly envelope: JsonObject;
  readonly source: string;
  readonly detailType: string;
  /** What the event's `time` says, in epoch seconds. */
  readonly time: number;
  /** When the bus took it, in epoch milliseconds: the age of a delivery counts from here. */
  readonly ingestedAt: number;
  /** Over how many buses it has come; an event is passed on to one more bus only. */
  readonly hops: number;
  readonly replayed: boolean;
}

/** What PutEvents gives for one event, checked. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detailText: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
  /** Epoch seconds. */
  readonly time: number;
}

const BEFORE_RESOURCES = '","resources":[';

/** Wraps an entry in the envelope, its members in AWS's order. */
export function newEvent(entry: EventEntry, id: string, account: Account, ingestedAt: number): BusEvent {
  const head = {
    version: '0',
    id,
    'detail-type': entry.detailType,
    source: entry.source,
    account: account.id,
    time: isoSeconds(entry.time),
    region: account.region,
    resources: entry.resources,
  };
  return {
    id,
    // The detail goes in as the publisher wrote it: no number loses a digit, and nothing is written twice.
    text: `${JSON.stringify(head).slice(0, -1)},"detail":${entry.detailText}}`,
    envelope: { ...head, detail: entry.detail },
    source: entry.source,
    detailType: entry.detailType,
    time: entry.time,
    ingestedAt,
    hops: 0,
    replayed: false,
  };
}

/** Reads back an event that was kept as text. */
export function storedEvent(text: string, ingestedAt: number, hops: number): BusEvent {
  const envelope = JSON.parse(text) as JsonObject;
  return {
    id: String(envelope['id']),
    text,
    envelope,
    source: String(envelope['source']),
    detailType: String(envelope['detail-type']),
    time: Math.floor(Date.parse(String(envelope['time'])) / 1000),
    ingestedAt,
    hops,
    replayed: envelope['replay-name'] !== undefined,
  };
}

/** The text of an archived event with the name of its replay, which stands between region and resources. */
export function withReplayName(text: string, replay: string): string {
  // No text inside the event can hold this: its quotes would be escaped.
  const at = text.indexOf(BEFORE_RESOURCES);
  return `${text.slice(0, at)}","replay-name":${JSON.stringify(replay)},"resources":[${text.slice(at + BEFORE_RESOURCES.length)}`;
}

/** Epoch seconds as events write them: no fraction, UTC. */
export function isoSeconds(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
}
