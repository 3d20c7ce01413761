import { type Located, resolve } from './contract-set.ts';
import { partsOf, type SchemaParts } from './schema-parts.ts';

/** Why a value that one schema allows may be refused by another. */
export interface Refusal {
  /** The place in the value: `records[].amount.currency`; empty for the value itself. */
  readonly field: string;
  /** What differs, as the second half of a sentence about the field. */
  readonly says: string;
}

/** How whoever reads by a schema takes what the schema does not name. */
export interface Reading {
  /** Consumers let members pass that their contract does not name; producers and readers of configuration do not. */
  readonly unknownMembers: 'pass' | 'refuse';
  /** Whether a named member that cannot be there any more is missed, though its absence is allowed. */
  readonly missesMembers: boolean;
}

/** Least and most, by keyword, with what each limits. */
const BOUNDS = [
  { least: 'minimum', most: 'maximum', of: 'value' },
  { least: 'minLength', most: 'maxLength', of: 'length' },
  { least: 'minItems', most: 'maxItems', of: 'number of items' },
  { least: 'minProperties', most: 'maxProperties', of: 'number of members' },
] as const;

/**
 * Why values that `written` allows may be refused by who reads by `read`. None means that there is no such value; a
 * refusal may be a false alarm where two different patterns allow the same texts.
 *
 * @throws UnknownKeywordError for a keyword outside the part of JSON Schema that our contracts use
 */
export function refusals(written: Located, read: Located, reading: Reading): readonly Refusal[] {
  return [...new Comparison(reading).compare(written, read, '')];
}

class Comparison {
  readonly #reading: Reading;
  /** Pairs that are being compared: a schema that refers to itself says nothing new the second time. */
  readonly #open = new Map<unknown, Set<unknown>>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  *compare(writtenAt: Located, readAt: Located, field: string): Generator<Refusal> {
    const writtenSchema = resolve(writtenAt);
    const readSchema = resolve(readAt);
    const open = this.#open.get(writtenSchema.schema) ?? new Set();
    if (open.has(readSchema.schema)) return;
    this.#open.set(writtenSchema.schema, open.add(readSchema.schema));
    const written = partsOf(writtenSchema);
    const read = partsOf(readSchema);
    const values = valuesOf(written, read);
    if (values === undefined) {
      yield* scalarRefusals(written, read, field);
      yield* this.#items(written, read, field);
      yield* this.#members(written, read, field);
    } else {
      for (const value of values) {
        const why = whyRefused(value, read, written);
        if (why !== undefined) yield { field, says: `the value ${JSON.stringify(value)} is refused: ${why}` };
      }
    }
    open.delete(readSchema.schema);
  }

  *#items(written: SchemaParts, read: SchemaParts, field: string): Generator<Refusal> {
    if (!mayBe('array', written) || !mayBe('array', read)) return;
    if (read.uniqueItems && !written.uniqueItems) yield { field, says: 'equal items are refused' };
    if (read.items === undefined || written.number('maxItems') === 0) return;
    if (written.items === undefined) yield { field: `${field}[]`, says: 'anything may be an item' };
    else yield* this.compare(written.items, read.items, `${field}[]`);
  }

  *#members(written: SchemaParts, read: SchemaParts, field: string): Generator<Refusal> {
    if (!mayBe('object', written) || !mayBe('object', read)) return;
    for (const name of read.required) {
      if (!written.required.includes(name)) yield { field: member(field, name), says: 'may be missing' };
    }
    for (const name of new Set([...Object.keys(written.properties), ...Object.keys(read.properties)]))
      yield* this.#member(written, read, name, member(field, name));
    yield* this.#others(written.additional, read.additional, member(field, '*'));
    yield* this.#names(written, read, field);
  }

  *#member(written: SchemaParts, read: SchemaParts, name: string, field: string): Generator<Refusal> {
    const said = written.properties[name] ?? written.additional;
    const known = read.properties[name] ?? read.additional;
    if (said === 'none') {
      if (this.#reading.missesMembers) yield { field, says: 'is gone' };
    } else yield* this.#others(said, known, field);
  }

  /** Members as a whole: named ones and others alike. */
  *#others(written: SchemaParts['additional'], read: SchemaParts['additional'], field: string) {
    if (written === 'none' || read === 'any') return;
    if (read === 'none') {
      if (this.#reading.unknownMembers === 'refuse') yield { field, says: 'is a member that is not known' };
    } else if (written === 'any') yield { field, says: 'may be anything' };
    else yield* this.compare(written, read, field);
  }

  *#names(written: SchemaParts, read: SchemaParts, field: string): Generator<Refusal> {
    if (read.propertyNames === undefined) return;
    const names = partsOf(resolve(read.propertyNames));
    const own = written.propertyNames && partsOf(resolve(written.propertyNames));
    for (const name of Object.keys(written.properties)) {
      // A named member whose name is refused by the same schema is never written.
      if (own !== undefined && whyRefused(name, own, own) !== undefined) continue;
      const why = whyRefused(name, names, names);
      if (why !== undefined) yield { field: member(field, name), says: `the name is refused: ${why}` };
    }
    if (written.additional === 'none') return;
    const where = member(field, '(name)');
    if (written.propertyNames === undefined) yield { field: where, says: 'may be anything' };
    else yield* this.compare(written.propertyNames, read.propertyNames, where);
  }
}

