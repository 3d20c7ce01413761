import type { StoredKey } from './item-key.ts';
import type { StoredItem } from './item-table.ts';

/** How much of one table is kept, by the size that DynamoDB counts; as objects it is several times as much. */
const BYTES_MAX = 8 * 1024 * 1024;

/** What an item is called here; nothing for a binary key, whose items are not kept. */
export function recentName({ hash, range }: StoredKey): string | undefined {
  if (typeof hash !== 'string' || typeof range !== 'string') return undefined;
  return `${hash.length}:${hash}${range}`;
}

/**
 * The items of a table that were read or changed last, the longest unused first: an item that is changed again
 * and again is read from the store and parsed once. It holds nothing that the store does not.
 */
export class RecentItems {
  readonly #items = new Map<string, StoredItem>();
  #bytes = 0;

  get(name: string): StoredItem | undefined {
    const item = this.#items.get(name);
    if (item === undefined) return undefined;
    this.#items.delete(name);
    this.#items.set(name, item);
    return item;
  }

  put(name: string, item: StoredItem): void {
    this.remove(name);
    this.#items.set(name, item);
    this.#bytes += item.size;
    for (const [oldest] of this.#items) {
      if (this.#bytes <= BYTES_MAX) return;
      this.remove(oldest);
    }
  }

  remove(name: string): void {
    const item = this.#items.get(name);
    if (item === undefined) return;
    this.#items.delete(name);
    this.#bytes -= item.size;
  }

  clear(): void {
    this.#items.clear();
    this.#bytes = 0;
  }
}
