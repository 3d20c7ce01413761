import { loadSchemas, type SchemaFile, type SchemaObject } from './load-schemas.ts';

/** A place in a value, with the schema that speaks of it. */
export interface Place {
  /** The members and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly schema: SchemaObject;
  /** The file that the schema stands in. */
  readonly file: SchemaFile;
}

/** All that our schemas say. A keyword that is not here might lead to a place that the walk does not see. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$ref', '$defs', 'title', 'description', 'type', 'enum', 'const'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'minProperties', 'maxProperties'],
  ...['items', 'minItems', 'maxItems', 'uniqueItems', 'minimum', 'maximum'],
  ...['minLength', 'maxLength', 'pattern', 'format'],
]);

export const schemaFiles: readonly SchemaFile[] = loadSchemas();

/** Every place of a valid value: the value itself, its members, theirs, and so on. */
export function* placesOf(file: SchemaFile, value: unknown): Generator<Place> {
  yield* walk({ path: [], value, schema: file.schema, file });
}

function* walk(place: Place): Generator<Place> {
  const { path, value, file } = place;
  const { reference, items, properties, additional } = branchesOf(place.schema);
  if (reference !== undefined) {
    yield* walk({ ...place, ...leadsTo(reference, file) });
    return;
  }
  yield place;
  if (Array.isArray(value)) {
    if (items === undefined) return;
    for (const [index, item] of value.entries())
      yield* walk({ path: [...path, index], value: item, schema: items, file });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const schema = properties[name] ?? additional;
      if (schema !== undefined) yield* walk({ path: [...path, name], value: member, schema, file });
    }
  }
}

/** Every schema of a file, the file's own first, without following references. */
export function* schemasIn(schema: SchemaObject): Generator<SchemaObject> {
  yield schema;
  const { items, properties, additional, definitions } = branchesOf(schema);
  for (const branch of [items, additional, ...Object.values(properties), ...Object.values(definitions)])
    if (branch !== undefined) yield* schemasIn(branch);
}

/** Where a schema leads to, by keyword. */
export function branchesOf(schema: SchemaObject) {
  const { $ref, $defs, items, properties, additionalProperties } = schema;
  return {
    reference: typeof $ref === 'string' ? $ref : undefined,
    items: objectOf(items),
    additional: objectOf(additionalProperties),
    properties: (objectOf(properties) ?? {}) as Readonly<Record<string, SchemaObject>>,
    definitions: (objectOf($defs) ?? {}) as Readonly<Record<string, SchemaObject>>,
  };
}

function objectOf(node: unknown): SchemaObject | undefined {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
    ? (node as SchemaObject)
    : undefined;
}

/** The schema that a reference names, and the file that it is in. */
function leadsTo(reference: string, file: SchemaFile): Pick<Place, 'schema' | 'file'> {
  const definition = reference.replace('#/$defs/', '');
  if (definition !== reference) {
    const schema = branchesOf(file.schema).definitions[definition];
    if (schema !== undefined) return { schema, file };
  }
  const name = reference.replace(/^.*\//, '');
  const target = schemaFiles.find(({ path }) => path.endsWith(`/${name}`));
  if (target === undefined) throw new Error(`${file.path}: a reference leads nowhere: ${reference}`);
  return { schema: target.schema, file: target };
}

/** A copy of a value with one place replaced. */
export function withPlace(value: unknown, path: Place['path'], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? withPlace(item, rest, replacement) : item));
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: withPlace(members[key], rest, replacement) };
}
