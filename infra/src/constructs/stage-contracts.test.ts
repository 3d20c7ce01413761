import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type EventName, STAGES, type StageName, sourceOf } from '@payments/schemas';
import { readContractSet } from '@payments/schemas/compatibility/contract-set';
import { RELEASED } from '@payments/schemas/compatibility/released-contracts';
import { openapiDocument } from '@payments/schemas/schema-registry/openapi-document';
import { loadEnvironment } from '../environment.ts';
import { ownerOf } from '../stages.ts';
import { type BuildStack, synthesizeStage } from '../synthesize.ts';
import { SynthesizedStack } from '../synthesized-stack.ts';

/** What Terraform would take for a reference or a directive, in any text. */
const TEMPLATE = /[$%]\{/;
const DESCRIPTION_LENGTH_MAX = 256;

const released = readContractSet(RELEASED);
const releasedEvents = [...released]
  .filter(([path]) => path.startsWith('events/'))
  .map(([path, { title }]) => ({ path, event: title as EventName }));

const directory = mkdtempSync(join(tmpdir(), 'payments-contracts-'));
const handlerZip = join(directory, 'handler.zip');
writeFileSync(handlerZip, 'no bundle: a stack is synthesized for a test');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What a stage's real stack publishes in an environment. */
async function publishedBy(stage: StageName, environment: string) {
  const infra = (await import(`../../../packages/${stage}/src/infra.ts`)) as { buildStack: BuildStack };
  const paths = { outDirectory: join(directory, environment), handlerZip };
  const path = synthesizeStage(stage, infra.buildStack, loadEnvironment(environment), paths);
  const stack = new SynthesizedStack(readFileSync(path, 'utf8'));
  return [...stack.resources('aws_schemas_schema').values()].map((schema) => ({
    stage,
    environment,
    registry: String(schema['registry_name']),
    name: String(schema['name']),
    description: String(schema['description']),
    type: schema['type'],
    content: String(schema['content']),
  }));
}

const published: Awaited<ReturnType<typeof publishedBy>> = [];
for (const environment of ['local', 'dev'])
  for (const stage of STAGES) published.push(...(await publishedBy(stage, environment)));
const local = published.filter(({ environment }) => environment === 'local');

describe('the contracts that the stages publish', () => {
  it('are those of all released events, each once, by the first stage that emits it', () => {
    const names = releasedEvents.map(({ event }) => {
      const owner = ownerOf(event);
      return owner === undefined ? `${event}, which no stage emits` : `${sourceOf(owner)}@${event}`;
    });
    expect(local.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  it('are published by the stage that their source names', () => {
    for (const { stage, name } of local) expect(name).toMatch(new RegExp(`^${sourceOf(stage)}@[A-Za-z]+$`));
  });

  it('say what was released', () => {
    for (const { path, event } of releasedEvents) {
      const { name = '', type, content = '{}' } = local.find((one) => one.name.endsWith(`@${event}`)) ?? {};
      const source = name.split('@')[0] ?? '';
      expect([type, JSON.parse(content)]).toEqual(['OpenApi3', openapiDocument(released, { path, source })]);
    }
  });

  it('go to the registry of their environment, and are the same in all', () => {
    for (const { environment, registry } of published)
      expect(registry).toBe(`payments-${environment}-platform-contracts`);
    const contents = Map.groupBy(published, ({ environment }) => environment);
    const texts = [...contents.values()].map((all) => all.map(({ content }) => content).join('\n'));
    expect(new Set(texts).size).toBe(1);
  });

  it('are texts that Terraform and the registry take as they are', () => {
    for (const { description, content } of local) {
      expect(content).not.toMatch(TEMPLATE);
      expect(description).not.toMatch(TEMPLATE);
      expect(description.length).toBeLessThanOrEqual(DESCRIPTION_LENGTH_MAX);
    }
  });
});
