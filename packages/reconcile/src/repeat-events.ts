import type { EventName, Metadata } from '@payments/schemas';
import type { RepeatedEvent, Repetition, Repetitions, StageQueues } from './ports.ts';
import { CONSUMERS, isOwnReplay } from './replay-windows.ts';

/** One record of an event, as far as it is looked at here. */
export interface IncomingRecord {
  readonly event: EventName;
  readonly record: { readonly transactionId: string };
  readonly metadata: Metadata;
  /** The replay that it came with from the archive. */
  readonly replayedBy?: string;
}

/**
 * Picks the events that reconciliation's own replays are for, and gives them to their stage. All others of such a replay
 * are neighbours in the archive, and nothing is done with them.
 *
 * @returns what reconciliation is to hear itself: all that is no part of a replay of its own, and what it had missed
 * @throws DomainError when it is not known now what a replay is for, or a queue does not take a message
 */
export async function repeatEvents<Incoming extends IncomingRecord>(
  incoming: readonly Incoming[],
  ports: { readonly repetitions: Repetitions; readonly queues: StageQueues },
): Promise<ReadonlySet<Incoming>> {
  const heard = new Set<Incoming>();
  for (const [name, records] of Map.groupBy(incoming, ({ replayedBy }) => replayedBy)) {
    const repetition = isOwnReplay(name) ? await ports.repetitions.find(name) : undefined;
    const meant = repetition === undefined ? records : picked(records, repetition);
    const stage = repetition?.window.stage ?? 'reconcile';
    if (stage === 'reconcile') for (const each of meant) heard.add(each);
    else for (const event of eventsOf(meant)) await ports.queues.send(stage, event);
  }
  return heard;
}

function picked<Incoming extends IncomingRecord>(
  records: readonly Incoming[],
  { window, transactionIds }: Repetition,
): Incoming[] {
  const wanted = new Set(transactionIds);
  return records.filter(
    ({ event, record }) =>
      wanted.has(record.transactionId) && (window.stage === 'reconcile' || CONSUMERS[event] === window.stage),
  );
}

/** Records that came in one event go on in one. */
function eventsOf(records: readonly IncomingRecord[]): RepeatedEvent[] {
  return [...Map.groupBy(records, ({ metadata }) => metadata)].flatMap(([metadata, together]) => {
    const [first] = together;
    return first === undefined
      ? []
      : [{ event: first.event, metadata, records: together.map(({ record }) => record) }];
  });
}
