import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { present } from '../events/request-member.ts';
import { registryArn, schemaArn } from './schema-arns.ts';
import { type Registry, SchemaStore, type StoredSchema } from './schema-store.ts';
import { schemasResources } from './schemas-resources.ts';

/** How many a page holds at the most, and unless a smaller limit is asked for. */
const LISTED_MAX = 100;

type Operation = (input: JsonObject) => JsonObject;

/**
 * EventBridge's schema registry, to be read: stacks write it. Not run: discovery, code bindings, search, and
 * ExportSchema, which AWS refuses for schemas that are not its own or discovered (EventBridge user guide, "Schema
 * registries").
 */
export class SchemasService implements LocalService {
  readonly name = 'schemas';
  readonly resourceTypes: readonly ResourceType[];
  readonly #account: Account;
  readonly #store: SchemaStore;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor({ account, runtime, store }: ServiceContext) {
    this.#account = account;
    this.#store = new SchemaStore(store);
    this.resourceTypes = schemasResources(account, runtime, this.#store);
    this.#operations = new Map<string, Operation>([
      ['ListRegistries', (input) => this.#listRegistries(input)],
      ['DescribeRegistry', (input) => this.#describeRegistry(this.#registry(input))],
      ['ListSchemas', (input) => this.#listSchemas(input)],
      ['DescribeSchema', (input) => this.#describeSchema(this.#schema(input), input['SchemaVersion'])],
      ['ListSchemaVersions', (input) => this.#listVersions(input)],
    ]);
  }

  call(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations.get(operation);
    if (run !== undefined) return run(input);
    throw new AwsError('UnknownOperationException', `The local cloud does not run schemas:${operation}.`);
  }

  resume(): void {}

  outstanding(): number {
    return 0;
  }

  #listRegistries(input: JsonObject): JsonObject {
    const prefix = textOf(input, 'RegistryNamePrefix');
    const found = this.#store.registries().filter(({ name }) => name.startsWith(prefix));
    return page(input, 'Registries', found, ({ name }) => ({
      RegistryName: name,
      RegistryArn: registryArn(this.#account, name),
      tags: {},
    }));
  }

  #describeRegistry({ name, description }: Registry): JsonObject {
    const RegistryArn = registryArn(this.#account, name);
    return present({ RegistryName: name, RegistryArn, Description: description, tags: {} });
  }

  #listSchemas(input: JsonObject): JsonObject {
    const { name: registry } = this.#registry(input);
    const prefix = textOf(input, 'SchemaNamePrefix');
    const found = this.#store.schemas(registry).filter(({ name }) => name.startsWith(prefix));
    return page(input, 'Schemas', found, ({ name, modified_at, versions }) => ({
      SchemaName: name,
      SchemaArn: schemaArn(this.#account, registry, name),
      LastModified: new Date(modified_at).toISOString(),
      VersionCount: versions,
      tags: {},
    }));
  }

  #describeSchema(schema: StoredSchema, asked: JsonObject[string]): JsonObject {
    const said = this.#store.version(schema, asked === undefined ? undefined : Number(asked));
    return present({
      SchemaName: schema.name,
      SchemaArn: schemaArn(this.#account, schema.registry, schema.name),
      SchemaVersion: String(said.version),
      Description: schema.description,
      Type: said.type,
      Content: said.content,
      LastModified: new Date(schema.modified_at).toISOString(),
      VersionCreatedDate: new Date(said.created_at).toISOString(),
      tags: {},
    });
  }

  #listVersions(input: JsonObject): JsonObject {
    const schema = this.#schema(input);
    return page(input, 'SchemaVersions', this.#store.versions(schema), ({ version, type }) => ({
      SchemaName: schema.name,
      SchemaArn: schemaArn(this.#account, schema.registry, schema.name),
      SchemaVersion: String(version),
      Type: type,
    }));
  }

  #registry(input: JsonObject): Registry {
    return this.#store.registry(textOf(input, 'RegistryName'));
  }

  #schema(input: JsonObject): StoredSchema {
    return this.#store.schema(this.#registry(input).name, textOf(input, 'SchemaName'));
  }
}

/** A page of a list; the token says how many came before it. */
function page<Item>(
  input: JsonObject,
  member: string,
  items: readonly Item[],
  summary: (item: Item) => JsonObject,
): JsonObject {
  const { Limit = LISTED_MAX, NextToken = '0' } = input;
  const from = Number(NextToken);
  const to = from + Math.min(Number(Limit), LISTED_MAX);
  const listed = items.slice(from, to).map(summary);
  return { [member]: listed, ...(to < items.length ? { NextToken: String(to) } : {}) };
}

function textOf(input: JsonObject, member: string): string {
  const value = input[member];
  return typeof value === 'string' ? value : '';
}
