import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';
import { registryArn, schemaArn } from './schema-arns.ts';
import type { SchemaStore } from './schema-store.ts';

/** Limits of CreateRegistry and CreateSchema (Schema Registry API reference), in characters. */
const REGISTRY_NAME_LENGTH_MAX = 64;
const SCHEMA_NAME_LENGTH_MAX = 385;
const DESCRIPTION_LENGTH_MAX = 256;
const CONTENT_LENGTH_MAX = 100_000;
const NAME = /^[0-9A-Za-z_.@-]+$/;

const TAGS = 'Nobody bills one machine by tags.';

/** The Terraform resources of the schema registry. */
export function schemasResources(account: Account, runtime: Runtime, store: SchemaStore): ResourceType[] {
  return [registryType(account, store), schemaType(account, runtime, store)];
}

function registryType(account: Account, store: SchemaStore): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = nameIn(args, 'name', REGISTRY_NAME_LENGTH_MAX);
    store.putRegistry({ name, description: descriptionIn(args) });
    return { id: name, name, arn: registryArn(account, name) };
  };
  return {
    type: 'aws_schemas_registry',
    runs: ['name', 'description'],
    accepts: { tags: TAGS },
    create: put,
    update: put,
    destroy: (state) => store.removeRegistry(textIn(state.arguments, 'name')),
  };
}

function schemaType(account: Account, runtime: Runtime, store: SchemaStore): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const registry = store.registry(textIn(args, 'registry_name')).name;
    const name = nameIn(args, 'name', SCHEMA_NAME_LENGTH_MAX);
    const type = textIn(args, 'type');
    const content = textIn(args, 'content');
    assertContent(name, type, content);
    store.putSchema({ registry, name, description: descriptionIn(args) }, { type, content }, runtime.now());
    const schema = store.schema(registry, name);
    return {
      id: `${name}/${registry}`,
      arn: schemaArn(account, registry, name),
      version: String(schema.versions),
      last_modified: new Date(schema.modified_at).toISOString(),
      version_created_date: new Date(store.version(schema).created_at).toISOString(),
    };
  };
  return {
    type: 'aws_schemas_schema',
    runs: ['name', 'registry_name', 'type', 'content', 'description'],
    accepts: { tags: TAGS },
    create: put,
    update: put,
    destroy: ({ arguments: args }) => store.removeSchema(textIn(args, 'registry_name'), textIn(args, 'name')),
  };
}

/** What the registry looks at: that it is JSON, and a document of its type. @throws AwsError BadRequestException */
function assertContent(name: string, type: string, content: string): void {
  if (content.length > CONTENT_LENGTH_MAX)
    throw refusal(
      `The content of ${name} has ${content.length} characters; ${CONTENT_LENGTH_MAX} are taken.`,
    );
  const document = parsed(name, content);
  if (type === 'OpenApi3') {
    if (/^3\.0\.\d+$/.test(String(document['openapi']))) return;
    throw refusal(`The content of ${name} is no document of OpenAPI 3.0.`);
  }
  if (type !== 'JSONSchemaDraft4') throw refusal(`The type of ${name}, ${type}, is unknown.`);
  if (String(document['$schema']).startsWith('http://json-schema.org/draft-04/schema')) return;
  throw refusal(`The content of ${name} is no JSON Schema of draft 4.`);
}

function parsed(name: string, content: string): JsonObject {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === 'object' && value !== null) return value as JsonObject;
  } catch {
    // Said below, as for what is JSON and no object.
  }
  throw refusal(`The content of ${name} is no JSON object.`);
}

function nameIn(args: JsonObject, argument: string, max: number): string {
  const name = textIn(args, argument);
  if (name.length <= max && NAME.test(name)) return name;
  throw refusal(`${argument} "${name}" is not a name of up to ${max} letters, digits and _ . @ -`);
}

function descriptionIn({ description = null }: JsonObject): string | null {
  if (description === null) return null;
  if (typeof description === 'string' && description.length <= DESCRIPTION_LENGTH_MAX) return description;
  throw refusal(`A description has at most ${DESCRIPTION_LENGTH_MAX} characters.`);
}

function textIn(args: JsonObject, argument: string): string {
  const value = args[argument];
  if (typeof value === 'string' && value !== '') return value;
  throw refusal(`${argument} is required.`);
}

function refusal(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
