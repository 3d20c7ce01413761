import type { ArchivePage } from '@payments/local-cloud';
import type { Connection } from './connection.ts';
import type { JsonRecord } from './transaction-rows.ts';

/** An event as the bus gave it to its archive. */
export interface ArchivedEvent {
  readonly source: string;
  readonly 'detail-type': string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly detail: {
    readonly metadata?: {
      readonly eventId?: string;
      readonly producedBy?: string;
      readonly producedAt?: string;
      readonly causationId?: string;
    };
    readonly records?: readonly JsonRecord[];
  };
}

/**
 * The archived events of the local cloud whose text holds something, oldest first. An archive on AWS cannot be read.
 *
 * @param text as it stands in the event's JSON text: an id, for example
 */
export async function* archivedEvents(connection: Connection, text: string): AsyncGenerator<ArchivedEvent> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await archivePage(connection, text, after);
    yield* page.events as readonly unknown[] as readonly ArchivedEvent[];
    after = page.next;
  }
}

async function archivePage(connection: Connection, text: string, after: number): Promise<ArchivePage> {
  if (connection.cloud !== undefined) return connection.cloud.archivedEvents({ text, after });
  const query = new URLSearchParams({ text, after: String(after) });
  const answer = await fetch(`${connection.endpoint}/_local-cloud/archived-events?${query}`);
  if (!answer.ok) throw new Error(`the local cloud does not show its archive: ${await answer.text()}`);
  return (await answer.json()) as ArchivePage;
}
