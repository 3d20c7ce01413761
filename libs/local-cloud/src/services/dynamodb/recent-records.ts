import type { StreamRecord } from '../../core/seams.ts';

/** How much of one stream is kept, by the records' `SizeBytes`; as objects it is several times as much. */
const BYTES_MAX = 8 * 1024 * 1024;

interface Kept {
  readonly sequence: number;
  readonly at: number;
  readonly size: number;
  readonly record: StreamRecord;
}

/**
 * The end of a stream, so that consumers that keep up neither read the store nor parse what was just written.
 * It has no gaps: from its first record on it holds all that the store does.
 */
export class RecentRecords {
  #kept: Kept[] = [];
  #bytes = 0;

  add(kept: Kept): void {
    this.#kept.push(kept);
    this.#bytes += kept.size;
    if (this.#bytes > BYTES_MAX) this.#drop(Math.ceil(this.#kept.length / 2));
  }

  /**
   * The records after a sequence number, oldest first.
   *
   * @param since the age limit, in epoch milliseconds
   * @returns undefined when only the store knows
   */
  read(after: number, since: number, limit: number): StreamRecord[] | undefined {
    const first = this.#kept[0];
    if (first === undefined || after < first.sequence - 1 || first.at < since) return undefined;
    const start = this.#firstAfter(after);
    return this.#kept.slice(start, start + limit).map(({ record }) => record);
  }

  /** Forgets the records up to a sequence number. */
  release(upTo: number): void {
    this.#drop(this.#firstAfter(upTo));
  }

  clear(): void {
    this.#kept = [];
    this.#bytes = 0;
  }

  #firstAfter(sequence: number): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#kept[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(count: number): void {
    for (const { size } of this.#kept.splice(0, count)) this.#bytes -= size;
  }
}
