import type { Store } from '../../core/store.ts';

/** A batch that has failed and is to be tried again, so that a restart goes on with the very same one. */
export interface FailingBatch {
  /** The last sequence number that the batch covers. */
  readonly upTo: string;
  /** The records that are left of it. */
  readonly left: readonly string[];
  /** How often it was tried again. */
  readonly retries: number;
}

/** Where a pipe stands in its stream. */
export interface Progress {
  /** Everything up to this sequence number is done; nothing means from the oldest record. */
  readonly position: string | undefined;
  readonly failing: FailingBatch | undefined;
}

/** The positions of pipes in their streams, in the store. */
export class PipeProgress {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`CREATE TABLE IF NOT EXISTS pipes_progress (
      pipe TEXT PRIMARY KEY, source TEXT NOT NULL, position TEXT, failing TEXT)`);
  }

  /** Says where a new pipe begins; a pipe that stands somewhere in this source already stays there. */
  begin(pipe: string, source: string, position: string | undefined): void {
    const row = this.#store.get<{ source: string }>('SELECT source FROM pipes_progress WHERE pipe = ?', pipe);
    if (row?.source === source) return;
    this.#store.run(
      'INSERT OR REPLACE INTO pipes_progress (pipe, source, position, failing) VALUES (?, ?, ?, NULL)',
      pipe,
      source,
      position ?? null,
    );
  }

  read(pipe: string): Progress {
    const row = this.#store.get<{ position: string | null; failing: string | null }>(
      'SELECT position, failing FROM pipes_progress WHERE pipe = ?',
      pipe,
    );
    return {
      position: row?.position ?? undefined,
      failing: typeof row?.failing === 'string' ? (JSON.parse(row.failing) as FailingBatch) : undefined,
    };
  }

  /** Everything up to a sequence number is done. */
  advance(pipe: string, position: string): void {
    this.#store.run('UPDATE pipes_progress SET position = ?, failing = NULL WHERE pipe = ?', position, pipe);
  }

  /** A batch has failed; `failing` is what comes next. */
  fail(pipe: string, failing: FailingBatch): void {
    this.#store.run('UPDATE pipes_progress SET failing = ? WHERE pipe = ?', JSON.stringify(failing), pipe);
  }

  remove(pipe: string): void {
    this.#store.run('DELETE FROM pipes_progress WHERE pipe = ?', pipe);
  }
}
