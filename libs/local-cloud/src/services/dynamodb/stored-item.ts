import type { AttributeValue, Item } from './attribute-value.ts';

/** A plain value: numbers that a double cannot hold exactly stay decimal texts. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/**
 * An item without its type names, for showing and counting what a table holds.
 *
 * @param item an item as GetItem, Query or Scan give it
 */
export function plainItem(item: Item): { readonly [name: string]: PlainValue } {
  const plain: Record<string, PlainValue> = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) plain[name] = plainValue(value);
  }
  return plain;
}

function plainValue(value: AttributeValue): PlainValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return plainNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return plainItem(value.M);
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.NS !== undefined) return value.NS.map(plainNumber);
  return value.SS ?? value.BS ?? value.B ?? null;
}

function plainNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text && (Number.isSafeInteger(number) || text.length <= 15) ? number : text;
}
