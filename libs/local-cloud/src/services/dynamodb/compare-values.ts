import { type AttributeValue, attributeOf, type Item, typeOf } from './attribute-value.ts';
import { compareNumbers } from './decimal.ts';

/** True when two checked values are the same; sets and maps have no order. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  switch (type) {
    case 'L':
      return equalLists(left.L ?? [], right.L ?? []);
    case 'M':
      return equalItems(left.M ?? {}, right.M ?? {});
    case 'SS':
    case 'NS':
    case 'BS':
      return equalSets(left[type] ?? [], right[type] ?? []);
    default:
      return left[type] === right[type];
  }
}

/** True when two items have the same attributes with the same values. */
export function equalItems(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const one = attributeOf(left, name);
    const other = attributeOf(right, name);
    return one !== undefined && other !== undefined && equalValues(one, other);
  });
}

function equalLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return (
    left.length === right.length &&
    left.every((value, index) => {
      const other = right[index];
      return other !== undefined && equalValues(value, other);
    })
  );
}

function equalSets(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  const elements = new Set(right);
  return left.every((element) => elements.has(element));
}

/**
 * Orders two values of one scalar type: numbers by value, strings and binaries by their bytes.
 *
 * @returns negative, 0 or positive, or nothing when the types differ or have no order
 */
export function orderValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return compareUtf8(left.S, right.S);
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.B !== undefined && right.B !== undefined) {
    return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  }
  return undefined;
}

/** Compares by UTF-8 bytes; UTF-16 order differs only where one side has a surrogate pair. */
function compareUtf8(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one === other) continue;
    if (one < 0xd800 || other < 0xd800) return one - other;
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left.length - right.length;
}
