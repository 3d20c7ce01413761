import {
  explainProblem,
  type PostingField,
  type PostingHeader,
  type PostingInput,
  type PostingLeg,
  type PostingMapping,
} from '@payments/schemas';
import { PostingMapping as isPostingMapping } from '@payments/schemas/closed/posting-mapping';
import { PostingMappingError } from './errors.ts';
import { writerOf } from './field-format.ts';
import { mappingProblems } from './mapping-problems.ts';

/** Writes a posting input in a bank's own form, ready for JSON. */
export type WritePosting = (input: PostingInput) => unknown;

/** What a field is made from: the header, and the leg where there is one. */
interface From {
  readonly header: PostingHeader;
  readonly legs: readonly PostingLeg[];
  readonly leg?: PostingLeg;
}

type Write = (from: From) => unknown;
/** An object of what is written, by field; a field is written or is such an object itself. */
type Shape = Map<string, Write | Shape>;

/**
 * Compiles a mapping once into the function that writes postings.
 *
 * @param value a mapping of `schemas/configuration/posting-mapping.v1.json`
 * @throws PostingMappingError with every problem and the field it is of. What it gives throws PostingFieldError for a
 *   value that is too long for its field
 */
export function compileMapping(value: unknown): {
  readonly mapping: PostingMapping;
  readonly write: WritePosting;
} {
  if (!isPostingMapping(value)) throw new PostingMappingError('?', [explainProblem(isPostingMapping)]);
  const problems = mappingProblems(value);
  if (problems.length > 0) throw new PostingMappingError(value.name, problems);
  return { mapping: value, write: value.legs.layout === 'NESTED' ? nested(value) : flat(value) };
}

function nested({ legs, header, leg }: PostingMapping): WritePosting {
  const legShape = shapeOf(leg);
  const shape = shapeOf(header);
  place(shape, legs.to ?? '', (from) =>
    from.legs.map((each) => fill(legShape, { ...from, leg: each }) ?? {}),
  );
  return (input) => fill(shape, input) ?? {};
}

function flat({ legs, header, leg }: PostingMapping): WritePosting {
  const legShape = shapeOf([...header, ...leg]);
  const rows: Write = (from) => from.legs.map((each) => fill(legShape, { ...from, leg: each }) ?? {});
  if (legs.to === undefined) return rows;
  const shape: Shape = new Map();
  place(shape, legs.to, rows);
  return (input) => fill(shape, input) ?? {};
}

function shapeOf(fields: readonly PostingField[]): Shape {
  const shape: Shape = new Map();
  for (const field of fields) place(shape, field.to, writeOf(field));
  return shape;
}

function place(shape: Shape, path: string, write: Write): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let within = shape;
  for (const name of names) {
    const known = within.get(name);
    const next: Shape = known instanceof Map ? known : new Map();
    within.set(name, next);
    within = next;
  }
  within.set(last, write);
}

function writeOf(field: PostingField): Write {
  const { from, value, whenAbsent } = field;
  if (from === undefined) return () => value;
  const read = readerOf(from);
  const write = writerOf(field);
  return (source) => {
    const found = read(source);
    return found === undefined ? whenAbsent : write(found);
  };
}

/** Reads `leg.amount.currency` and the like; undefined where something on the way is not there. */
function readerOf(path: string): Write {
  const names = path.split('.');
  return (from) => {
    let value: unknown = from;
    for (const name of names) {
      if (value === undefined) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    return value;
  };
}

/** The object of a shape; fields without a value are left out, and an object that would be empty is no object. */
function fill(shape: Shape, from: From): Record<string, unknown> | undefined {
  const filled: Record<string, unknown> = {};
  let any = false;
  for (const [name, part] of shape) {
    const value = part instanceof Map ? fill(part, from) : part(from);
    if (value === undefined) continue;
    filled[name] = value;
    any = true;
  }
  return any ? filled : undefined;
}
