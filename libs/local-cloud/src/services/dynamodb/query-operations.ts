import type { JsonObject } from '../../core/aws-error.ts';
import { attributeOf, type Item, readItem, sizeOfItem, typeOf } from './attribute-value.ts';
import { Consumption, indexEntry, readUnits } from './capacity.ts';
import { holds } from './condition-evaluation.ts';
import { validationError } from './dynamodb-error.ts';
import type { Condition } from './expression-syntax.ts';
import {
  compareStored,
  keyOfItem,
  pickAttributes,
  type StoredKey,
  segmentOf,
  storedKeyPart,
} from './item-key.ts';
import { billRead, type ItemOperations, projectionBy, refuseLegacy } from './item-operations.ts';
import { type KeyCondition, keyConditionFor } from './key-condition.ts';
import { type Position, readInOrder } from './page-reader.ts';
import { filterOf, keyConditionOf, projectionOf } from './parsed-expressions.ts';
import { Placeholders } from './placeholders.ts';
import type { Table } from './table-catalog.ts';
import { type IndexDefinition, type KeySchema, keyAttributes } from './table-definition.ts';

/** A page ends with the item that brings it to 1 MB (API reference, Query). */
const PAGE_BYTES_MAX = 1024 * 1024;
const SEGMENTS_MAX = 1_000_000;

/** What Query and Scan have in common once their request is read. */
interface Search {
  readonly table: Table;
  readonly index: IndexDefinition | undefined;
  readonly filter: Condition | undefined;
  readonly placeholders: Placeholders;
  readonly project: (item: Item) => Item;
  readonly key: KeyCondition | undefined;
}

