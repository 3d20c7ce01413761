import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSchemas } from '@payments/schemas/load-schemas';
import { parse } from 'yaml';
import { eventCatalogue } from './event-catalogue.ts';
import { generatedDocuments } from './generated-documents.ts';

const ROOT = new URL('../../../', import.meta.url);
const documents = generatedDocuments();
const events = eventCatalogue();
const page = documents['docs/events.md'] ?? '';
const text = documents['docs/asyncapi.yaml'] ?? '';
type Json = { [key: string]: Json } & Json[];
const document = parse(text) as Json;

it('the documents are those that contracts and declarations make', () => {
  const stale = Object.entries(documents).filter(
    ([path, made]) => readFileSync(new URL(path, ROOT), 'utf8') !== made,
  );
  // Run: pnpm --filter @payments/scripts generate
  expect(stale.map(([path]) => path)).toEqual([]);
});

describe('docs/asyncapi.yaml', () => {
  const parser = new Parser();
  const problemsOf = async (source: string): Promise<string[]> =>
    (await parser.parse(source)).diagnostics.map(({ path, message }) => `${path.join('.')}: ${message}`);
  let parsed: Awaited<ReturnType<Parser['parse']>>;

  beforeAll(async () => {
    parsed = await parser.parse(text);
  });

  it('is an AsyncAPI 3 document', async () => {
    expect(await problemsOf(text)).toEqual([]);
    expect(parsed.document?.version()).toBe('3.1.0');
  });

  it('has a channel, a message and a schema for each event', () => {
    const titles = events.map(({ title }) => title).sort();
    expect(
      parsed.document
        ?.channels()
        .all()
        .map((channel) => channel.address())
        .sort(),
    ).toEqual(titles);
    expect(
      parsed.document
        ?.allMessages()
        .all()
        .map((message) => message.name())
        .sort(),
    ).toEqual(titles);
    for (const title of titles) expect(document['components']?.['schemas']).toHaveProperty(title);
  });

  it('has an operation for each stage that sends or receives', () => {
    const count = events.reduce((sum, event) => sum + event.emitters.length + event.consumers.length, 0);
    expect(parsed.document?.operations().all()).toHaveLength(count);
    expect(count).toBeGreaterThan(events.length);
  });

  it('would not pass with a reference that leads nowhere, or an example that its contract refuses', async () => {
    const lost = text.replace("$ref: '#/components/schemas/Money'", "$ref: '#/components/schemas/Nothing'");
    const lostBare = text.replace(
      '$ref: "#/components/schemas/Money"',
      '$ref: "#/components/schemas/Nothing"',
    );
    expect(lost === text && lostBare === text).toBe(false);
    expect(await problemsOf(lost === text ? lostBare : lost)).not.toEqual([]);
    expect(
      (await problemsOf(text.replace('asyncapi: 3.1.0', 'asyncapi: 3.1.0\nplanted: 1'))).join(),
    ).toContain('planted');
  });
});

describe('docs/events.md', () => {
  it.each(events.map((event) => [event.title, event] as const))('tells of %s', (title, event) => {
    const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section).toContain(event.description);
    for (const stage of event.emitters) expect(section).toContain(`\`payments.${stage}\``);
    for (const stage of event.consumers) expect(section).toMatch(new RegExp(`Consumed by: .*${stage}`));
    expect(section).toContain('| `transactionId` | [Identifier](#identifier) | yes |');
    expect(section).toContain('"records": [');
  });

  it('explains every type that it links to', () => {
    const headings = new Set([...page.matchAll(/^#+ (\w+)$/gm)].map(([, title]) => title?.toLowerCase()));
    const links = new Set([...page.matchAll(/\]\(#(\w+)\)/g)].map(([, target]) => target));
    expect(links.size).toBeGreaterThan(events.length);
    expect([...links].filter((link) => !headings.has(link))).toEqual([]);
  });

  it('names every member of every record', () => {
    for (const { title, schema } of events) {
      const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
      const { properties } = (schema['$defs'] as Json)['record'] as Json;
      for (const name of Object.keys(properties ?? {})) expect(section).toContain(`| \`${name}\` |`);
    }
  });
});

it('every event has its file', () => {
  const files = loadSchemas().filter(({ path }) => path.startsWith('events/'));
  expect(events.map(({ path }) => path).sort()).toEqual(files.map(({ path }) => path));
});
