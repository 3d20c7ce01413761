import { AwsError } from '../../core/aws-error.ts';
import type { Store } from '../../core/store.ts';

/** A container of schemas. */
export interface Registry {
  readonly name: string;
  readonly description: string | null;
}

/** A schema as it is now: its newest version. */
export interface StoredSchema {
  readonly registry: string;
  readonly name: string;
  readonly description: string | null;
  /** When it was changed last, its description included, in epoch milliseconds. */
  readonly modified_at: number;
  /** How many versions it has; the newest has this number. */
  readonly versions: number;
}

/** What a schema says from one version on. */
export interface SchemaVersion {
  readonly version: number;
  readonly type: string;
  readonly content: string;
  readonly created_at: number;
}

/** Registries, their schemas, and whatever these have said. */
export class SchemaStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS schemas_registry (name TEXT PRIMARY KEY, description TEXT) STRICT;
      CREATE TABLE IF NOT EXISTS schemas_schema (
        registry TEXT NOT NULL, name TEXT NOT NULL, description TEXT, modified_at INTEGER NOT NULL,
        versions INTEGER NOT NULL, PRIMARY KEY (registry, name)) STRICT;
      CREATE TABLE IF NOT EXISTS schemas_version (
        registry TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,
        content TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (registry, name, version)) STRICT;`);
  }

  putRegistry({ name, description }: Registry): void {
    this.#store.run('INSERT OR REPLACE INTO schemas_registry VALUES (?, ?)', name, description);
  }

  /** @throws AwsError NotFoundException */
  registry(name: string): Registry {
    const found = this.#store.get<Registry>('SELECT * FROM schemas_registry WHERE name = ?', name);
    return found ?? notFound(`Registry ${name}`);
  }

  registries(): Registry[] {
    return this.#store.all<Registry>('SELECT * FROM schemas_registry ORDER BY name');
  }

  /** Removes a registry with all its schemas. */
  removeRegistry(name: string): void {
    this.#store.atomically(() => {
      for (const schema of this.schemas(name)) this.removeSchema(name, schema.name);
      this.#store.run('DELETE FROM schemas_registry WHERE name = ?', name);
    });
  }

  /** Puts what a schema says now; it becomes a version when it is not what the newest says. */
  putSchema(
    { registry, name, description }: Pick<StoredSchema, 'registry' | 'name' | 'description'>,
    { type, content }: Pick<SchemaVersion, 'type' | 'content'>,
    now: number,
  ): void {
    this.#store.atomically(() => {
      const before = this.findSchema(registry, name);
      const newest = before && this.version(before);
      const same = newest?.type === type && newest.content === content;
      const versions = (before?.versions ?? 0) + (same ? 0 : 1);
      const row = [registry, name, description, now, versions];
      this.#store.run('INSERT OR REPLACE INTO schemas_schema VALUES (?, ?, ?, ?, ?)', ...row);
      if (same) return;
      const said = [registry, name, versions, type, content, now];
      this.#store.run('INSERT INTO schemas_version VALUES (?, ?, ?, ?, ?, ?)', ...said);
    });
  }

  findSchema(registry: string, name: string): StoredSchema | undefined {
    const sql = 'SELECT * FROM schemas_schema WHERE registry = ? AND name = ?';
    return this.#store.get<StoredSchema>(sql, registry, name);
  }

  /** @throws AwsError NotFoundException */
  schema(registry: string, name: string): StoredSchema {
    return this.findSchema(registry, name) ?? notFound(`Schema ${name} in registry ${registry}`);
  }

  schemas(registry: string): StoredSchema[] {
    const sql = 'SELECT * FROM schemas_schema WHERE registry = ? ORDER BY name';
    return this.#store.all<StoredSchema>(sql, registry);
  }

  /** @throws AwsError NotFoundException */
  version({ registry, name, versions }: StoredSchema, version: number = versions): SchemaVersion {
    const sql = 'SELECT * FROM schemas_version WHERE registry = ? AND name = ? AND version = ?';
    const found = this.#store.get<SchemaVersion>(sql, registry, name, version);
    return found ?? notFound(`Version ${version} of schema ${name} in registry ${registry}`);
  }

  versions({ registry, name }: StoredSchema): SchemaVersion[] {
    const sql = 'SELECT * FROM schemas_version WHERE registry = ? AND name = ? ORDER BY version DESC';
    return this.#store.all<SchemaVersion>(sql, registry, name);
  }

  removeSchema(registry: string, name: string): void {
    for (const table of ['schemas_version', 'schemas_schema'])
      this.#store.run(`DELETE FROM ${table} WHERE registry = ? AND name = ?`, registry, name);
  }
}

function notFound(what: string): never {
  throw new AwsError('NotFoundException', `${what} does not exist.`, { status: 404 });
}
