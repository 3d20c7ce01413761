import { compile } from 'json-schema-to-typescript';
import type { SchemaFile, SchemaObject } from './load-schemas.ts';

const BANNER = '/* Generated from the schemas beside this package. Do not edit: run `generate`. */\n\n';

/** The TypeScript types of all contracts as one file's text; each type once, named by its schema's title. */
export async function generateTypes(schemas: readonly SchemaFile[]): Promise<string> {
  const titles = new Map(schemas.map(({ path, title }) => [path.replace(/^.*\//, ''), title]));
  const definitions: Record<string, unknown> = {};
  for (const { title, schema } of schemas) {
    const { $schema, $id, $defs, ...rest } = schema;
    const own = Object.entries(($defs ?? {}) as Record<string, SchemaObject>);
    const localTitles = new Map(own.map(([name, definition]) => [name, String(definition['title'])]));
    definitions[title] = rewrite(rest, titles, localTitles);
    for (const [, definition] of own)
      definitions[String(definition['title'])] = rewrite(definition, titles, localTitles);
  }
  const text = await compile(
    { $defs: definitions, type: 'object', additionalProperties: false } as never,
    'Contracts',
    {
      bannerComment: BANNER,
      unreachableDefinitions: true,
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      format: true,
      style: { singleQuote: true, printWidth: 110 },
    },
  );
  const tidy = text
    .replace(/export interface Contracts \{\s*\}\n/, '')
    .replace(/ \*\n \* This interface was referenced by[^\n]*\n \* via the `definition` "\w+"\.\n/g, '');
  return `${tidy}${eventMap(schemas)}`;
}

function eventMap(schemas: readonly SchemaFile[]): string {
  const events = schemas.filter(({ path }) => path.startsWith('events/'));
  const lines = events.map(({ title }) => `  readonly ${title}: ${title}Record;`);
  return `\n/** The record type of every event. */\nexport interface EventRecords {\n${lines.join('\n')}\n}\n`;
}

/** Points every reference into one document, so that each type is written once. */
function rewrite(node: unknown, titles: Map<string, string>, local: Map<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => rewrite(item, titles, local));
  if (typeof node !== 'object' || node === null) return node;
  // A description beside a reference would make a second, numbered type of the same thing.
  const members =
    '$ref' in node ? Object.entries(node).filter(([key]) => key === '$ref') : Object.entries(node);
  const entries = members.map(([key, value]) => {
    if (key !== '$ref' || typeof value !== 'string') return [key, rewrite(value, titles, local)];
    const title = value.startsWith('#/$defs/')
      ? local.get(value.slice('#/$defs/'.length))
      : titles.get(value.replace(/^.*\//, ''));
    if (title === undefined) throw new Error(`a reference leads nowhere: ${value}`);
    return [key, `#/$defs/${title}`];
  });
  return Object.fromEntries(entries);
}
