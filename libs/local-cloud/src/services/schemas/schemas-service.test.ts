import {
  DescribeRegistryCommand,
  DescribeSchemaCommand,
  ListRegistriesCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
  NotFoundException,
  SchemasClient,
} from '@aws-sdk/client-schemas';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import type { ResourceState } from '../../core/resource.ts';
import { makeHandleRequest } from '../../transport/handle-request.ts';
import { sdkConfiguration } from '../../transport/sdk-request-handler.ts';
import { simulatedContext } from '../sqs/simulated-context.ts';
import { SchemasService } from './schemas-service.ts';

const REGISTRY = 'payments-local-platform-contracts';
const SCHEMA = 'payments.posting@TransactionPosted';
const REGISTRY_ARN = `arn:aws:schemas:eu-west-2:000000000000:registry/${REGISTRY}`;
const SCHEMA_ARN = `arn:aws:schemas:eu-west-2:000000000000:schema/${REGISTRY}/${SCHEMA}`;
const MINUTE_MS = 60_000;

const openapi = (title: string): string => JSON.stringify({ openapi: '3.0.0', info: { title }, paths: {} });
const ARGUMENTS = {
  registry_name: REGISTRY,
  name: SCHEMA,
  type: 'OpenApi3',
  content: openapi('first'),
  description: 'Booked.',
};

/** A service with the registry, its Terraform types, and a client that reads it by the wire. */
async function setUp(context = simulatedContext()) {
  const service = new SchemasService(context);
  const typeOf = (name: string) => {
    const type = service.resourceTypes.find(({ type: candidate }) => candidate === name);
    if (type === undefined) throw new Error(`there is no ${name}`);
    return type;
  };
  const handleRequest = makeHandleRequest(async (_name, operation, input) => service.call(operation, input), {
    requestId: () => context.runtime.uuid(),
    onDefect: (error) => {
      throw error;
    },
  });
  const client = new SchemasClient({
    ...sdkConfiguration(handleRequest, { kind: 'owner' }, 'eu-west-2'),
    maxAttempts: 1,
  });
  const registries = typeOf('aws_schemas_registry');
  const schemas = typeOf('aws_schemas_schema');
  await registries.create({ name: REGISTRY, description: 'Contracts' });
  const create = async (args: JsonObject = {}): Promise<ResourceState> => {
    const all = { ...ARGUMENTS, ...args };
    return { arguments: all, attributes: await schemas.create(all) };
  };
  return { context, client, registries, schemas, create };
}

