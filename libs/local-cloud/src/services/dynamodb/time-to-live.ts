import type { ServiceContext } from '../../core/seams.ts';
import { keyOfItem } from './item-key.ts';
import { applyWrite } from './item-write.ts';
import type { Table, TableCatalog } from './table-catalog.ts';

/** AWS promises "within a few days"; ten minutes let one see it on a laptop and cost nothing. */
const SWEEP_INTERVAL_MS = 10 * 60 * 1000;
const ITEMS_PER_SWEEP = 1_000;
/** Items that expired longer ago than this are kept (developer guide, "Using time to live"). */
const EXPIRED_TOO_LONG_SECONDS = 5 * 365 * 24 * 60 * 60;

/**
 * Deletes expired items now and then, best effort, as DynamoDB does. Sweeping goes on for ever and is therefore
 * no outstanding work; it is scheduled only while some table has a time to live. These deletions are not billed.
 */
export class TimeToLive {
  readonly #context: ServiceContext;
  readonly #tables: TableCatalog;
  #cancel: (() => void) | undefined;

  constructor(context: ServiceContext, tables: TableCatalog) {
    this.#context = context;
    this.#tables = tables;
  }

  /** Begins or ends sweeping, whichever the tables now ask for. */
  reschedule(): void {
    const isWanted = this.#swept().length > 0;
    if (isWanted && this.#cancel === undefined) this.#schedule();
    if (!isWanted) {
      this.#cancel?.();
      this.#cancel = undefined;
    }
  }

  /** Deletes what has expired by now; gives how many items that were. */
  sweep(): number {
    const now = Math.floor(this.#context.runtime.now() / 1000);
    let deleted = 0;
    for (const table of this.#swept()) {
      for (const old of table.items.expired(now - EXPIRED_TOO_LONG_SECONDS, now, ITEMS_PER_SWEEP)) {
        const key = keyOfItem(old.item, table.definition.key);
        const located = { key, touched: undefined, next: () => undefined };
        applyWrite({ table, located, old, next: undefined }, this.#tables.streams, true);
        deleted += 1;
      }
    }
    this.#tables.streams.wake();
    return deleted;
  }

  #swept(): Table[] {
    return [...this.#tables.all()].filter((table) => table.definition.ttlAttribute !== undefined);
  }

  #schedule(): void {
    this.#cancel = this.#context.runtime.schedule({
      name: 'dynamodb-time-to-live',
      delayMs: SWEEP_INTERVAL_MS,
      run: () => {
        this.#cancel = undefined;
        this.sweep();
        this.#tables.streams.trim();
        this.reschedule();
      },
    });
  }
}
