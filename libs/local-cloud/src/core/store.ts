import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** How long work that somebody waits for may wait to be committed together with what comes next, in milliseconds. */
const AWAITED_COMMIT_MS = 5;
/** The same for work that nobody waits for: a killed process loses at most the last of it, all services together. */
const GROUP_COMMIT_MS = 250;
/** How long a store that another process has is waited for, in milliseconds. */
const LOCK_TIMEOUT_MS = 10_000;

/** Another process has the store open. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor(path: string, cause: unknown) {
    super(`${path} is in use by another process, or is no store of the local cloud`, { cause });
  }
}

type Row = Record<string, null | number | bigint | string | Uint8Array>;

/**
 * The one durable store of the local cloud. Every service keeps its state in tables of this one SQLite
 * database, so that a crash takes the whole cloud back to one earlier moment: all services together, never
 * one without the other. Writes are committed in groups; `flushed()` waits for the commit, which an answer
 * to somebody outside this process must do and an answer inside need not.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #rolledBack: (() => void)[] = [];
  #open = false;
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  /** @param path the database file, or `:memory:` for a store that lives as long as the process */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
    try {
      // One process has a data directory at a time; another one waits a little and then is told.
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    } catch (cause) {
      throw new StoreInUseError(path, cause);
    }
    // What is committed outlives the process, and not a power cut: nothing waits for the disk.
    this.#database.exec('PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;');
    this.#database.exec('PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 50000;');
  }

  /** Creates tables and indexes; every statement says `IF NOT EXISTS`. */
  define(sql: string): void {
    this.#begin();
    this.#database.exec(sql);
  }

  /** Runs a statement that changes rows; gives how many it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    this.#begin();
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** The first row that a query finds. */
  get<T extends object = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  /** All rows that a query finds. */
  all<T extends object = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  /** Does all or nothing of what `work` writes. `work` is synchronous and may nest. */
  atomically<T>(work: () => T): T {
    this.#begin();
    this.#database.exec('SAVEPOINT work');
    try {
      const result = work();
      this.#database.exec('RELEASE work');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK TO work; RELEASE work');
      for (const hear of this.#rolledBack) hear();
      throw error;
    }
  }

  /** Calls `hear` whenever something written was taken back: who remembers what the store holds has to forget it. */
  onRollback(hear: () => void): void {
    this.#rolledBack.push(hear);
  }

  /** Resolves when all that was written before is committed. */
  flushed(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    if (this.#waiting.length === 0) this.#commitIn(AWAITED_COMMIT_MS);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Commits what is open and closes the file. */
  close(): void {
    this.#commit();
    this.#statements.clear();
    this.#database.close();
  }

  #begin(): void {
    if (this.#open) return;
    this.#database.exec('BEGIN');
    this.#open = true;
    this.#commitIn(GROUP_COMMIT_MS);
  }

  #commitIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#commit(), delayMs);
    this.#timer.unref();
  }

  #commit(): void {
    clearTimeout(this.#timer);
    if (!this.#open) return;
    this.#database.exec('COMMIT');
    this.#open = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
