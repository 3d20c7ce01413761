import type { JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from './json.ts';

/** The largest input, output or result, in bytes of its UTF-8 JSON text (quotas page of Step Functions). */
export const DATA_BYTES_MAX = 262_144;
/** One character of a string takes at most this many bytes as JSON (`\u0000`). */
const BYTES_PER_CHARACTER_MAX = 6;

/** True when a JSON text is over the limit. */
export function isTextTooLarge(text: string): boolean {
  if (text.length > DATA_BYTES_MAX) return true;
  return text.length * 3 > DATA_BYTES_MAX && Buffer.byteLength(text) > DATA_BYTES_MAX;
}

/**
 * True when a value would be over the limit as JSON. Nearly all values are far below, so a lower bound is
 * counted first and the text is made only where the bound leaves the question open.
 */
export function isTooLarge(value: JsonValue): boolean {
  const atLeast = charactersAtLeast(value, DATA_BYTES_MAX);
  if (atLeast > DATA_BYTES_MAX) return true;
  if (atLeast * BYTES_PER_CHARACTER_MAX <= DATA_BYTES_MAX) return false;
  return isTextTooLarge(JSON.stringify(value));
}

/** A lower bound of the characters of the value's JSON text, within a factor of six in bytes. */
function charactersAtLeast(value: JsonValue, enough: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'number') return String(value).length;
  if (isList(value)) {
    let count = 2;
    for (const item of value) {
      count += charactersAtLeast(item, enough) + 1;
      if (count > enough + 1) return count;
    }
    return value.length === 0 ? count : count - 1;
  }
  if (isObject(value)) {
    let count = 1;
    for (const key in value) {
      const member = value[key];
      if (member === undefined) continue;
      count += key.length + 4 + charactersAtLeast(member, enough);
      if (count > enough + 1) return count;
    }
    return count === 1 ? 2 : count;
  }
  return 4;
}
