import type { Store } from '../../core/store.ts';
import { attributeOf, type Item, type MeasuredItem, type TypeName, typeOf } from './attribute-value.ts';
import { invalidParameter, validationError } from './dynamodb-error.ts';
import { NO_RANGE, type StoredKey, type StoredKeyPart, storedKeyPart } from './item-key.ts';
import { RecentItems, recentName } from './recent-items.ts';
import {
  type IndexDefinition,
  type KeyAttribute,
  keyAttributes,
  type TableDefinition,
} from './table-definition.ts';

type ColumnValue = StoredKeyPart | number | null;

interface ItemRow {
  readonly id: number;
  readonly item: string;
  readonly size: number;
}

interface StoredColumns {
  readonly pk: StoredKeyPart;
  readonly sk: StoredKeyPart;
}

/** An item as it lies in the store; its JSON text is parsed only when somebody looks inside. */
export class StoredItem {
  readonly id: number;
  readonly text: string;
  readonly size: number;
  /** What it is called among the recent items of its table. */
  readonly name: string | undefined;
  #item: Item | undefined;

  constructor(row: ItemRow, name?: string, item?: Item) {
    this.id = row.id;
    this.text = row.item;
    this.size = row.size;
    this.name = name;
    this.#item = item;
  }

  get item(): Item {
    this.#item ??= JSON.parse(this.text) as Item;
    return this.#item;
  }
}

/**
 * The items of one table: one SQL table, one row an item. Each secondary index is a pair of columns with an SQL
 * index over the rows that have both, so that the store keeps it up to date by itself.
 */
export class ItemTable {
  readonly definition: TableDefinition;
  readonly keyAttributes: readonly KeyAttribute[];
  readonly sqlName: string;
  readonly #store: Store;
  readonly #get: string;
  readonly #insert: string;
  readonly #update: string;
  readonly #updateText: string;
  readonly #delete: string;
  readonly #recent = new RecentItems();

