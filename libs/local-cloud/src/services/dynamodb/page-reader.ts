import type { Store } from '../../core/store.ts';
import type { StoredKeyPart } from './item-key.ts';
import { hashColumn, type ItemTable, rangeColumn, StoredItem } from './item-table.ts';
import type { RangeBound } from './key-condition.ts';

/** How many rows are fetched at once; a page can end at any of them. */
const ROWS_AT_ONCE = 128;

/** Where a page begins or goes on: the position of an item in a table or index. */
export interface Position {
  readonly hash: StoredKeyPart;
  readonly range: StoredKeyPart;
  /** The index's own key of the item, when it is read by an index. */
  readonly indexHash?: StoredKeyPart;
  readonly indexRange?: StoredKeyPart;
}

/** What to read and in which order. */
export interface Reading {
  /** The index's place in the table's definition, or nothing for the table itself. */
  readonly index: number | undefined;
  /** One partition, or all of them for a scan. */
  readonly partition: StoredKeyPart | undefined;
  readonly bounds: readonly RangeBound[];
  readonly forward: boolean;
  /** Where to go on; within the partition and the bounds. */
  readonly after: Position | undefined;
}

interface Row {
  readonly id: number;
  readonly item: string;
  readonly size: number;
  readonly pk: StoredKeyPart;
  readonly sk: StoredKeyPart;
  readonly ih: StoredKeyPart;
  readonly ir: StoredKeyPart;
}

/** Reads items in the order of the table's or index's key, fetching no more rows than a page may need. */
export function* readInOrder(
  store: Store,
  table: ItemTable,
  reading: Reading,
  limit: number,
): Generator<StoredItem> {
  let after = reading.after;
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(left, ROWS_AT_ONCE);
    const { sql, values } = statement(table.sqlName, { ...reading, after });
    const rows = store.all<Row>(sql, ...values, wanted);
    for (const row of rows) yield new StoredItem(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < wanted) return;
    after = { hash: last.pk, range: last.sk, indexHash: last.ih, indexRange: last.ir };
    left -= rows.length;
  }
}

function statement(sqlName: string, reading: Reading): { sql: string; values: StoredKeyPart[] } {
  const { index, partition, bounds, forward, after } = reading;
  const hash = index === undefined ? 'pk' : hashColumn(index);
  const range = index === undefined ? 'sk' : rangeColumn(index);
  const order = [
    { column: hash, from: index === undefined ? after?.hash : after?.indexHash },
    { column: range, from: index === undefined ? after?.range : after?.indexRange },
    ...(index === undefined
      ? []
      : [
          { column: 'pk', from: after?.hash },
          { column: 'sk', from: after?.range },
        ]),
  ];
  const conditions: string[] = [];
  const values: StoredKeyPart[] = [];
  if (partition !== undefined) {
    conditions.push(`${hash} = ?`);
    values.push(partition);
    order.shift();
  } else if (index !== undefined) conditions.push(`${hash} IS NOT NULL`);
  for (const bound of bounds) {
    if (after !== undefined && isImplied(bound, forward)) continue;
    conditions.push(`${range} ${bound.operator} ?`);
    values.push(bound.value);
  }
  if (after !== undefined) {
    const columns = order.map(({ column }) => column).join(', ');
    conditions.push(`(${columns}) ${forward ? '>' : '<'} (${order.map(() => '?').join(', ')})`);
    for (const { from } of order) if (from !== undefined) values.push(from);
  }
  const direction = forward ? 'ASC' : 'DESC';
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const by = order.map(({ column }) => `${column} ${direction}`).join(', ');
  const sql = `SELECT id, item, size, pk, sk, ${hash} AS ih, ${range} AS ir FROM ${sqlName} ${where} ORDER BY ${by} LIMIT ?`;
  return { sql, values };
}

/** Going on from a position within the bounds, the bound behind it says nothing new and would only be read again. */
function isImplied({ operator }: RangeBound, forward: boolean): boolean {
  return forward ? operator === '>' || operator === '>=' : operator === '<' || operator === '<=';
}
