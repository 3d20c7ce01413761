import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { SCHEMA_FOLDERS, type SchemaFile, type SchemaObject } from '../load-schemas.ts';

/** Contracts that belong together: each file's schema by its path, for example `events/transaction-posted.v1.json`. */
export type ContractSet = ReadonlyMap<string, SchemaObject>;

/** A schema or a part of one, with where it stands, so that its references can be followed. */
export interface Located {
  readonly schema: SchemaObject;
  /** The path of the file that it stands in. */
  readonly path: string;
  readonly set: ContractSet;
}

const DEFINITION = '#/$defs/';

/** The contracts of these files. */
export function contractSet(files: readonly Pick<SchemaFile, 'path' | 'schema'>[]): ContractSet {
  return new Map(files.map(({ path, schema }) => [path, schema]));
}

/** Reads the contracts that lie below a folder; a folder that is not there holds none. */
export function readContractSet(root: URL): ContractSet {
  const paths = SCHEMA_FOLDERS.flatMap((folder) => {
    const url = new URL(`${folder}/`, root);
    const names = existsSync(url) ? readdirSync(url) : [];
    return names.filter((name) => name.endsWith('.json')).map((name) => `${folder}/${name}`);
  });
  return new Map(
    paths.sort().map((path) => [path, JSON.parse(readFileSync(new URL(path, root), 'utf8')) as SchemaObject]),
  );
}

/**
 * What a schema says where it refers to another one: that other one. What stands beside a reference in our contracts
 * is a description alone.
 *
 * @throws RangeError for a reference that leads nowhere
 */
export function resolve(located: Located): Located {
  const { schema, path, set } = located;
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return located;
  const [file = '', definition] = reference.split(DEFINITION);
  const target = file === '' || file === '#' ? path : posix.join(posix.dirname(path), file);
  const document = set.get(target);
  const definitions = document?.['$defs'] as Readonly<Record<string, SchemaObject>> | undefined;
  const found = definition === undefined ? document : definitions?.[definition];
  if (found === undefined) throw new RangeError(`${path}: a reference leads nowhere: ${reference}`);
  return resolve({ schema: found, path: target, set });
}
