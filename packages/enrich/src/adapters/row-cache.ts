import type { Clock } from '../ports.ts';
import type { ReferenceKey } from '../reference-rows.ts';

/** About 20 MB of rows at most. */
const ROWS_MAX = 20_000;

/** That there is no row is believed for a shorter time: a new card should be known at once. */
const ABSENT_SECONDS_MAX = 5;

const MILLISECONDS = 1000;

interface Entry {
  readonly row: unknown;
  readonly until: number;
}

/** Remembers rows, and that there is none, for a while. Forgets what was put first when it is full. */
export class RowCache {
  readonly #entries = new Map<ReferenceKey, Entry>();
  readonly #clock: Clock;
  readonly #seconds: number;
  readonly #rowsMax: number;

  /** @param seconds how long a row may be used again; zero remembers nothing */
  constructor(clock: Clock, seconds: number, rowsMax = ROWS_MAX) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#rowsMax = rowsMax;
  }

  /** @returns the row, or that there is none, in an object; undefined when nothing is known */
  get(key: ReferenceKey): { readonly row: unknown } | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#clock.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  /** @param row undefined where there is none */
  put(key: ReferenceKey, row: unknown): void {
    const seconds = row === undefined ? Math.min(this.#seconds, ABSENT_SECONDS_MAX) : this.#seconds;
    if (seconds === 0) return;
    this.#entries.delete(key);
    if (this.#entries.size >= this.#rowsMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { row, until: this.#clock.now() + seconds * MILLISECONDS });
  }
}