  constructor(store: Store, definition: TableDefinition) {
    this.#store = store;
    this.definition = definition;
    this.keyAttributes = keyAttributes(definition.key);
    const table = `ddb_items_${definition.number}`;
    this.sqlName = table;
    const columns = ['item', 'size', 'expires'];
    for (const index of definition.indexes.keys()) columns.push(hashColumn(index), rangeColumn(index));
    this.#get = `SELECT id, item, size FROM ${table} WHERE pk = ? AND sk = ?`;
    this.#insert = `INSERT INTO ${table} (pk, sk, ${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(columns.length)})`;
    this.#update = `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
    this.#updateText = `UPDATE ${table} SET item = ?, size = ? WHERE id = ?`;
    this.#delete = `DELETE FROM ${table} WHERE id = ?`;
    store.onRollback(() => this.#recent.clear());
  }

  /** Makes the SQL table; harmless when it is there. */
  define(): void {
    const indexes = this.definition.indexes;
    const columns = indexes.map((_, index) => `, ${hashColumn(index)}, ${rangeColumn(index)}`).join('');
    const table = this.sqlName;
    this.#store.define(
      `CREATE TABLE IF NOT EXISTS ${table}
         (id INTEGER PRIMARY KEY, pk, sk, item TEXT, size INTEGER, expires INTEGER${columns}, UNIQUE (pk, sk));
       CREATE INDEX IF NOT EXISTS ${table}_expires ON ${table} (expires) WHERE expires IS NOT NULL;`,
    );
    for (const index of indexes.keys()) {
      this.#store.define(
        `CREATE INDEX IF NOT EXISTS ${table}_x${index}
           ON ${table} (${hashColumn(index)}, ${rangeColumn(index)}, pk, sk) WHERE ${hashColumn(index)} IS NOT NULL;`,
      );
    }
  }

  drop(): void {
    this.#store.define(`DROP TABLE IF EXISTS ${this.sqlName}`);
  }

  get(key: StoredKey): StoredItem | undefined {
    const name = recentName(key);
    const recent = name === undefined ? undefined : this.#recent.get(name);
    if (recent !== undefined) return recent;
    const row = this.#store.get<ItemRow>(this.#get, key.hash, key.range);
    if (row === undefined) return undefined;
    const found = new StoredItem(row, name);
    if (name !== undefined) this.#recent.put(name, found);
    return found;
  }

  insert(key: StoredKey, { item, size }: MeasuredItem, text: string): void {
    this.#store.run(this.#insert, key.hash, key.range, text, size, ...this.#columns(item));
  }

  update(old: StoredItem, { item, size }: MeasuredItem, text: string): void {
    const { id, name } = old;
    const columns = this.#columns(item);
    const before = this.#columns(old.item);
    // SQLite writes an index anew for every column that is named, changed or not.
    if (columns.every((column, index) => column === before[index])) {
      this.#store.run(this.#updateText, text, size, id);
    } else this.#store.run(this.#update, text, size, ...columns, id);
    if (name !== undefined) this.#recent.put(name, new StoredItem({ id, item: text, size }, name, item));
  }

  delete({ id, name }: StoredItem): void {
    this.#store.run(this.#delete, id);
    if (name !== undefined) this.#recent.remove(name);
  }

  /** How many items there are and how large they are together. */
  measure(): { readonly count: number; readonly bytes: number } {
    const row = this.#store.get<{ count: number; bytes: number }>(
      `SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM ${this.sqlName}`,
    );
    return row ?? { count: 0, bytes: 0 };
  }

  /** Items whose time to live has passed, given as epoch seconds. */
  expired(after: number, before: number, limit: number): StoredItem[] {
    return this.#store
      .all<ItemRow & StoredColumns>(
        `SELECT id, item, size, pk, sk FROM ${this.sqlName}
         WHERE expires IS NOT NULL AND expires > ? AND expires < ? ORDER BY expires LIMIT ?`,
        after,
        before,
        limit,
      )
      .map((row) => new StoredItem(row, recentName({ hash: row.pk, range: row.sk })));
  }

  /** Works out the expiry and index columns of every item anew, after the definition has changed. */
  rebuildColumns(): void {
    const next = `SELECT id, item, size FROM ${this.sqlName} WHERE id > ? ORDER BY id LIMIT 500`;
    for (let last = 0; ; ) {
      const rows = this.#store.all<ItemRow>(next, last);
      for (const row of rows) {
        const columns = this.#columns(JSON.parse(row.item) as Item);
        this.#store.run(this.#update, row.item, row.size, ...columns, row.id);
        last = row.id;
      }
      if (rows.length === 0) return;
    }
  }

  #expires(item: Item): number | null {
    const name = this.definition.ttlAttribute;
    const number = name === undefined ? undefined : attributeOf(item, name)?.N;
    return number === undefined ? null : Math.trunc(Number(number));
  }

  /** When the item expires, and its place in each index. */
  #columns(item: Item): ColumnValue[] {
    const columns: ColumnValue[] = [this.#expires(item)];
    for (const index of this.definition.indexes) {
      const hash = attributeOf(item, index.key.hash.name);
      const range = index.key.range && attributeOf(item, index.key.range.name);
      if (hash === undefined || (index.key.range !== undefined && range === undefined)) {
        columns.push(null, null);
      } else columns.push(storedKeyPart(hash), range === undefined ? NO_RANGE : storedKeyPart(range));
    }
    return columns;
  }
}

export function hashColumn(index: number): string {
  return `x${index}h`;
}

export function rangeColumn(index: number): string {
  return `x${index}r`;
}

/** An attribute that an index has as its key, with a value that it cannot be. */
export interface IndexKeyFault {
  readonly index: IndexDefinition;
  readonly attribute: KeyAttribute;
  readonly actual: TypeName;
}

/** The first index key attribute that has another type than the index says, or is empty. */
export function indexKeyFault(item: Item, indexes: readonly IndexDefinition[]): IndexKeyFault | undefined {
  for (const index of indexes) {
    for (const attribute of [index.key.hash, index.key.range]) {
      const value = attribute && attributeOf(item, attribute.name);
      if (attribute === undefined || value === undefined) continue;
      const actual = typeOf(value);
      if (actual !== attribute.type || value.S === '' || value.B === '') return { index, attribute, actual };
    }
  }
  return undefined;
}

/** The error of a PutItem for such a fault. */
export function indexKeyError({ index, attribute, actual }: IndexKeyFault): Error {
  if (actual !== attribute.type) {
    return invalidParameter(
      `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${actual} IndexName: ${index.name}`,
    );
  }
  const kind = actual === 'S' ? 'string' : 'binary';
  return validationError(
    `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index.name}, IndexKey: ${attribute.name}`,
  );
}
