import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { canonicalNumber, numberSize } from './decimal.ts';
import { invalidParameter, validationError } from './dynamodb-error.ts';

/** Limits of items (ServiceQuotas, Items and Attributes). */
export const ITEM_BYTES_MAX = 400 * 1024;
const NESTING_MAX = 32;
/** What a list, a map and each of their elements cost beside their content (CapacityUnitCalculations). */
const DOCUMENT_OVERHEAD_BYTES = 3;
const ELEMENT_OVERHEAD_BYTES = 1;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export type TypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** One value in the JSON shape of the API: exactly one member, named for the type. Binary is base64. */
export type AttributeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: Item;
};

export type Item = { readonly [name: string]: AttributeValue };

/** An item that was checked, with numbers in canonical form and its size in bytes as DynamoDB counts it. */
export interface MeasuredItem {
  readonly item: Item;
  readonly size: number;
}

/** The type of a checked value. */
export function typeOf(value: AttributeValue): TypeName {
  for (const name in value) return name as TypeName;
  throw new Error('a checked attribute value has no type');
}

/** An item's own attribute; names such as `constructor` are data like any other. */
export function attributeOf(item: Item | undefined, name: string): AttributeValue | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/**
 * Checks an item of a request and measures it.
 *
 * @throws AwsError ValidationException for what is not an attribute value
 */
export function readItem(input: JsonValue | undefined, member: string): MeasuredItem {
  if (!isObject(input)) {
    throw validationError(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const reader = new ValueReader();
  const item = reader.members(input, 0);
  return { item, size: reader.size };
}

/** Checks one value of a request; see `readItem`. */
export function readValue(input: JsonValue | undefined): AttributeValue {
  return new ValueReader().value(input, 0);
}

/** The size of an item that is known to be well formed. */
export function sizeOfItem(item: Item): number {
  const reader = new ValueReader();
  reader.members(item, 0);
  return reader.size;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The length of a text in UTF-8. */
export function utf8Length(text: string): number {
  const length = text.length;
  if (length > 64) return Buffer.byteLength(text);
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) > 127) return Buffer.byteLength(text);
  }
  return length;
}

/** How many bytes a base64 text stands for. */
export function base64Length(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/**
 * Refuses the one attribute name that a JavaScript object cannot hold as data. AWS would take it; refusing it
 * is better than losing it.
 */
export function checkAttributeName(name: string): void {
  if (name === '__proto__') throw validationError('The local cloud cannot hold an attribute named __proto__');
}

/** Checks values and adds up their size; gives back what it was given unless a number had to be rewritten. */
class ValueReader {
  size = 0;

  members(input: JsonObject, depth: number): Item {
    let changed: Record<string, AttributeValue> | undefined;
    for (const name in input) {
      checkAttributeName(name);
      const before = input[name];
      const after = this.value(before, depth);
      this.size += utf8Length(name);
      if (after !== before) {
        changed ??= { ...(input as Item) };
        changed[name] = after;
      }
    }
    return changed ?? (input as Item);
  }

  value(input: JsonValue | undefined, depth: number): AttributeValue {
    if (!isObject(input)) throw emptyValue();
    let type: string | undefined;
    for (const name in input) {
      if (input[name] === undefined) continue;
      if (type !== undefined) {
        throw validationError(
          'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
        );
      }
      type = name;
    }
    if (type === undefined) throw emptyValue();
    return this.typed(type, input[type], input as AttributeValue, depth);
  }

  private typed(
    type: string,
    content: JsonValue | undefined,
    whole: AttributeValue,
    depth: number,
  ): AttributeValue {
    switch (type) {
      case 'S':
        this.size += utf8Length(textOf(content));
        return whole;
      case 'N': {
        const text = textOf(content);
        const canonical = canonicalNumber(text);
        this.size += numberSize(canonical);
        return canonical === text ? whole : { N: canonical };
      }
      case 'B':
        this.size += base64Length(binaryOf(content));
        return whole;
      case 'BOOL':
        if (typeof content !== 'boolean') throw emptyValue();
        this.size += 1;
        return whole;
      case 'NULL':
        if (content !== true)
          throw invalidParameter('Null attribute value types must have the value of true');
        this.size += 1;
        return whole;
      case 'L':
        return this.list(content, whole, depth);
      case 'M':
        return this.map(content, whole, depth);
      case 'SS':
      case 'NS':
      case 'BS':
        return this.set(type, content);
      default:
        throw emptyValue();
    }
  }

  private list(content: JsonValue | undefined, whole: AttributeValue, depth: number): AttributeValue {
    if (!Array.isArray(content)) throw emptyValue();
    checkDepth(depth + 1);
    this.size += DOCUMENT_OVERHEAD_BYTES + content.length * ELEMENT_OVERHEAD_BYTES;
    let changed = false;
    const values = content.map((element: JsonValue) => {
      const value = this.value(element, depth + 1);
      changed ||= value !== element;
      return value;
    });
    return changed ? { L: values } : whole;
  }

  private map(content: JsonValue | undefined, whole: AttributeValue, depth: number): AttributeValue {
    if (!isObject(content)) throw emptyValue();
    checkDepth(depth + 1);
    this.size += DOCUMENT_OVERHEAD_BYTES;
    const members = this.members(content, depth + 1);
    for (const _ in members) this.size += ELEMENT_OVERHEAD_BYTES;
    return members === content ? whole : { M: members };
  }

  private set(type: 'SS' | 'NS' | 'BS', content: JsonValue | undefined): AttributeValue {
    if (!Array.isArray(content)) throw emptyValue();
    if (content.length === 0) {
      const kind = type === 'SS' ? 'An string set' : type === 'NS' ? 'An number set ' : 'Binary sets';
      throw invalidParameter(`${kind} ${type === 'BS' ? 'should' : 'may'} not be empty`);
    }
    const elements = content.map((element: JsonValue) => this.element(type, element));
    if (new Set(elements).size !== elements.length) {
      throw invalidParameter(`Input collection [${content.join(', ')}] contains duplicates.`);
    }
    return setOf(type, elements);
  }

  private element(type: 'SS' | 'NS' | 'BS', element: JsonValue): string {
    if (type === 'NS') {
      const number = canonicalNumber(textOf(element));
      this.size += numberSize(number);
      return number;
    }
    const text = type === 'SS' ? textOf(element) : binaryOf(element);
    this.size += type === 'SS' ? utf8Length(text) : base64Length(text);
    return text;
  }
}

/** A set value of the given type. */
export function setOf(type: 'SS' | 'NS' | 'BS', elements: readonly string[]): AttributeValue {
  if (type === 'SS') return { SS: elements };
  return type === 'NS' ? { NS: elements } : { BS: elements };
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content !== 'string') throw emptyValue();
  return content;
}

function binaryOf(content: JsonValue | undefined): string {
  const text = textOf(content);
  if (text.length % 4 !== 0 || !BASE64.test(text)) {
    throw validationError('Supplied AttributeValue is not valid base64');
  }
  return text;
}

function checkDepth(depth: number): void {
  if (depth > NESTING_MAX) throw validationError('Nesting Levels have exceeded supported limits');
}

function emptyValue(): Error {
  return validationError(
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  );
}