function* scalarRefusals(written: SchemaParts, read: SchemaParts, field: string): Generator<Refusal> {
  const foreign = (written.types ?? ['anything']).filter((type) => !isAllowed(type, read));
  if (foreign.length > 0) {
    yield { field, says: `may be ${foreign.join(' or ')}, and is read as ${read.types?.join(' or ')}` };
    return;
  }
  if (read.values !== undefined)
    yield { field, says: `may be more than ${read.values.map((value) => JSON.stringify(value)).join(', ')}` };
  if (mayBe('string', written) && read.pattern !== undefined && read.pattern !== written.pattern)
    yield { field, says: `may be ${written.pattern ?? 'any text'}, and is read as ${read.pattern}` };
  if (mayBe('string', written) && read.format !== undefined && read.format !== written.format)
    yield { field, says: `need not be ${read.format}` };
  for (const { least, most, of } of BOUNDS) {
    const [low, lowest] = [written.number(least), read.number(least)];
    const [high, highest] = [written.number(most), read.number(most)];
    if (lowest !== undefined && (low ?? impliedLeast(of)) < lowest)
      yield { field, says: `the ${of} may be below ${lowest}, which is the least that is read` };
    if (highest !== undefined && (high ?? Number.POSITIVE_INFINITY) > highest)
      yield { field, says: `the ${of} may be above ${highest}, which is the most that is read` };
  }
}

/** The values of a schema where it lists them, or where the other side does and they are few. */
function valuesOf(written: SchemaParts, read: SchemaParts): readonly unknown[] | undefined {
  if (written.values !== undefined) return written.values;
  const isBoolean = written.types?.join() === 'boolean';
  return isBoolean && read.values !== undefined ? [true, false] : undefined;
}

/** Why a listed value is refused; lists hold texts, numbers and truth values. */
function whyRefused(value: unknown, read: SchemaParts, written: SchemaParts): string | undefined {
  const type = Number.isInteger(value) ? 'integer' : value === null ? 'null' : typeof value;
  if (!isAllowed(type, read)) return `it is read as ${read.types?.join(' or ')}`;
  if (read.values !== undefined && !read.values.includes(value)) return 'it is none that is read';
  if (typeof value === 'number') {
    if (value < (read.number('minimum') ?? Number.NEGATIVE_INFINITY)) return 'it is too little';
    if (value > (read.number('maximum') ?? Number.POSITIVE_INFINITY)) return 'it is too much';
  }
  if (typeof value !== 'string') return undefined;
  if (read.pattern !== undefined && !new RegExp(read.pattern, 'u').test(value))
    return `read as ${read.pattern}`;
  const { length } = [...value];
  if (length < (read.number('minLength') ?? 0)) return 'it is too short';
  if (length > (read.number('maxLength') ?? Number.POSITIVE_INFINITY)) return 'it is too long';
  return read.format === undefined || read.format === written.format ? undefined : `read as ${read.format}`;
}

function isAllowed(type: string, { types }: SchemaParts): boolean {
  return types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'));
}

function mayBe(type: string, { types }: SchemaParts): boolean {
  return types === undefined || types.includes(type);
}

/** A length or a number of things is never below zero; a value may be. */
function impliedLeast(of: (typeof BOUNDS)[number]['of']): number {
  return of === 'value' ? Number.NEGATIVE_INFINITY : 0;
}

function member(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
