import type { EventName } from '@payments/schemas';
import type { Incoming } from './record-outcome.ts';

/** What the bus gives a subscriber's queue of an event, as far as `openEvent` reads it. */
type Message = Pick<Incoming<EventName>, 'metadata'> & {
  readonly event: EventName;
  readonly records: readonly object[];
};

/**
 * Some records of an event as a message that a subscriber takes as if the bus had sent it: what `openEvent` takes apart.
 *
 * @returns the message's body
 */
export function queueMessageOf({ event, metadata, records }: Message): string {
  return JSON.stringify({ 'detail-type': event, detail: { metadata, records } });
}
