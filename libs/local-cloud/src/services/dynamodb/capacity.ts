import type { JsonObject } from '../../core/aws-error.ts';
import { attributeOf, type Item, sizeOfItem } from './attribute-value.ts';
import { equalItems, equalValues } from './compare-values.ts';
import { pickAttributes } from './item-key.ts';
import { type IndexDefinition, keyAttributes, type TableDefinition } from './table-definition.ts';

/** Bytes of one read and one write unit (provisioned capacity mode, "read and write requests"). */
const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** Units for reading this many bytes; reading nothing costs as much as reading little. */
export function readUnits(bytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  return consistent ? units : units / 2;
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/** What an operation consumed of one table and its indexes. */
export class Consumption {
  readonly #table: TableDefinition;
  readonly #byIndex = new Map<IndexDefinition, number>();
  #units = 0;

  constructor(table: TableDefinition) {
    this.#table = table;
  }

  /** Adds units of the table, or of one of its indexes. */
  add(units: number, index?: IndexDefinition): void {
    if (index === undefined) this.#units += units;
    else this.#byIndex.set(index, (this.#byIndex.get(index) ?? 0) + units);
  }

  get total(): number {
    let total = this.#units;
    for (const units of this.#byIndex.values()) total += units;
    return total;
  }

  /** The ConsumedCapacity member of an answer, or nothing when it was not asked for. */
  shown(detail: unknown): JsonObject | undefined {
    if (detail !== 'TOTAL' && detail !== 'INDEXES') return undefined;
    const capacity = { CapacityUnits: this.total, TableName: this.#table.name };
    if (detail === 'TOTAL') return capacity;
    return {
      ...capacity,
      Table: { CapacityUnits: this.#units },
      ...this.#indexes('LocalSecondaryIndexes', 'local'),
      ...this.#indexes('GlobalSecondaryIndexes', 'global'),
    };
  }

  #indexes(member: string, scope: IndexDefinition['scope']): JsonObject {
    const units = [...this.#byIndex].filter(([index]) => index.scope === scope);
    if (units.length === 0) return {};
    return {
      [member]: Object.fromEntries(units.map(([index, CapacityUnits]) => [index.name, { CapacityUnits }])),
    };
  }
}

/** What an operation on several tables consumed. */
export class ConsumptionByTable {
  readonly #byTable = new Map<TableDefinition, Consumption>();

  of(table: TableDefinition): Consumption {
    let consumption = this.#byTable.get(table);
    if (consumption === undefined) {
      consumption = new Consumption(table);
      this.#byTable.set(table, consumption);
    }
    return consumption;
  }

  get total(): number {
    let total = 0;
    for (const consumption of this.#byTable.values()) total += consumption.total;
    return total;
  }

  /** The ConsumedCapacity list as a member of an answer, if it was asked for. */
  shown(detail: unknown): JsonObject {
    const list = [...this.#byTable.values()].map((consumption) => consumption.shown(detail));
    const shown = list.filter((capacity) => capacity !== undefined);
    return shown.length === 0 ? {} : { ConsumedCapacity: shown };
  }
}

/** What an index holds of an item; nothing when the item lacks a key attribute of the index. */
export function indexEntry(
  item: Item | undefined,
  index: IndexDefinition,
  table: TableDefinition,
): Item | undefined {
  if (item === undefined || attributeOf(item, index.key.hash.name) === undefined) return undefined;
  if (index.key.range !== undefined && attributeOf(item, index.key.range.name) === undefined)
    return undefined;
  if (index.projection === 'ALL') return item;
  const names = keyAttributes(table.key, index.key);
  const include = index.projection === 'INCLUDE' ? index.include : [];
  return pickAttributes(item, [...names, ...include.map((name) => ({ name, type: 'S' as const }))]);
}

/**
 * The units that a write costs in an index (developer guide, "Provisioned throughput considerations for
 * global secondary indexes"): none when the entry stays as it is, two writes when its key changes.
 */
export function indexWriteUnits(
  before: Item | undefined,
  after: Item | undefined,
  index: IndexDefinition,
  table: TableDefinition,
): number {
  const old = indexEntry(before, index, table);
  const next = indexEntry(after, index, table);
  if (old === undefined) return next === undefined ? 0 : writeUnits(sizeOfItem(next));
  if (next === undefined) return writeUnits(sizeOfItem(old));
  if (equalItems(old, next)) return 0;
  const keyStays = keyAttributes(index.key).every(({ name }) => {
    const one = attributeOf(old, name);
    const other = attributeOf(next, name);
    return one !== undefined && other !== undefined && equalValues(one, other);
  });
  const oldSize = sizeOfItem(old);
  const nextSize = sizeOfItem(next);
  return keyStays ? writeUnits(Math.max(oldSize, nextSize)) : writeUnits(oldSize) + writeUnits(nextSize);
}
