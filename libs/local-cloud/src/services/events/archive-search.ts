import { zstdDecompressSync } from 'node:zlib';
import type { JsonObject } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';

/** How many archived events are looked at for one page, so that a search leaves room for other work. */
const LOOKED_AT_MAX = 5000;

/** What is looked for in the archives. */
export interface ArchiveQuery {
  /** What an event must hold, as it stands in the event's JSON text: an id, for example. */
  readonly text: string;
  /** The `next` of the page before; 0 for the first page. */
  readonly after: number;
}

/** Some of the events that were found, oldest first. */
export interface ArchivePage {
  /** Whole events, in their envelopes. An event that two archives keep is found twice. */
  readonly events: readonly JsonObject[];
  /** Where the next page begins; absent when this is the last. */
  readonly next?: number;
}

/**
 * Looks through the events of all archives, some at a time; a page may hold none and still not be the last. AWS
 * has no such operation: there, an archive can only be replayed.
 */
export function searchArchives(store: Store, { text, after }: ArchiveQuery): ArchivePage {
  const last = store.get<{ last: number | null }>('SELECT max(sequence) AS last FROM events_archived')?.last;
  const to = after + LOOKED_AT_MAX;
  // Large events are compressed; whether they hold the text is seen when they are not.
  const rows = store.all<{ event: string | Uint8Array }>(
    `SELECT event FROM events_archived
     WHERE sequence > ? AND sequence <= ? AND (typeof(event) = 'blob' OR instr(event, ?) > 0) ORDER BY sequence`,
    after,
    to,
    text,
  );
  const events = rows
    .map(({ event }) => (typeof event === 'string' ? event : zstdDecompressSync(event).toString('utf8')))
    .filter((event) => event.includes(text))
    .map((event) => JSON.parse(event) as JsonObject);
  return { events, ...(to < (last ?? 0) ? { next: to } : {}) };
}

/** Reads a query as a route gives it: `text` and, after the first page, `after`. */
export function archiveQueryOf(query: Readonly<Record<string, string>>): ArchiveQuery | undefined {
  const after = Number(query['after'] ?? 0);
  const text = query['text'] ?? '';
  return text === '' || !Number.isSafeInteger(after) || after < 0 ? undefined : { text, after };
}
