import { readdirSync, readFileSync } from 'node:fs';

/** A JSON Schema document as it lies in this package. */
export interface SchemaFile {
  /** Its path below the package, for example `events/transaction-posted.v1.json`. */
  readonly path: string;
  /** Its title: the name of the generated type. */
  readonly title: string;
  readonly schema: SchemaObject;
}

/** A JSON Schema or a part of one. */
export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

const ROOT = new URL('../', import.meta.url);
/** The folders that hold contracts, in the order in which they are listed. */
export const SCHEMA_FOLDERS = ['shared', 'events', 'configuration'] as const;

/** Reads every contract of this package. */
export function loadSchemas(): SchemaFile[] {
  return SCHEMA_FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, ROOT))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => {
        const path = `${folder}/${name}`;
        const schema = JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')) as SchemaObject;
        if (typeof schema['title'] !== 'string') throw new Error(`${path} has no title`);
        return { path, title: schema['title'], schema };
      }),
  );
}

/** The file name in kebab-case without folder and version: `transaction-posted`. */
export function baseName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.v\d+\.json$/, '');
}
