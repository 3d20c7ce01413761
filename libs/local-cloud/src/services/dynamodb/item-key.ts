import { hash } from 'node:crypto';
import type { JsonValue } from '../../core/aws-error.ts';
import {
  type AttributeValue,
  attributeOf,
  base64Length,
  type Item,
  readItem,
  typeOf,
  utf8Length,
} from './attribute-value.ts';
import { sortableNumber } from './decimal.ts';
import { invalidParameter, validationError } from './dynamodb-error.ts';
import type { KeyAttribute, KeySchema } from './table-definition.ts';

/** ServiceQuotas, Partition keys and sort keys. */
const HASH_KEY_BYTES_MAX = 2048;
const RANGE_KEY_BYTES_MAX = 1024;

/** Scan segments are ranges of the first 12 bits of a hash of the partition key. */
const HASH_RANGE = 4096;
const HASH_SALT = 'Outliers';

/** A key value as it is stored: SQLite orders texts by UTF-8 bytes and blobs by bytes, as DynamoDB does. */
export type StoredKeyPart = string | Uint8Array;

/** What stands for the sort key in a table that has none. */
export const NO_RANGE = '';

export interface StoredKey {
  readonly hash: StoredKeyPart;
  readonly range: StoredKeyPart;
}

export function storedKeyPart(value: AttributeValue): StoredKeyPart {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return sortableNumber(value.N);
  return Buffer.from(value.B ?? '', 'base64');
}

/** The order in which the store keeps key values of one type. */
export function compareStored(left: StoredKeyPart, right: StoredKeyPart): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/**
 * The key of an item that is to be put.
 *
 * @throws AwsError ValidationException when it lacks a key attribute, or one is empty, too long or of another type
 */
export function keyOfItem(item: Item, schema: KeySchema): StoredKey {
  return {
    hash: keyPart(item, schema.hash, true),
    range: schema.range === undefined ? NO_RANGE : keyPart(item, schema.range, false),
  };
}

function keyPart(item: Item, attribute: KeyAttribute, isHash: boolean): StoredKeyPart {
  const value = attributeOf(item, attribute.name);
  if (value === undefined) throw invalidParameter(`Missing the key ${attribute.name} in the item`);
  const type = typeOf(value);
  if (type !== attribute.type) {
    throw invalidParameter(
      `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${type}`,
    );
  }
  checkKeyValue(value, attribute, isHash);
  return storedKeyPart(value);
}

function checkKeyValue(value: AttributeValue, attribute: KeyAttribute, isHash: boolean): void {
  const bytes = keyBytes(value);
  if (bytes === 0 && value.N === undefined) {
    const kind = value.S === undefined ? 'binary' : 'string';
    throw validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${attribute.name}`,
    );
  }
  const limit = isHash ? HASH_KEY_BYTES_MAX : RANGE_KEY_BYTES_MAX;
  if (bytes > limit) {
    throw invalidParameter(
      isHash
        ? `Size of hashkey has exceeded the maximum size limit of${limit} bytes`
        : `Aggregated size of all range keys has exceeded the size limit of ${limit} bytes`,
    );
  }
}

function keyBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8Length(value.S);
  return value.B === undefined ? 0 : base64Length(value.B);
}

/**
 * The key of a request (`Key` of GetItem and the like): exactly the key attributes.
 *
 * @returns the key as attributes and as it is stored
 * @throws AwsError ValidationException when it does not match the schema
 */
export function keyOfRequest(
  input: JsonValue | undefined,
  schema: KeySchema,
): { readonly attributes: Item; readonly stored: StoredKey } {
  const { item } = readItem(input, 'key');
  const range = schema.range;
  let count = 0;
  for (const _ in item) count += 1;
  if (
    count !== (range === undefined ? 1 : 2) ||
    !matches(item, schema.hash) ||
    (range !== undefined && !matches(item, range))
  ) {
    throw validationError('The provided key element does not match the schema');
  }
  return { attributes: item, stored: keyOfItem(item, schema) };
}

function matches(item: Item, attribute: KeyAttribute): boolean {
  const value = attributeOf(item, attribute.name);
  return value !== undefined && typeOf(value) === attribute.type;
}

/** The key attributes of an item. */
export function pickAttributes(item: Item, attributes: readonly KeyAttribute[]): Item {
  const picked: Record<string, AttributeValue> = {};
  for (const { name } of attributes) {
    const value = attributeOf(item, name);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/**
 * The scan segment that a partition key falls into. The hash is the one that DynamoDB was found to use
 * (dynalite reproduces recorded segments with it).
 */
export function segmentOf(hashKey: AttributeValue, totalSegments: number): number {
  const salted = Buffer.concat([Buffer.from(HASH_SALT), Buffer.from(storedKeyPart(hashKey))]);
  const position = Number.parseInt(hash('md5', salted, 'hex').slice(0, 3), 16);
  return Math.floor((position * totalSegments) / HASH_RANGE);
}
