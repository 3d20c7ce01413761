import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';
import { isList, isObject, sameJson } from './json.ts';
import { RuntimeFault } from './states-error.ts';

/** The most items that States.ArrayRange makes. */
const ARRAY_RANGE_ITEMS_MAX = 1000;
/** The most characters that States.Hash, Base64Encode and Base64Decode take. */
const TEXT_CHARACTERS_MAX = 10_000;
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** An intrinsic function of the Amazon States Language. */
export interface Intrinsic {
  /** The smallest and the largest number of arguments. */
  readonly arguments: readonly [number, number];
  /** @throws RuntimeFault with what is wrong with an argument */
  apply(args: readonly JsonValue[], runtime: Runtime): JsonValue;
}

/** All intrinsic functions except States.Format, whose template is compiled. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['States.Array', { arguments: [0, Number.POSITIVE_INFINITY], apply: (args) => args }],
  [
    'States.ArrayPartition',
    { arguments: [2, 2], apply: (args) => partition(listAt(args, 0), positiveAt(args, 1)) },
  ],
  [
    'States.ArrayContains',
    { arguments: [2, 2], apply: (args) => listAt(args, 0).some((item) => sameJson(item, args[1])) },
  ],
  [
    'States.ArrayRange',
    { arguments: [3, 3], apply: (args) => range(roundedAt(args, 0), roundedAt(args, 1), roundedAt(args, 2)) },
  ],
  [
    'States.ArrayGetItem',
    { arguments: [2, 2], apply: (args) => itemOf(listAt(args, 0), roundedAt(args, 1)) },
  ],
  ['States.ArrayLength', { arguments: [1, 1], apply: (args) => listAt(args, 0).length }],
  ['States.ArrayUnique', { arguments: [1, 1], apply: (args) => unique(listAt(args, 0)) }],
  [
    'States.Base64Encode',
    { arguments: [1, 1], apply: (args) => Buffer.from(shortTextAt(args, 0), 'utf8').toString('base64') },
  ],
  [
    'States.Base64Decode',
    { arguments: [1, 1], apply: (args) => Buffer.from(shortTextAt(args, 0), 'base64').toString('utf8') },
  ],
  ['States.Hash', { arguments: [2, 2], apply: (args) => hash(args, textAt(args, 1)) }],
  ['States.JsonMerge', { arguments: [3, 3], apply: (args) => merge(args) }],
  ['States.StringToJson', { arguments: [1, 1], apply: (args) => parsed(textAt(args, 0)) }],
  ['States.JsonToString', { arguments: [1, 1], apply: (args) => JSON.stringify(args[0]) }],
  ['States.MathRandom', { arguments: [2, 3], apply: random }],
  ['States.MathAdd', { arguments: [2, 2], apply: (args) => roundedAt(args, 0) + roundedAt(args, 1) }],
  ['States.StringSplit', { arguments: [2, 2], apply: (args) => split(textAt(args, 0), textAt(args, 1)) }],
  ['States.UUID', { arguments: [0, 0], apply: (_, runtime) => runtime.uuid() }],
]);

function partition(list: readonly JsonValue[], size: number): JsonValue {
  const parts: JsonValue[] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}

function range(first: number, last: number, step: number): JsonValue {
  if (step === 0) throw new RuntimeFault('the increment is zero');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > ARRAY_RANGE_ITEMS_MAX)
    throw new RuntimeFault(`the range has more than ${ARRAY_RANGE_ITEMS_MAX} items`);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

function itemOf(list: readonly JsonValue[], index: number): JsonValue {
  const item = index < 0 ? undefined : list[index];
  if (item === undefined) throw new RuntimeFault(`there is no item ${index}`);
  return item;
}

function unique(list: readonly JsonValue[]): JsonValue {
  const seen: JsonValue[] = [];
  for (const item of list) if (!seen.some((known) => sameJson(known, item))) seen.push(item);
  return seen;
}

function hash(args: readonly JsonValue[], algorithm: string): JsonValue {
  const name = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  if (name === undefined) throw new RuntimeFault(`there is no hash algorithm '${algorithm}'`);
  const data = args[0] ?? null;
  const text = typeof data === 'string' ? shortTextAt(args, 0) : JSON.stringify(data);
  return createHash(name).update(text).digest('hex');
}

function merge(args: readonly JsonValue[]): JsonValue {
  const [first, second, deep] = args;
  if (!isObject(first) || !isObject(second)) throw new RuntimeFault('both arguments must be objects');
  if (deep !== false) throw new RuntimeFault('only the shallow merge (false) is supported');
  const merged: JsonObject = { ...first, ...second };
  return merged;
}

/** AWS gives null for a text that is empty or blank. */
function parsed(text: string): JsonValue {
  if (text.trim() === '') return null;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    throw new RuntimeFault('the text is not JSON');
  }
}

/** Between the start (inclusive) and the end (exclusive); with a seed the same number every time. */
function random(args: readonly JsonValue[], runtime: Runtime): JsonValue {
  const start = roundedAt(args, 0);
  const end = roundedAt(args, 1);
  if (end <= start) throw new RuntimeFault('the end is not after the start');
  const draw = args.length === 3 ? fractionOfSeed(roundedAt(args, 2)) : runtime.random();
  return start + Math.floor(draw * (end - start));
}

/** A number in [0, 1) from a seed, by one round of an integer hash. AWS's own sequence is not published. */
function fractionOfSeed(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** Splits at every character of the separator and drops empty parts, as AWS does. */
function split(text: string, separators: string): JsonValue {
  const parts: string[] = [];
  let part = '';
  for (const character of text) {
    if (!separators.includes(character)) part += character;
    else if (part !== '') {
      parts.push(part);
      part = '';
    }
  }
  if (part !== '') parts.push(part);
  return parts;
}

function listAt(args: readonly JsonValue[], index: number): readonly JsonValue[] {
  const value = args[index];
  if (isList(value)) return value;
  throw new RuntimeFault(`argument ${index + 1} is not an array`);
}

function textAt(args: readonly JsonValue[], index: number): string {
  const value = args[index];
  if (typeof value === 'string') return value;
  throw new RuntimeFault(`argument ${index + 1} is not a string`);
}

function shortTextAt(args: readonly JsonValue[], index: number): string {
  const text = textAt(args, index);
  if (text.length <= TEXT_CHARACTERS_MAX) return text;
  throw new RuntimeFault(`argument ${index + 1} has more than ${TEXT_CHARACTERS_MAX} characters`);
}

/** AWS rounds every number that an intrinsic function takes to the nearest integer, halves up. */
function roundedAt(args: readonly JsonValue[], index: number): number {
  const value = args[index];
  if (typeof value === 'number') return Math.round(value);
  throw new RuntimeFault(`argument ${index + 1} is not a number`);
}

function positiveAt(args: readonly JsonValue[], index: number): number {
  const value = roundedAt(args, index);
  if (value > 0) return value;
  throw new RuntimeFault(`argument ${index + 1} is not positive`);
}