describe('the schema registry', () => {
  it('is read as a stack has written it', async () => {
    const { context, client, create } = await setUp();
    const { attributes } = await create();
    expect(attributes).toEqual({
      id: `${SCHEMA}/${REGISTRY}`,
      arn: SCHEMA_ARN,
      version: '1',
      last_modified: new Date(context.runtime.now()).toISOString(),
      version_created_date: new Date(context.runtime.now()).toISOString(),
    });
    expect(await client.send(new DescribeRegistryCommand({ RegistryName: REGISTRY }))).toMatchObject({
      RegistryArn: REGISTRY_ARN,
      Description: 'Contracts',
      Tags: {},
    });
    expect(
      await client.send(new DescribeSchemaCommand({ RegistryName: REGISTRY, SchemaName: SCHEMA })),
    ).toMatchObject({
      SchemaArn: SCHEMA_ARN,
      SchemaName: SCHEMA,
      SchemaVersion: '1',
      Type: 'OpenApi3',
      Description: 'Booked.',
      Content: openapi('first'),
      LastModified: new Date(context.runtime.now()),
      VersionCreatedDate: new Date(context.runtime.now()),
    });
  });

  it('keeps what a schema has said as versions; a description is none', async () => {
    const { context, client, schemas, create } = await setUp();
    const created = await create();
    await context.advance(MINUTE_MS);
    const described = await schemas.update({ ...ARGUMENTS, description: 'Booked at last.' }, created);
    expect(described).toMatchObject({ version: '1', version_created_date: '2026-11-22T00:00:00.000Z' });
    expect(described).toMatchObject({ last_modified: '2026-11-22T00:01:00.000Z' });
    const changed = await schemas.update({ ...ARGUMENTS, content: openapi('second') }, created);
    expect(changed).toMatchObject({ version: '2', version_created_date: '2026-11-22T00:01:00.000Z' });
    const versions = await client.send(
      new ListSchemaVersionsCommand({ RegistryName: REGISTRY, SchemaName: SCHEMA }),
    );
    expect(versions.SchemaVersions?.map(({ SchemaVersion }) => SchemaVersion)).toEqual(['2', '1']);
    const first = new DescribeSchemaCommand({
      RegistryName: REGISTRY,
      SchemaName: SCHEMA,
      SchemaVersion: '1',
    });
    expect(await client.send(first)).toMatchObject({ Content: openapi('first'), SchemaVersion: '1' });
    const [listed] = (await client.send(new ListSchemasCommand({ RegistryName: REGISTRY }))).Schemas ?? [];
    expect(listed).toMatchObject({ SchemaName: SCHEMA, VersionCount: 2 });
  });

  it('is listed by prefix and page by page', async () => {
    const { client, registries, create } = await setUp();
    await registries.create({ name: 'another' });
    for (const event of ['A', 'B', 'C']) await create({ name: `payments.rules@${event}` });
    await create();
    const named = new ListRegistriesCommand({ RegistryNamePrefix: 'payments-' });
    expect((await client.send(named)).Registries).toEqual([
      { RegistryName: REGISTRY, RegistryArn: REGISTRY_ARN, Tags: {} },
    ]);
    expect((await client.send(new ListRegistriesCommand({}))).Registries).toHaveLength(2);
    const rules = { RegistryName: REGISTRY, SchemaNamePrefix: 'payments.rules@', Limit: 2 };
    const first = await client.send(new ListSchemasCommand(rules));
    const second = await client.send(new ListSchemasCommand({ ...rules, NextToken: first.NextToken }));
    expect([first, second].map(({ Schemas }) => Schemas?.map(({ SchemaName }) => SchemaName))).toEqual([
      ['payments.rules@A', 'payments.rules@B'],
      ['payments.rules@C'],
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it('is there after a restart', async () => {
    const { context, create } = await setUp();
    await create();
    const { client } = await setUp(simulatedContext({ store: context.store }));
    const listed = await client.send(new ListSchemasCommand({ RegistryName: REGISTRY }));
    expect(listed.Schemas).toHaveLength(1);
  });

  it('forgets a schema with its versions, and a registry with its schemas', async () => {
    const { client, registries, schemas, create } = await setUp();
    const schema = await create();
    const describeIt = new DescribeSchemaCommand({ RegistryName: REGISTRY, SchemaName: SCHEMA });
    await schemas.destroy(schema);
    await expect(client.send(describeIt)).rejects.toBeInstanceOf(NotFoundException);
    expect((await create()).attributes).toMatchObject({ version: '1' });
    await registries.destroy({ arguments: { name: REGISTRY }, attributes: {} });
    await expect(client.send(describeIt)).rejects.toThrow(`Registry ${REGISTRY} does not exist`);
    await registries.create({ name: REGISTRY });
    await expect(client.send(describeIt)).rejects.toThrow(
      `Schema ${SCHEMA} in registry ${REGISTRY} does not`,
    );
  });

  it.each([
    ['a registry that is not there', { registry_name: 'nothing' }, 'Registry nothing does not exist'],
    ['a name with a blank', { name: 'a b' }, 'name "a b" is not a name'],
    ['a type of another format', { type: 'Avro' }, 'Avro, is unknown'],
    ['content that is no JSON', { content: 'openapi: 3.0.0' }, 'is no JSON object'],
    ['a document of another version', { content: '{"openapi":"3.1.0"}' }, 'is no document of OpenAPI 3.0'],
    ['a schema of another draft', { type: 'JSONSchemaDraft4' }, 'is no JSON Schema of draft 4'],
    ['content that is too large', { content: openapi('x'.repeat(100_000)) }, '100000 are taken'],
    ['a description that is too long', { description: 'x'.repeat(257) }, 'at most 256 characters'],
  ])('refuses %s', async (_what, args, message) => {
    const { create } = await setUp();
    await expect(create(args)).rejects.toThrow(message);
  });

  it('takes a JSON Schema of draft 4', async () => {
    const { create } = await setUp();
    const content = '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object"}';
    expect((await create({ type: 'JSONSchemaDraft4', content })).attributes).toMatchObject({ version: '1' });
  });
});
