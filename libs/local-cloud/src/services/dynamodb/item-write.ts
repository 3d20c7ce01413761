import type { JsonObject } from '../../core/aws-error.ts';
import { ITEM_BYTES_MAX, type Item, type MeasuredItem, readItem, sizeOfItem } from './attribute-value.ts';
import { type Consumption, indexWriteUnits, writeUnits } from './capacity.ts';
import { equalItems } from './compare-values.ts';
import { holds } from './condition-evaluation.ts';
import { ConditionFailure, validationError } from './dynamodb-error.ts';
import type { Condition, Parsed } from './expression-syntax.ts';
import { keyOfItem, keyOfRequest, pickAttributes, type StoredKey } from './item-key.ts';
import { indexKeyError, indexKeyFault, type StoredItem } from './item-table.ts';
import { conditionOf, updateOf } from './parsed-expressions.ts';
import { Placeholders } from './placeholders.ts';
import type { PathTree } from './projection.ts';
import type { Image, StreamLog } from './stream-log.ts';
import type { Table } from './table-catalog.ts';
import { touchedPaths, updatedItem } from './update-evaluation.ts';

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A write whose expressions are parsed; `locate` then checks its key and item. */
export interface ReadWrite {
  readonly table: Table;
  readonly condition: Parsed<Condition> | undefined;
  readonly placeholders: Placeholders;
  /** ReturnValuesOnConditionCheckFailure. */
  readonly showsItemOnFailure: boolean;
  locate(): LocatedWrite;
}

/** A write that knows its item. */
export interface LocatedWrite {
  readonly key: StoredKey;
  /** The paths of an update, by which ReturnValues UPDATED_… picks. */
  readonly touched: PathTree | undefined;
  /** What the item becomes: nothing when it is deleted, the same when it is only looked at. */
  next(old: StoredItem | undefined): MeasuredItem | StoredItem | undefined;
}

/** A write that is certain to succeed. */
export interface DecidedWrite {
  readonly table: Table;
  readonly located: LocatedWrite;
  readonly old: StoredItem | undefined;
  readonly next: MeasuredItem | StoredItem | undefined;
}

/**
 * Reads one write of a request.
 *
 * @param input the members of PutItem, UpdateItem, DeleteItem or of one action of a transaction
 * @throws AwsError ValidationException for its expressions
 */
export function readWrite(kind: WriteKind, table: Table, input: JsonObject): ReadWrite {
  const condition = conditionOf(input);
  const update = kind === 'Update' ? updateOf(input) : undefined;
  const placeholders = Placeholders.of(input, [
    ['UpdateExpression', update],
    ['ConditionExpression', condition],
  ]);
  const key = table.definition.key;
  const locate = (): LocatedWrite => {
    if (kind === 'Put') return locatePut(table, input);
    if (kind === 'Update') {
      const touched = update && touchedPaths(update.tree, placeholders);
      for (const [path] of touched?.paths ?? []) refuseKeyAttribute(path, table);
      const { attributes, stored } = keyOfRequest(input['Key'], key);
      const next = (old: StoredItem | undefined): MeasuredItem => {
        const before = old?.item ?? attributes;
        return measured(
          update === undefined ? before : updatedItem(before, update.tree, placeholders),
          table,
        );
      };
      return { key: stored, touched: touched?.tree, next };
    }
    const { stored } = keyOfRequest(input['Key'], key);
    const next = kind === 'Delete' ? () => undefined : (old: StoredItem | undefined) => old;
    return { key: stored, touched: undefined, next };
  };
  const showsItemOnFailure = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  return { table, condition, placeholders, showsItemOnFailure, locate };
}

function locatePut(table: Table, input: JsonObject): LocatedWrite {
  const next = readItem(input['Item'], 'item');
  const key = keyOfItem(next.item, table.definition.key);
  const fault = indexKeyFault(next.item, table.definition.indexes);
  if (fault !== undefined) throw indexKeyError(fault);
  if (next.size > ITEM_BYTES_MAX) throw validationError('Item size has exceeded the maximum allowed size');
  return { key, touched: undefined, next: () => next };
}

function refuseKeyAttribute(name: string | number | undefined, table: Table): void {
  if (!table.items.keyAttributes.some((attribute) => attribute.name === name)) return;
  throw validationError(
    `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
  );
}

function measured(item: Item, table: Table): MeasuredItem {
  if (indexKeyFault(item, table.definition.indexes) !== undefined) {
    throw validationError(
      'The update expression attempted to update the secondary index key to unsupported type',
    );
  }
  const size = sizeOfItem(item);
  if (size > ITEM_BYTES_MAX) {
    throw validationError('Item size to update has exceeded the maximum allowed size');
  }
  return { item, size };
}

/**
 * Reads the item and decides the write, without writing anything.
 *
 * @throws ConditionFailure; ValidationException when an update does not fit the item
 */
export function decideWrite(write: ReadWrite, located: LocatedWrite): DecidedWrite {
  const old = write.table.items.get(located.key);
  if (write.condition !== undefined && !holds(write.condition.tree, old?.item, write.placeholders)) {
    throw new ConditionFailure(old?.size ?? 0, write.showsItemOnFailure ? old?.item : undefined);
  }
  return { table: write.table, located, old, next: located.next(old) };
}

/** Writes what was decided, and its stream record unless the item stays as it is. */
export function applyWrite(decided: DecidedWrite, streams: StreamLog, byTimeToLive = false): void {
  const { table, located, old, next } = decided;
  if (next === old) return;
  if (next === undefined) {
    if (old === undefined) return;
    table.items.delete(old);
    record(table, streams, old.item, old, undefined, byTimeToLive);
    return;
  }
  const text = JSON.stringify(next.item);
  if (old === undefined) table.items.insert(located.key, next, text);
  else if (isSame(old, text, next.item)) return;
  else table.items.update(old, next, text);
  record(table, streams, next.item, old, { item: next.item, text, size: next.size }, byTimeToLive);
}

/** Texts of different length cannot stand for the same item: numbers are canonical and JSON has no spaces. */
function isSame(old: StoredItem, text: string, next: Item): boolean {
  if (old.text === text) return true;
  return old.text.length === text.length && equalItems(old.item, next);
}

function record(
  table: Table,
  streams: StreamLog,
  item: Item,
  before: StoredItem | undefined,
  after: Image | undefined,
  byTimeToLive: boolean,
): void {
  if (table.stream === undefined) return;
  const keys = pickAttributes(item, table.items.keyAttributes);
  streams.append(table.stream, {
    kind: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    keys,
    keysSize: sizeOfItem(keys),
    before,
    after,
    byTimeToLive,
  });
}

/** Adds what a write costs. */
export function addWriteUnits(consumption: Consumption, decided: DecidedWrite, factor = 1): void {
  const { table, old, next } = decided;
  consumption.add(factor * writeUnits(Math.max(old?.size ?? 0, next?.size ?? 0)));
  if (next === old) return;
  for (const index of table.definition.indexes) {
    const units = indexWriteUnits(old?.item, next?.item, index, table.definition);
    if (units > 0) consumption.add(factor * units, index);
  }
}
