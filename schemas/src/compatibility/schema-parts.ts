import type { SchemaObject } from '../load-schemas.ts';
import type { Located } from './contract-set.ts';

/** The keywords that say something about a value and that comparisons follow. */
const FOLLOWED = [
  ...['$ref', 'type', 'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['items', 'minItems', 'maxItems', 'uniqueItems'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'minProperties', 'maxProperties'],
];
/** Those that say nothing about a value. */
const SILENT = ['$schema', '$id', '$defs', 'title', 'description'];
const KNOWN: ReadonlySet<string> = new Set([...FOLLOWED, ...SILENT]);

/** A keyword that a comparison would pass over. */
export class UnknownKeywordError extends Error {
  override readonly name = 'UnknownKeywordError';
  readonly code = 'UnknownKeyword';
  readonly retryable = false;

  constructor(path: string, keyword: string) {
    super(
      `${path} uses ${keyword}, which comparisons of contracts do not follow: see schemas/src/compatibility/schema-parts.ts`,
    );
  }
}

/** What a schema says, by keyword; absent is what it leaves open. */
export interface SchemaParts {
  readonly types: readonly string[] | undefined;
  /** The only values there are, where they are listed. */
  readonly values: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Located>>;
  /** Members that are not named: any, none, or what a schema says of them. */
  readonly additional: 'any' | 'none' | Located;
  readonly propertyNames: Located | undefined;
  readonly items: Located | undefined;
  readonly uniqueItems: boolean;
  readonly number: (keyword: string) => number | undefined;
}

/**
 * Takes a schema apart that refers to no other one (see `resolve`).
 *
 * @throws UnknownKeywordError
 */
export function partsOf({ schema, path, set }: Located): SchemaParts {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword));
  if (unknown !== undefined) throw new UnknownKeywordError(path, unknown);
  const located = (node: unknown): Located | undefined =>
    isSchema(node) ? { schema: node, path, set } : undefined;
  const { type, enum: listed, additionalProperties, properties } = schema;
  const members = Object.entries((properties ?? {}) as Readonly<Record<string, SchemaObject>>);
  return {
    types: type === undefined ? undefined : ([type].flat() as string[]),
    values: 'const' in schema ? [schema['const']] : (listed as readonly unknown[] | undefined),
    pattern: textOf(schema['pattern']),
    format: textOf(schema['format']),
    required: (schema['required'] ?? []) as readonly string[],
    properties: Object.fromEntries(members.map(([name, member]) => [name, { schema: member, path, set }])),
    additional: located(additionalProperties) ?? (additionalProperties === false ? 'none' : 'any'),
    propertyNames: located(schema['propertyNames']),
    items: located(schema['items']),
    uniqueItems: schema['uniqueItems'] === true,
    number: (keyword) => (typeof schema[keyword] === 'number' ? schema[keyword] : undefined),
  };
}

function isSchema(node: unknown): node is SchemaObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function textOf(node: unknown): string | undefined {
  return typeof node === 'string' ? node : undefined;
}
