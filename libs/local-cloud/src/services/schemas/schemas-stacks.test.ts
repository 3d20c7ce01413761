import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { Deployer } from '../../terraform/deployer.ts';
import { readStack, type Stack } from '../../terraform/stack.ts';
import { simulatedContext } from '../sqs/simulated-context.ts';
import { SchemasService } from './schemas-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'schemas-stacks-'));
afterAll(() => rmSync(directory, { recursive: true }));

const REGISTRIES = { aws_schemas_registry: { contracts: { name: 'contracts' }, others: { name: 'others' } } };

function stack(name: string, resource: JsonObject): Stack {
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'cdk.tf.json');
  writeFileSync(file, JSON.stringify({ '//': { metadata: { stackName: name } }, resource }));
  return readStack(file);
}

function publishing(stackName: string, name: string, { title = 'A', registry = 'contracts' } = {}): Stack {
  const content = JSON.stringify({ openapi: '3.0.0', info: { title }, paths: {} });
  const contract = { registry_name: registry, name, type: 'OpenApi3', content };
  return stack(stackName, { aws_schemas_schema: { contract } });
}

async function setUp(): Promise<{ service: SchemasService; deployer: Deployer }> {
  const context = simulatedContext();
  const service = new SchemasService(context);
  const deployer = new Deployer(context.store, service.resourceTypes, []);
  await deployer.apply(stack('platform', REGISTRIES));
  return { service, deployer };
}

describe('a stack that publishes a schema', () => {
  it('changes what it says in place, replaces what it calls otherwise, and takes it along when it goes', async () => {
    const { service, deployer } = await setUp();
    const actionOf = async (wanted: Stack) => (await deployer.apply(wanted)).steps[0]?.action;
    const listed = () => service.call('ListSchemas', { RegistryName: 'contracts' })['Schemas'];
    expect(await actionOf(publishing('posting', 'payments.posting@A'))).toBe('create');
    expect(await actionOf(publishing('posting', 'payments.posting@A'))).toBe('none');
    expect(await actionOf(publishing('posting', 'payments.posting@A', { title: 'B' }))).toBe('update');
    expect(listed()).toMatchObject([{ SchemaName: 'payments.posting@A', VersionCount: 2 }]);
    expect(await actionOf(publishing('posting', 'payments.posting@B'))).toBe('replace');
    expect(listed()).toMatchObject([{ SchemaName: 'payments.posting@B', VersionCount: 1 }]);
    await deployer.destroy('posting');
    expect(listed()).toEqual([]);
  });

  it('is refused where another stack publishes it to the same registry, and not to another', async () => {
    const { deployer } = await setUp();
    await deployer.apply(publishing('posting', 'payments.posting@A'));
    expect(() => deployer.plan(publishing('rules', 'payments.posting@A'))).toThrow(
      '"payments.posting@A" is already aws_schemas_schema.contract of the stack "posting"',
    );
    const elsewhere = publishing('rules', 'payments.posting@A', { registry: 'others' });
    expect(deployer.plan(elsewhere)).toMatchObject([{ action: 'create' }]);
  });
});
