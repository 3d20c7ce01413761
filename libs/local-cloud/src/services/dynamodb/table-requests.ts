import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { isObject } from './attribute-value.ts';
import { invalidParameter, validationError } from './dynamodb-error.ts';
import type {
  IndexDefinition,
  KeyAttribute,
  KeySchema,
  NewTable,
  StreamViewType,
  TableDefinition,
} from './table-definition.ts';

/** ServiceQuotas, Tables and Secondary indexes. */
const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const GLOBAL_INDEXES_MAX = 20;
const LOCAL_INDEXES_MAX = 5;

const VIEW_TYPES: readonly StreamViewType[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/**
 * Reads a CreateTable request.
 *
 * @throws AwsError ValidationException
 */
export function readCreateTable(input: JsonObject): NewTable {
  const types = readTypes(input['AttributeDefinitions']);
  const key = readKey(input['KeySchema'], types);
  const throughput = objectOf(input['ProvisionedThroughput']);
  const stream = objectOf(input['StreamSpecification']);
  const table: NewTable = {
    name: String(input['TableName'] ?? ''),
    billingMode: input['BillingMode'] === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    readCapacity: Number(throughput['ReadCapacityUnits'] ?? 0),
    writeCapacity: Number(throughput['WriteCapacityUnits'] ?? 0),
    key,
    indexes: [
      ...listOf(input['LocalSecondaryIndexes']).map((index) => readIndex(index, 'local', types)),
      ...listOf(input['GlobalSecondaryIndexes']).map((index) => readIndex(index, 'global', types)),
    ],
    streamViewType: stream['StreamEnabled'] === true ? viewTypeOf(stream['StreamViewType']) : undefined,
    ttlAttribute: undefined,
    pointInTimeRecovery: false,
    encryption: undefined,
    deletionProtection: input['DeletionProtectionEnabled'] === true,
  };
  checkTable(table, [...types.keys()]);
  return table;
}

/**
 * Checks what holds for every table, however it was asked for.
 *
 * @param defined the names of the attribute definitions, each of which a key must use
 * @throws AwsError ValidationException
 */
export function checkTable(table: NewTable, defined: readonly string[]): void {
  if (!TABLE_NAME.test(table.name)) {
    throw validationError(
      `TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .: ${table.name}`,
    );
  }
  const used = new Set<string>();
  for (const key of [table.key, ...table.indexes.map((index) => index.key)]) {
    used.add(key.hash.name);
    if (key.range !== undefined) used.add(key.range.name);
  }
  const unused = defined.filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw invalidParameter(
      `Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions; not used: ${unused.join(', ')}`,
    );
  }
  const names = table.indexes.map((index) => index.name);
  if (new Set(names).size !== names.length) throw invalidParameter('Duplicate index name');
  const locals = table.indexes.filter((index) => index.scope === 'local');
  if (locals.length > LOCAL_INDEXES_MAX || names.length - locals.length > GLOBAL_INDEXES_MAX) {
    throw invalidParameter('Secondary index count exceeds the per-table limit');
  }
  for (const { name, key } of locals) {
    if (key.hash.name === table.key.hash.name && key.range !== undefined && table.key.range !== undefined)
      continue;
    throw invalidParameter(
      `Local Secondary indices must share the table's hash key and have a range key. Specified index: ${name}`,
    );
  }
}

export function viewTypeOf(given: JsonValue | undefined): StreamViewType {
  const viewType = VIEW_TYPES.find((candidate) => candidate === given);
  if (viewType === undefined) {
    throw validationError(`StreamViewType must be one of ${VIEW_TYPES.join(', ')}, not ${String(given)}`);
  }
  return viewType;
}

