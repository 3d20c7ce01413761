import type { Runtime } from '../../core/runtime.ts';
import type { Store } from '../../core/store.ts';

/** How many events of one group are kept. */
const GROUP_EVENTS_MAX = 10_000;

/** After how many new events of a group the oldest are cleared away. */
const PRUNE_EVERY = 1000;

const DAY_MS = 86_400_000;

/** A log group. */
export interface LogGroup {
  readonly name: string;
  readonly retentionDays: number | undefined;
  readonly createdAt: number;
}

/** One event of a log. */
export interface LogEvent {
  readonly id: number;
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

interface GroupRow {
  name: string;
  retention_days: number | null;
  created_at: number;
}

/** What to look for in a group. */
export interface LogQuery {
  readonly group: string;
  readonly stream?: string | undefined;
  readonly from?: number | undefined;
  /** Up to and not including. */
  readonly to?: number | undefined;
  readonly afterId?: number | undefined;
  readonly limit: number;
}

/** The logs of the account, the newest events of each group. */
export class LogStore {
  readonly #runtime: Runtime;
  readonly #store: Store;
  readonly #written = new Map<string, number>();
  readonly #streams = new Set<string>();

  constructor(runtime: Runtime, store: Store) {
    this.#runtime = runtime;
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS log_groups (
        name TEXT PRIMARY KEY, retention_days INTEGER, created_at INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS log_streams (
        group_name TEXT NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL,
        PRIMARY KEY (group_name, name)) STRICT;
      CREATE TABLE IF NOT EXISTS log_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, group_name TEXT NOT NULL, stream TEXT NOT NULL,
        timestamp INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS log_events_group ON log_events (group_name, id);`);
  }

  putGroup(name: string, retentionDays: number | undefined): void {
    this.#store.run(
      `INSERT INTO log_groups VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET retention_days = excluded.retention_days`,
      name,
      retentionDays ?? null,
      this.#runtime.now(),
    );
  }

  removeGroup(name: string): void {
    this.#store.run('DELETE FROM log_groups WHERE name = ?', name);
    this.#store.run('DELETE FROM log_streams WHERE group_name = ?', name);
    this.#store.run('DELETE FROM log_events WHERE group_name = ?', name);
    this.#streams.clear();
  }

  findGroup(name: string): LogGroup | undefined {
    const row = this.#store.get<GroupRow>('SELECT * FROM log_groups WHERE name = ?', name);
    return row === undefined ? undefined : toGroup(row);
  }

  groups(prefix: string): LogGroup[] {
    return this.#store
      .all<GroupRow>(
        'SELECT * FROM log_groups WHERE substr(name, 1, length(?)) = ? ORDER BY name',
        prefix,
        prefix,
      )
      .map(toGroup);
  }

  /** @returns false when the stream was there already */
  addStream(group: string, stream: string): boolean {
    const key = `${group}\n${stream}`;
    if (this.#streams.has(key)) return false;
    this.#streams.add(key);
    const added = this.#store.run(
      'INSERT OR IGNORE INTO log_streams VALUES (?, ?, ?)',
      group,
      stream,
      this.#runtime.now(),
    );
    return added > 0;
  }

  hasStream(group: string, stream: string): boolean {
    const found = this.#store.get(
      'SELECT 1 FROM log_streams WHERE group_name = ? AND name = ?',
      group,
      stream,
    );
    return found !== undefined;
  }

  streams(group: string): string[] {
    return this.#store
      .all<{ name: string }>('SELECT name FROM log_streams WHERE group_name = ? ORDER BY name', group)
      .map((row) => row.name);
  }

  append(group: string, stream: string, timestamp: number, message: string): void {
    this.#store.run(
      'INSERT INTO log_events (group_name, stream, timestamp, message) VALUES (?, ?, ?, ?)',
      group,
      stream,
      timestamp,
      message,
    );
    const written = (this.#written.get(group) ?? 0) + 1;
    this.#written.set(group, written % PRUNE_EVERY);
    if (written === PRUNE_EVERY) this.#prune(group);
  }

  /** The events that a query finds, oldest first. */
  find(query: LogQuery): LogEvent[] {
    return this.#store.all<{ id: number; stream: string; timestamp: number; message: string }>(
      `SELECT id, stream, timestamp, message FROM log_events
        WHERE group_name = ? AND (? IS NULL OR stream = ?) AND timestamp >= ? AND timestamp < ? AND id > ?
        ORDER BY id LIMIT ?`,
      query.group,
      query.stream ?? null,
      query.stream ?? null,
      query.from ?? 0,
      query.to ?? Number.MAX_SAFE_INTEGER,
      query.afterId ?? 0,
      query.limit,
    );
  }

  #prune(group: string): void {
    const days = this.findGroup(group)?.retentionDays;
    const oldest = days === undefined ? 0 : this.#runtime.now() - days * DAY_MS;
    this.#store.run(
      `DELETE FROM log_events WHERE group_name = ? AND (timestamp < ? OR id <=
        (SELECT id FROM log_events WHERE group_name = ? ORDER BY id DESC LIMIT 1 OFFSET ?))`,
      group,
      oldest,
      group,
      GROUP_EVENTS_MAX,
    );
  }
}

function toGroup(row: GroupRow): LogGroup {
  return { name: row.name, retentionDays: row.retention_days ?? undefined, createdAt: row.created_at };
}