export function query(operations: ItemOperations, input: JsonObject): JsonObject {
  const table = operations.tables.get(input['TableName']);
  const keyExpression = keyConditionOf(input);
  if (keyExpression === undefined) {
    refuseLegacy(input);
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const search = readSearch(table, input, (schema, placeholders) =>
    keyConditionFor(keyExpression.tree, schema, placeholders),
  );
  return readPage(operations, search, input, () => true);
}

export function scan(operations: ItemOperations, input: JsonObject): JsonObject {
  const table = operations.tables.get(input['TableName']);
  const search = readSearch(table, input, () => undefined);
  const { Segment: segment, TotalSegments: total } = input;
  if (segment === undefined && total === undefined) return readPage(operations, search, input, () => true);
  if (typeof segment !== 'number' || typeof total !== 'number') {
    throw validationError(
      'The TotalSegments parameter is required and the Segment parameter is required when the other is present in the request',
    );
  }
  if (total < 1 || total > SEGMENTS_MAX || segment < 0 || segment >= total) {
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  const hash = (search.index?.key ?? table.definition.key).hash.name;
  const isInSegment = (item: Item) => {
    const value = attributeOf(item, hash);
    return value !== undefined && segmentOf(value, total) === segment;
  };
  const start = input['ExclusiveStartKey'];
  if (start !== undefined && !isInSegment(readItem(start, 'exclusiveStartKey').item)) {
    throw validationError(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${segment}`,
    );
  }
  return readPage(operations, search, input, isInSegment);
}

function readSearch(
  table: Table,
  input: JsonObject,
  keyFor: (schema: KeySchema, placeholders: Placeholders) => KeyCondition | undefined,
): Search {
  refuseLegacy(input);
  const filter = filterOf(input);
  const projection = projectionOf(input);
  const placeholders = Placeholders.of(input, [
    ['KeyConditionExpression', keyConditionOf(input)],
    ['FilterExpression', filter],
    ['ProjectionExpression', projection],
  ]);
  const index = findIndex(table, input['IndexName']);
  if (index?.scope === 'global' && input['ConsistentRead'] === true) {
    throw validationError('Consistent reads are not supported on global secondary indexes');
  }
  checkSelect(input, index);
  const key = keyFor(index?.key ?? table.definition.key, placeholders);
  const project = projectionBy(projection?.tree, placeholders);
  return { table, index, filter: filter?.tree, placeholders, project, key };
}

function findIndex(table: Table, name: unknown): IndexDefinition | undefined {
  if (name === undefined) return undefined;
  const index = table.definition.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) {
    throw validationError(`The table does not have the specified index: ${String(name)}`);
  }
  return index;
}

function checkSelect(input: JsonObject, index: IndexDefinition | undefined): void {
  const select = input['Select'];
  const hasProjection = input['ProjectionExpression'] !== undefined;
  if (select === 'SPECIFIC_ATTRIBUTES' && !hasProjection) {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (select !== undefined && select !== 'SPECIFIC_ATTRIBUTES' && hasProjection) {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${String(select)}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (select === 'ALL_ATTRIBUTES' && index?.scope === 'global' && index.projection !== 'ALL') {
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
}

function readPage(
  { context, tables: _ }: ItemOperations,
  search: Search,
  input: JsonObject,
  isInSegment: (item: Item) => boolean,
): JsonObject {
  const { table, index, key } = search;
  const { definition } = table;
  const limit = readLimit(input['Limit']);
  const countsOnly = input['Select'] === 'COUNT';
  const readsWhole = index?.scope === 'local' && input['Select'] === 'ALL_ATTRIBUTES';
  const reading = {
    index: index && definition.indexes.indexOf(index),
    partition: key && storedKeyPart(key.hash),
    bounds: key?.range ?? [],
    forward: input['ScanIndexForward'] !== false,
    after: startOf(input, search),
  };
  const items: Item[] = [];
  let [count, scanned, bytes] = [0, 0, 0];
  let last: Item | undefined;
  for (const stored of readInOrder(context.store, table.items, reading, Number.POSITIVE_INFINITY)) {
    const whole = stored.item;
    if (!isInSegment(whole)) continue;
    const item = index === undefined || readsWhole ? whole : (indexEntry(whole, index, definition) ?? whole);
    scanned += 1;
    bytes += item === whole ? stored.size : sizeOfItem(item);
    if (search.filter === undefined || holds(search.filter, item, search.placeholders)) {
      count += 1;
      if (!countsOnly) items.push(search.project(item));
    }
    if (scanned >= limit || bytes >= PAGE_BYTES_MAX) {
      last = whole;
      break;
    }
  }
  const consumption = new Consumption(definition);
  consumption.add(readUnits(bytes, input['ConsistentRead'] === true), index);
  billRead(context, consumption.total);
  const capacity = consumption.shown(input['ReturnConsumedCapacity']);
  return {
    ...(countsOnly ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(last === undefined ? {} : { LastEvaluatedKey: pickAttributes(last, positionAttributes(search)) }),
    ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
  };
}

function readLimit(given: unknown): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1) return given;
  throw validationError(
    `1 validation error detected: Value '${String(given)}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

function positionAttributes({ table, index }: Search) {
  const own = table.definition.key;
  return index === undefined ? keyAttributes(own) : keyAttributes(own, index.key);
}

function startOf(input: JsonObject, search: Search): Position | undefined {
  if (input['ExclusiveStartKey'] === undefined) return undefined;
  const { item } = readItem(input['ExclusiveStartKey'], 'exclusiveStartKey');
  const expected = positionAttributes(search);
  const fits = expected.every(({ name, type }) => {
    const value = attributeOf(item, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(item).length !== expected.length) {
    throw validationError(
      'The provided starting key is invalid: The provided key element does not match the schema',
    );
  }
  const own = keyOfItem(item, search.table.definition.key);
  const read = search.index === undefined ? own : keyOfItem(item, search.index.key);
  if (search.key !== undefined && !isWithin(read, search.key)) {
    throw validationError(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
  if (search.index === undefined) return own;
  return { ...own, indexHash: read.hash, indexRange: read.range };
}

function isWithin(position: StoredKey, { hash, range }: KeyCondition): boolean {
  if (compareStored(position.hash, storedKeyPart(hash)) !== 0) return false;
  return range.every(({ operator, value }) => {
    const order = compareStored(position.range, value);
    if (operator === '=') return order === 0;
    if (order === 0) return operator === '<=' || operator === '>=';
    return operator.startsWith('<') === order < 0;
  });
}
