import type { Metadata } from '@payments/schemas';
import { type Incoming, queueMessageOf } from '@payments/stage-kit';
import type { Repetition, Repetitions, StageQueues } from './ports.ts';
import { CONSUMERS, isOwnReplay } from './replay-windows.ts';
import type { SideEvent } from './sides-of-event.ts';

type Event = Incoming<SideEvent['event']>;

/**
 * Picks the events that reconciliation's own replays are for, and gives them to their stage. All others of such a replay
 * are neighbours in the archive, and nothing is done with them.
 *
 * @returns what reconciliation is to hear itself: all that is no part of a replay of its own, and what it had missed
 * @throws DomainError when it is not known now what a replay is for, or a queue does not take a message
 */
export async function repeatEvents(
  incoming: readonly Event[],
  ports: { readonly repetitions: Repetitions; readonly queues: StageQueues },
): Promise<ReadonlySet<Event>> {
  const heard = new Set<Event>();
  for (const [name, events] of Map.groupBy(incoming, ({ replayedBy }) => replayedBy)) {
    const repetition = isOwnReplay(name) ? await ports.repetitions.find(name) : undefined;
    const meant = repetition === undefined ? events : picked(events, repetition);
    const stage = repetition?.window.stage ?? 'reconcile';
    if (stage === 'reconcile') for (const each of meant) heard.add(each);
    else for (const message of messagesOf(meant)) await ports.queues.send(stage, message);
  }
  return heard;
}

function picked(events: readonly Event[], { window, transactionIds }: Repetition): Event[] {
  const wanted = new Set(transactionIds);
  const isFor = ({ event }: Event): boolean =>
    window.stage === 'reconcile' || CONSUMERS[event] === window.stage;
  return events.filter((each) => wanted.has(each.record.transactionId) && isFor(each));
}

/** Records that came in one event go in one message. */
function messagesOf(events: readonly Event[]): string[] {
  const byEvent = Map.groupBy(events, ({ metadata }): Metadata => metadata);
  return [...byEvent].flatMap(([metadata, [first, ...others]]) =>
    first === undefined
      ? []
      : queueMessageOf({
          event: first.event,
          metadata,
          records: [first, ...others].map(({ record }) => record),
        }),
  );
}