/** @throws AwsError ValidationException when the attribute is not defined or not of a key's type */
export function keyAttribute(name: JsonValue | undefined, types: ReadonlyMap<string, string>): KeyAttribute {
  const type = types.get(String(name));
  if (typeof name !== 'string' || (type !== 'S' && type !== 'N' && type !== 'B')) {
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${String(name)}], AttributeDefinitions: [${[...types.keys()].join(', ')}]`,
    );
  }
  return { name, type };
}

function readTypes(given: JsonValue | undefined): Map<string, string> {
  return new Map(
    listOf(given).map((definition) => [
      String(definition['AttributeName']),
      String(definition['AttributeType']),
    ]),
  );
}

function readKey(given: JsonValue | undefined, types: ReadonlyMap<string, string>): KeySchema {
  const elements = listOf(given);
  const hash = elements.find((element) => element['KeyType'] === 'HASH');
  const range = elements.find((element) => element['KeyType'] === 'RANGE');
  if (hash === undefined || elements.length > 2 || (elements.length === 2 && range === undefined)) {
    throw validationError('Invalid KeySchema: it has one HASH and at most one RANGE element');
  }
  return {
    hash: keyAttribute(hash['AttributeName'], types),
    range: range && keyAttribute(range['AttributeName'], types),
  };
}

function readIndex(
  given: JsonObject,
  scope: IndexDefinition['scope'],
  types: ReadonlyMap<string, string>,
): IndexDefinition {
  const projection = objectOf(given['Projection']);
  return {
    name: String(given['IndexName'] ?? ''),
    scope,
    key: readKey(given['KeySchema'], types),
    projection: projectionOf(projection['ProjectionType']),
    include: textsOf(projection['NonKeyAttributes']),
  };
}

export function projectionOf(given: JsonValue | undefined): IndexDefinition['projection'] {
  if (given === 'ALL' || given === 'KEYS_ONLY' || given === 'INCLUDE') return given;
  throw invalidParameter(`Unknown ProjectionType: ${String(given)}`);
}

export function objectOf(given: JsonValue | undefined): JsonObject {
  return isObject(given) ? given : {};
}

/** A list of objects, or one object that stands for a list of one (as Terraform writes blocks). */
export function listOf(given: JsonValue | undefined): JsonObject[] {
  if (isObject(given)) return [given];
  return Array.isArray(given) ? given.filter(isObject) : [];
}

export function textsOf(given: JsonValue | undefined): string[] {
  return Array.isArray(given) ? given.filter((element) => typeof element === 'string') : [];
}

/** A table's TableDescription. */
export function describeTable(
  table: TableDefinition,
  measured: { readonly count: number; readonly bytes: number },
  arns: { readonly table: string; readonly stream: string | undefined },
  status: 'CREATING' | 'ACTIVE' | 'DELETING',
): JsonObject {
  const attributes = new Map<string, string>();
  for (const key of [table.key, ...table.indexes.map((index) => index.key)]) {
    for (const attribute of [key.hash, key.range]) {
      if (attribute !== undefined) attributes.set(attribute.name, attribute.type);
    }
  }
  const throughput = {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: table.readCapacity,
    WriteCapacityUnits: table.writeCapacity,
  };
  const indexes = (scope: IndexDefinition['scope']) =>
    table.indexes
      .filter((index) => index.scope === scope)
      .map((index) => ({
        IndexName: index.name,
        IndexArn: `${arns.table}/index/${index.name}`,
        KeySchema: describeKey(index.key),
        Projection: {
          ProjectionType: index.projection,
          ...(index.include.length > 0 ? { NonKeyAttributes: index.include } : {}),
        },
        ...(scope === 'global' ? { IndexStatus: status, ProvisionedThroughput: throughput } : {}),
      }));
  const local = indexes('local');
  const global = indexes('global');
  return {
    TableName: table.name,
    TableArn: arns.table,
    TableId: table.id,
    TableStatus: status,
    CreationDateTime: table.createdAt / 1000,
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: describeKey(table.key),
    ItemCount: measured.count,
    TableSizeBytes: measured.bytes,
    ProvisionedThroughput: throughput,
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.billingMode === 'PAY_PER_REQUEST'
      ? { BillingModeSummary: { BillingMode: table.billingMode } }
      : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(table.stream === undefined || arns.stream === undefined
      ? {}
      : {
          StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType },
          LatestStreamArn: arns.stream,
          LatestStreamLabel: table.stream.label,
        }),
    ...(table.encryption === undefined ? {} : { SSEDescription: table.encryption }),
  };
}

function describeKey(key: KeySchema): JsonObject[] {
  const hash = { AttributeName: key.hash.name, KeyType: 'HASH' };
  return key.range === undefined ? [hash] : [hash, { AttributeName: key.range.name, KeyType: 'RANGE' }];
}
