import type { Store } from '../../core/store.ts';
import type { HistoryEvent } from './asl/history.ts';
import type { StateMachineType } from './state-machines.ts';

/** How many finished executions of an Express machine are kept: enough to see what fails, at no cost. */
export const EXPRESS_KEPT_MAX = 1000;
/** How long the name of a finished Standard execution stays taken, in milliseconds (90 days). */
export const STANDARD_KEPT_MS = 90 * 24 * 3600 * 1000;

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution as the store holds it; times are epoch milliseconds. */
export interface ExecutionRow {
  readonly seq: number;
  readonly arn: string;
  readonly machine: string;
  readonly type: StateMachineType;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly started_at: number;
  readonly stopped_at: number | null;
}

/** How an execution ended, as the store takes it. */
export interface Ending {
  readonly status: ExecutionStatus;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly stoppedAt: number;
}

/** How many executions of a machine ended in which way. */
export type ExecutionCounts = Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, number>>;

/** The executions in the store: those that run or wait for their turn (both RUNNING) and those that are kept. */
export class ExecutionStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      `CREATE TABLE IF NOT EXISTS states_executions (
         seq INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, type TEXT NOT NULL,
         name TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
         started_at INTEGER NOT NULL, stopped_at INTEGER
       ) STRICT;
       CREATE INDEX IF NOT EXISTS states_executions_by_machine ON states_executions (machine, status, seq);
       CREATE TABLE IF NOT EXISTS states_histories (arn TEXT PRIMARY KEY, events TEXT NOT NULL) STRICT;
       CREATE TABLE IF NOT EXISTS states_counts (
         machine TEXT NOT NULL, status TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (machine, status)
       ) STRICT, WITHOUT ROWID`,
    );
  }

  /** Keeps an execution that is to run. */
  insert(
    row: Pick<ExecutionRow, 'arn' | 'machine' | 'type' | 'name' | 'input'> & { readonly startedAt: number },
  ): void {
    this.#store.run(
      `INSERT INTO states_executions (arn, machine, type, name, status, input, started_at)
       VALUES (?, ?, ?, ?, 'RUNNING', ?, ?)`,
      row.arn,
      row.machine,
      row.type,
      row.name,
      row.input,
      row.startedAt,
    );
  }

  get(arn: string): ExecutionRow | undefined {
    return this.#store.get<ExecutionRow>('SELECT * FROM states_executions WHERE arn = ?', arn);
  }

  /** What runs or waits, oldest first. */
  running(): readonly Pick<ExecutionRow, 'arn' | 'machine' | 'seq'>[] {
    return this.#store.all(
      `SELECT arn, machine, seq FROM states_executions WHERE status = 'RUNNING' ORDER BY seq`,
    );
  }

  /** The executions of a machine, newest first. */
  list(machine: string, status: string | undefined): readonly ExecutionRow[] {
    return this.#store.all<ExecutionRow>(
      'SELECT * FROM states_executions WHERE machine = ? AND (? IS NULL OR status = ?) ORDER BY seq DESC',
      machine,
      status ?? null,
      status ?? null,
    );
  }

  /** Writes how an execution ended. */
  end(arn: string, ending: Ending): void {
    this.#store.run(
      `UPDATE states_executions SET status = ?, output = ?, error = ?, cause = ?, stopped_at = ?
       WHERE arn = ?`,
      ending.status,
      ending.output ?? null,
      ending.error ?? null,
      ending.cause ?? null,
      ending.stoppedAt,
      arn,
    );
  }

  /** Counts an ended execution of a machine. */
  count(machine: string, status: ExecutionStatus): void {
    this.#store.run(
      `INSERT INTO states_counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1`,
      machine,
      status,
    );
  }

  counts(machine: string): ExecutionCounts {
    const counts = { SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 };
    const rows = this.#store.all<{ status: keyof typeof counts; count: number }>(
      'SELECT status, count FROM states_counts WHERE machine = ?',
      machine,
    );
    for (const { status, count } of rows) counts[status] = count;
    return counts;
  }

  remove(arn: string): void {
    this.#store.run('DELETE FROM states_executions WHERE arn = ?', arn);
    this.#store.run('DELETE FROM states_histories WHERE arn = ?', arn);
  }

  /** Drops the row of an execution that has no history and is not kept. */
  drop(arn: string): void {
    this.#store.run('DELETE FROM states_executions WHERE arn = ?', arn);
  }

  /** Removes the oldest ended executions of a machine beyond a number. */
  trim(machine: string, keep: number): void {
    const old = this.#store.all<{ arn: string }>(
      `SELECT arn FROM states_executions WHERE machine = ? AND status <> 'RUNNING'
       ORDER BY seq DESC LIMIT -1 OFFSET ?`,
      machine,
      keep,
    );
    for (const { arn } of old) this.remove(arn);
  }

  /** Removes the Standard executions that ended before a moment. */
  removeEndedBefore(epochMs: number): void {
    const old = `SELECT arn FROM states_executions WHERE type = 'STANDARD' AND stopped_at < ?`;
    this.#store.run(`DELETE FROM states_histories WHERE arn IN (${old})`, epochMs);
    this.#store.run(`DELETE FROM states_executions WHERE arn IN (${old})`, epochMs);
  }

  /** Removes everything of a machine. */
  removeMachine(machine: string): void {
    this.#store.run(
      'DELETE FROM states_histories WHERE arn IN (SELECT arn FROM states_executions WHERE machine = ?)',
      machine,
    );
    this.#store.run('DELETE FROM states_executions WHERE machine = ?', machine);
    this.#store.run('DELETE FROM states_counts WHERE machine = ?', machine);
  }

  keepHistory(arn: string, events: readonly HistoryEvent[]): void {
    this.#store.run('INSERT OR REPLACE INTO states_histories VALUES (?, ?)', arn, JSON.stringify(events));
  }

  history(arn: string): readonly HistoryEvent[] {
    const row = this.#store.get<{ events: string }>('SELECT events FROM states_histories WHERE arn = ?', arn);
    const events: readonly HistoryEvent[] = row === undefined ? [] : JSON.parse(row.events);
    return events;
  }
}
