/** About 20 MB of rows at most. */
const ROWS_MAX = 20_000;

/**
 * Remembers the items of the reference table by their ids, and that there is none: in a version nothing ever changes.
 * Forgets what was put first when it is full.
 */
export class RowCache {
  readonly #rows = new Map<string, unknown>();
  readonly #rowsMax: number;

  constructor(rowsMax = ROWS_MAX) {
    this.#rowsMax = rowsMax;
  }

  /** @returns the row, or that there is none, in an object; undefined when nothing is known */
  get(id: string): { readonly row: unknown } | undefined {
    return this.#rows.has(id) ? { row: this.#rows.get(id) } : undefined;
  }

  /** @param row undefined where there is none */
  put(id: string, row: unknown): void {
    this.#rows.delete(id);
    if (this.#rows.size >= this.#rowsMax) {
      const [oldest] = this.#rows.keys();
      if (oldest !== undefined) this.#rows.delete(oldest);
    }
    this.#rows.set(id, row);
  }
}
