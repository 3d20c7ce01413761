import type { JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { Item } from './attribute-value.ts';
import { Consumption, readUnits, writeUnits } from './capacity.ts';
import { ConditionFailure, validationError } from './dynamodb-error.ts';
import { keyOfRequest } from './item-key.ts';
import {
  addWriteUnits,
  applyWrite,
  type DecidedWrite,
  decideWrite,
  readWrite,
  type WriteKind,
} from './item-write.ts';
import { projectionOf } from './parsed-expressions.ts';
import { Placeholders } from './placeholders.ts';
import { mergePaths, projectItem } from './projection.ts';
import type { TableCatalog } from './table-catalog.ts';

/** Parameters from before expressions; whoever sends them must hear that they are not run. */
const LEGACY_PARAMETERS: ReadonlySet<string> = new Set([
  'AttributeUpdates',
  'AttributesToGet',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
]);

/** What the operations on items share. */
export interface ItemOperations {
  readonly context: ServiceContext;
  readonly tables: TableCatalog;
}

/** @throws AwsError ValidationException when the request uses a parameter from before expressions */
export function refuseLegacy(input: JsonObject): void {
  for (const name in input) {
    if (LEGACY_PARAMETERS.has(name) && input[name] !== undefined) {
      throw validationError(`The local cloud does not run the legacy parameter ${name}; use an expression`);
    }
  }
}

export function billRead(context: ServiceContext, units: number): void {
  context.bill('dynamodb:read-units', units);
}

export function billWrite(context: ServiceContext, units: number): void {
  context.bill('dynamodb:write-units', units);
}

/** PutItem, UpdateItem and DeleteItem. */
export function writeItem(
  kind: WriteKind,
  { context, tables }: ItemOperations,
  input: JsonObject,
): JsonObject {
  refuseLegacy(input);
  const table = tables.get(input['TableName']);
  const returnValues = readReturnValues(kind, input);
  const write = readWrite(kind, table, input);
  const located = write.locate();
  let decided: DecidedWrite;
  try {
    decided = decideWrite(write, located);
  } catch (error) {
    if (error instanceof ConditionFailure) billWrite(context, writeUnits(error.itemSize));
    throw error;
  }
  applyWrite(decided, tables.streams);
  tables.streams.wake();
  const consumption = new Consumption(table.definition);
  addWriteUnits(consumption, decided);
  billWrite(context, consumption.total);
  const attributes = returnedAttributes(returnValues, decided);
  const capacity = consumption.shown(input['ReturnConsumedCapacity']);
  return {
    ...(attributes === undefined ? {} : { Attributes: attributes }),
    ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
  };
}

function readReturnValues(kind: WriteKind, input: JsonObject): string {
  const given = input['ReturnValues'] ?? 'NONE';
  const allowed =
    kind === 'Update' ? ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] : ['NONE', 'ALL_OLD'];
  if (typeof given === 'string' && allowed.includes(given)) return given;
  throw validationError(
    kind === 'Update'
      ? `1 validation error detected: Value '${given}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`
      : 'ReturnValues can only be ALL_OLD or NONE',
  );
}

function returnedAttributes(returnValues: string, { old, next, located }: DecidedWrite): Item | undefined {
  switch (returnValues) {
    case 'ALL_OLD':
      return old?.item;
    case 'ALL_NEW':
      return next?.item;
    case 'UPDATED_OLD':
    case 'UPDATED_NEW': {
      const item = returnValues === 'UPDATED_OLD' ? old?.item : next?.item;
      if (item === undefined || located.touched === undefined) return undefined;
      const updated = projectItem(item, located.touched);
      return Object.keys(updated).length > 0 ? updated : undefined;
    }
    default:
      return undefined;
  }
}

export function getItem({ context, tables }: ItemOperations, input: JsonObject): JsonObject {
  refuseLegacy(input);
  const table = tables.get(input['TableName']);
  const project = readProjection(input);
  const { stored } = keyOfRequest(input['Key'], table.definition.key);
  const found = table.items.get(stored);
  const consumption = new Consumption(table.definition);
  consumption.add(readUnits(found?.size ?? 0, input['ConsistentRead'] === true));
  billRead(context, consumption.total);
  const capacity = consumption.shown(input['ReturnConsumedCapacity']);
  return {
    ...(found === undefined ? {} : { Item: project(found.item) }),
    ...(capacity === undefined ? {} : { ConsumedCapacity: capacity }),
  };
}

/**
 * What the ProjectionExpression of a request leaves of an item.
 *
 * @throws AwsError ValidationException for the expression
 */
export function readProjection(input: JsonObject): (item: Item) => Item {
  const parsed = projectionOf(input);
  const placeholders = Placeholders.of(input, [['ProjectionExpression', parsed]]);
  return projectionBy(parsed?.tree, placeholders);
}

export function projectionBy(
  paths: readonly (readonly (string | number)[])[] | undefined,
  placeholders: Placeholders,
): (item: Item) => Item {
  if (paths === undefined) return (item) => item;
  const tree = mergePaths(
    'ProjectionExpression',
    paths.map((path) => placeholders.resolve(path)),
  );
  return (item) => projectItem(item, tree);
}
