import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ServiceContext } from '../../core/seams.ts';
import type { Archive, Bus } from './bus-directory.ts';
import type { BusEvent } from './bus-event.ts';
import { optionalNumber } from './request-member.ts';

/** Events smaller than this are kept as they are: compressing them costs more than it saves. */
const COMPRESSED_FROM_CHARACTERS = 4096;
/** How often events past their retention are looked for, at most. */
const EXPIRY_INTERVAL_MS = 3_600_000;

/** Where a reader of an archive stands: events come minute by minute of their time. */
export interface ArchivePosition {
  readonly minute: number;
  readonly sequence: number;
}

export interface ArchivedEvent {
  readonly position: ArchivePosition;
  readonly time: number;
  readonly text: string;
}

/** The events that archives keep, in the store. */
export class ArchivedEvents {
  readonly #context: ServiceContext;
  #nextExpiry = 0;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(`CREATE TABLE IF NOT EXISTS events_archived (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, minute INTEGER NOT NULL,
        time INTEGER NOT NULL, bytes INTEGER NOT NULL, event NOT NULL);
      CREATE INDEX IF NOT EXISTS events_archived_by_minute ON events_archived (archive, minute, sequence)`);
  }

  /** Keeps an event in the archives of its bus that want it; a replayed event is not archived again. */
  keep(bus: Bus, event: BusEvent): void {
    if (event.replayed || bus.archives.size === 0) return;
    for (const archive of bus.archives.values()) {
      if (archive.pattern?.matches(event.envelope) === false) continue;
      const large = event.text.length >= COMPRESSED_FROM_CHARACTERS;
      const bytes = Buffer.byteLength(event.text);
      this.#context.store.run(
        'INSERT INTO events_archived (archive, minute, time, bytes, event) VALUES (?, ?, ?, ?, ?)',
        archive.name,
        Math.floor(event.time / 60),
        event.time,
        bytes,
        large ? zstdCompressSync(event.text) : event.text,
      );
      this.#context.bill('events:archive-bytes', bytes);
    }
    this.#expire(bus);
  }

  /** Events with a time between the two (epoch seconds, both inclusive) after a position, in order of minutes. */
  read(
    archive: Archive,
    from: number,
    to: number,
    after: ArchivePosition | undefined,
    limit: number,
  ): ArchivedEvent[] {
    const rows = this.#context.store.all<{
      sequence: number;
      minute: number;
      time: number;
      event: string | Uint8Array;
    }>(
      `SELECT sequence, minute, time, event FROM events_archived
       WHERE archive = ? AND (minute, sequence) > (?, ?) AND minute <= ? AND time BETWEEN ? AND ?
       ORDER BY minute, sequence LIMIT ?`,
      archive.name,
      after?.minute ?? Math.floor(from / 60) - 1,
      after?.sequence ?? Number.MAX_SAFE_INTEGER,
      Math.floor(to / 60),
      Math.max(from, this.#oldestKept(archive)),
      to,
      limit,
    );
    return rows.map(({ sequence, minute, time, event }) => ({
      position: { minute, sequence },
      time,
      text: typeof event === 'string' ? event : zstdDecompressSync(event).toString('utf8'),
    }));
  }

  /** How many events an archive holds, and their size in bytes. */
  size(archive: Archive): { readonly count: number; readonly bytes: number } {
    const row = this.#context.store.get<{ count: number; bytes: number | null }>(
      'SELECT count(*) AS count, sum(bytes) AS bytes FROM events_archived WHERE archive = ? AND time >= ?',
      archive.name,
      this.#oldestKept(archive),
    );
    return { count: row?.count ?? 0, bytes: row?.bytes ?? 0 };
  }

  remove(archive: Archive): void {
    this.#context.store.run('DELETE FROM events_archived WHERE archive = ?', archive.name);
  }

  /** The time of the oldest event that retention still allows, in epoch seconds. */
  #oldestKept(archive: Archive): number {
    const days = optionalNumber(archive.definition, 'RetentionDays') ?? 0;
    return days === 0 ? 0 : Math.floor(this.#context.runtime.now() / 1000) - days * 86_400;
  }

  #expire(bus: Bus): void {
    const now = this.#context.runtime.now();
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = now + EXPIRY_INTERVAL_MS;
    for (const archive of bus.archives.values()) {
      const sql = 'DELETE FROM events_archived WHERE archive = ? AND minute < ?';
      this.#context.store.run(sql, archive.name, Math.floor(this.#oldestKept(archive) / 60));
    }
  }
}
