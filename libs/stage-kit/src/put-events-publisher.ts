import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { AwsContext } from './aws-context.ts';
import type { OutgoingEvent } from './envelope.ts';
import { PublishError } from './kit-error.ts';
import { packCalls } from './pack-records.ts';

/** How often an entry is offered to the bus before its records are given back to their source. */
export const PUBLISH_ATTEMPTS = 4;
/** The first pause before failed entries are offered again; it doubles. */
const PUBLISH_BACK_OFF_MS = 50;
/** How many PutEvents calls of one invocation run at a time. */
const PUBLISH_CONCURRENCY = 4;

/** Publishes events and says which of them the bus did not take. */
export interface Publisher {
  /** @returns the events that were refused after all attempts, each with its reason */
  publish(events: readonly OutgoingEvent[]): Promise<ReadonlyMap<OutgoingEvent, PublishError>>;
}

/**
 * Publishes through PutEvents. A call that answers 200 may have refused some of its entries
 * (`FailedEntryCount`): exactly those are offered again, a bounded number of times, and what remains is
 * reported, so that only the records in it come again.
 */
export class PutEventsPublisher implements Publisher {
  readonly #client: EventBridgeClient;
  readonly #busName: string;
  readonly #aws: AwsContext;

  constructor(aws: AwsContext, busName: string) {
    this.#client = new EventBridgeClient(aws.client);
    this.#busName = busName;
    this.#aws = aws;
  }

  async publish(events: readonly OutgoingEvent[]): Promise<ReadonlyMap<OutgoingEvent, PublishError>> {
    const refused = new Map<OutgoingEvent, PublishError>();
    const calls = packCalls(events);
    const next = async (): Promise<void> => {
      for (let call = calls.shift(); call !== undefined; call = calls.shift())
        await this.#offer(call, refused);
    };
    await Promise.all(Array.from({ length: Math.min(PUBLISH_CONCURRENCY, calls.length) }, next));
    return refused;
  }

  async #offer(call: readonly OutgoingEvent[], refused: Map<OutgoingEvent, PublishError>): Promise<void> {
    let remaining = call;
    for (let attempt = 1; remaining.length > 0; attempt += 1) {
      const failed = await this.#putEvents(remaining);
      if (failed.size === 0) return;
      if (attempt === PUBLISH_ATTEMPTS) {
        for (const [event, error] of failed) refused.set(event, error);
        return;
      }
      remaining = [...failed.keys()];
      await this.#aws.clock.sleep(PUBLISH_BACK_OFF_MS * 2 ** (attempt - 1));
    }
  }

  /** One PutEvents call; gives the entries that it did not accept. */
  async #putEvents(events: readonly OutgoingEvent[]): Promise<Map<OutgoingEvent, PublishError>> {
    const failed = new Map<OutgoingEvent, PublishError>();
    try {
      const { Entries = [] } = await this.#client.send(
        new PutEventsCommand({
          Entries: events.map(({ source, event, detail }) => ({
            EventBusName: this.#busName,
            Source: source,
            DetailType: event,
            Detail: detail,
          })),
        }),
      );
      events.forEach((event, index) => {
        const entry = Entries[index];
        if (entry?.EventId !== undefined) return;
        failed.set(
          event,
          new PublishError(event.event, entry?.ErrorCode ?? 'NoAnswer', entry?.ErrorMessage ?? ''),
        );
      });
    } catch (cause) {
      const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
      for (const event of events) failed.set(event, new PublishError(event.event, name, message));
    }
    return failed;
  }
}
