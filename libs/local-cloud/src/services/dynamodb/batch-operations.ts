import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { type Item, isObject } from './attribute-value.ts';
import { ConsumptionByTable, readUnits } from './capacity.ts';
import { validationError } from './dynamodb-error.ts';
import { keyOfRequest, type StoredKey } from './item-key.ts';
import { billRead, billWrite, type ItemOperations, readProjection, refuseLegacy } from './item-operations.ts';
import { addWriteUnits, applyWrite, decideWrite, readWrite } from './item-write.ts';
import type { Table } from './table-catalog.ts';

/** API reference, BatchWriteItem and BatchGetItem. */
const BATCH_WRITE_MAX = 25;
const BATCH_GET_MAX = 100;
/** BatchGetItem stops when its answer would be larger and gives the rest back as unprocessed. */
const BATCH_GET_BYTES_MAX = 16 * 1024 * 1024;

/** Writes each item for itself: no conditions, no atomicity; nothing is throttled here, so nothing stays over. */
export function batchWriteItem({ context, tables }: ItemOperations, input: JsonObject): JsonObject {
  const requests = readRequests(input).flatMap(([tableName, list]) => {
    if (!Array.isArray(list) || list.length === 0) {
      throw validationError('The batch write request list for a table cannot be null or empty');
    }
    return list.map((request: JsonValue) => ({ tableName, request }));
  });
  if (requests.length > BATCH_WRITE_MAX)
    throw validationError('Too many items requested for the BatchWriteItem call');
  const byName = openTables(tables, requests);
  const keys = new SeenKeys();
  const writes = requests.map(({ tableName, request }) => {
    const table = byName(tableName);
    const put = isObject(request) ? request['PutRequest'] : undefined;
    const remove = isObject(request) ? request['DeleteRequest'] : undefined;
    const members = put ?? remove;
    if (!isObject(members) || (put !== undefined && remove !== undefined)) {
      throw validationError('Supplied WriteRequest must contain exactly one of PutRequest or DeleteRequest');
    }
    const write = readWrite(put === undefined ? 'Delete' : 'Put', table, members);
    const located = write.locate();
    if (!keys.add(table, located.key))
      throw validationError('Provided list of item keys contains duplicates');
    return { write, located };
  });
  const consumed = new ConsumptionByTable();
  for (const { write, located } of writes) {
    const decided = decideWrite(write, located);
    applyWrite(decided, tables.streams);
    addWriteUnits(consumed.of(write.table.definition), decided);
  }
  tables.streams.wake();
  billWrite(context, consumed.total);
  return { UnprocessedItems: {}, ...consumed.shown(input['ReturnConsumedCapacity']) };
}

export function batchGetItem({ context, tables }: ItemOperations, input: JsonObject): JsonObject {
  const requests = readRequests(input);
  let count = 0;
  for (const [, request] of requests) {
    const keys = isObject(request) ? request['Keys'] : undefined;
    if (!Array.isArray(keys) || keys.length === 0) {
      throw validationError('The list of keys in RequestItems for BatchGetItem cannot be null or empty');
    }
    count += keys.length;
  }
  if (count > BATCH_GET_MAX) throw validationError('Too many items requested for the BatchGetItem call');
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, JsonObject> = {};
  const consumed = new ConsumptionByTable();
  let bytes = 0;
  for (const [tableName, request] of requests) {
    if (!isObject(request)) continue;
    refuseLegacy(request);
    const table = tables.get(tableName);
    const project = readProjection(request);
    const seen = new SeenKeys();
    const found: Item[] = [];
    const left: JsonValue[] = [];
    for (const key of request['Keys'] as readonly JsonValue[]) {
      const { stored } = keyOfRequest(key, table.definition.key);
      if (!seen.add(table, stored)) throw validationError('Provided list of item keys contains duplicates');
      if (bytes > BATCH_GET_BYTES_MAX) {
        left.push(key);
        continue;
      }
      const item = table.items.get(stored);
      bytes += item?.size ?? 0;
      const units = readUnits(item?.size ?? 0, request['ConsistentRead'] === true);
      consumed.of(table.definition).add(units);
      if (item !== undefined) found.push(project(item.item));
    }
    responses[tableName] = found;
    if (left.length > 0) unprocessed[tableName] = { ...request, Keys: left };
  }
  billRead(context, consumed.total);
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ...consumed.shown(input['ReturnConsumedCapacity']),
  };
}

function readRequests(input: JsonObject): [string, JsonValue | undefined][] {
  const requests = input['RequestItems'];
  if (!isObject(requests) || Object.keys(requests).length === 0) {
    throw validationError('The requestItems parameter is required and must not be empty');
  }
  return Object.entries(requests);
}

/** All tables are looked for before anything else is checked. */
function openTables(
  tables: ItemOperations['tables'],
  requests: readonly { readonly tableName: string }[],
): (name: string) => Table {
  const opened = new Map<string, Table>();
  for (const { tableName } of requests) {
    if (!opened.has(tableName)) opened.set(tableName, tables.get(tableName));
  }
  return (name) => opened.get(name) ?? tables.get(name);
}

/** Notices when a request names one item twice. */
export class SeenKeys {
  readonly #seen = new Set<string>();

  /** False when the key was there before. */
  add(table: Table, key: StoredKey): boolean {
    const part = (value: string | Uint8Array) =>
      typeof value === 'string' ? `s${value.length}:${value}` : `b${Buffer.from(value).toString('hex')}`;
    const text = `${table.definition.number}/${part(key.hash)}/${part(key.range)}`;
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    return true;
  }
}
