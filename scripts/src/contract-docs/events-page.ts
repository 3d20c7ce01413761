import type { SchemaFile, SchemaObject } from '@payments/schemas/load-schemas';
import { type CataloguedEvent, eventCatalogue } from './event-catalogue.ts';
import { type FieldRow, FieldRows } from './field-rows.ts';

const METADATA = 'shared/metadata.v1.json';

const HEAD = `# Events

<!-- Generated from schemas/ and packages/*/src/stage.ts. Do not edit: run \`node scripts/src/generate.ts\`. -->

What is said on the bus: each event with who emits it, who consumes it, and what its records hold. The same for machines
is [asyncapi.yaml](asyncapi.yaml); the contracts are in \`schemas/events\`, and how they may change is in
[schemas/README.md](../schemas/README.md). Each environment has those that are released in EventBridge's schema registry,
\`<system>-<environment>-platform-contracts\`, as \`payments.<stage>@<event>\` ([why](decisions/0024-schema-registry.md)).

## Delivery

An event is \`detail = { metadata, records: [1..N] }\` on the payments bus ([why](decisions/0003-envelope-of-records.md)).
The bus routes by \`source\` (\`payments.<stage>\`) and \`detail-type\` (the event's name). What holds for each consumer:

- **At least once, in no order.** The same record comes again with the same \`idempotencyKey\`, maybe in another event.
- **Behind a queue of its own**, with a dead-letter queue on both hops (rules: a workflow that the rule starts). How many
  events an invocation takes, and how long they wait, is [configuration](decisions/0011-delivery-modes.md).
- **Members that a consumer does not know pass.** A record that breaks its contract is set aside alone; the others go on.
- **From the archive**, what a consumer missed can be given to it once more; \`metadata.replay\` then names the replay.
`;

/** \`docs/events.md\`. */
export function eventsPage(schemas: readonly SchemaFile[]): string {
  const events = eventCatalogue(schemas);
  const rows = new FieldRows(schemas);
  const metadata = schemas.find(({ path }) => path === METADATA);
  if (metadata === undefined) throw new RangeError(`${METADATA} is missing`);
  const used = sharedOf(events, schemas);
  return [
    HEAD,
    '## Overview\n',
    table(
      ['event', 'says', 'from', 'to'],
      events.map((event) => [
        `[${event.title}](#${event.title.toLowerCase()})`,
        event.description,
        event.emitters.join(', ') || 'outside',
        event.consumers.join(', ') || '–',
      ]),
    ),
    ...events.map((event) => section(event, rows)),
    '## Metadata of every event\n',
    fieldTable(rows.of(metadata.schema)),
    '## Types\n',
    ...used.map((file) => typeSection(file, rows)),
  ].join('\n');
}

function section(event: CataloguedEvent, rows: FieldRows): string {
  const { title, path, description, emitters, consumers, schema, example } = event;
  const record = ((schema['$defs'] ?? {}) as Readonly<Record<string, SchemaObject>>)['record'] ?? {};
  const emitted = emitters.map((name) => `${name} (\`payments.${name}\`)`).join(', ');
  return `## ${title}

${description}

- Emitted by: ${emitted || 'producers outside, under a source of their own that starts with `payments.`'}
- Consumed by: ${consumers.join(', ') || 'no stage: it is for subscribers outside, and for the archive'}
- Contract: [\`${path.replace('events/', '')}\`](../schemas/${path})

${fieldTable(rows.of(record))}
<details><summary>Example</summary>

\`\`\`json
${JSON.stringify(example, undefined, 2)}
\`\`\`

</details>
`;
}

function typeSection({ title, path, schema }: SchemaFile, rows: FieldRows): string {
  const fields = rows.of(schema);
  const what = fields.length > 0 ? `\n${fieldTable(fields)}` : ` It is ${rows.typeOf(schema)}.\n`;
  return `### ${title}\n\n${schema['description'] ?? ''} ([\`${path.replace('shared/', '')}\`](../schemas/${path}))${what}`;
}

function fieldTable(fields: readonly FieldRow[]): string {
  const cells = fields.map(({ name, type, required, description }) => [
    `\`${name}\``,
    type,
    required ? 'yes' : '',
    description,
  ]);
  return table(['field', 'type', 'always', 'says'], cells);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

/** The shared schemas that events lead to, directly or by others, by title. */
function sharedOf(events: readonly CataloguedEvent[], schemas: readonly SchemaFile[]): readonly SchemaFile[] {
  const found = new Set<SchemaFile>();
  const visit = (schema: SchemaObject): void => {
    for (const [, name] of JSON.stringify(schema).matchAll(/"\$ref":"(?:[^"#]*\/)?([^"#/]+\.json)"/g)) {
      const file = schemas.find(({ path }) => path === `shared/${name}`);
      if (file === undefined || found.has(file)) continue;
      found.add(file);
      visit(file.schema);
    }
  };
  for (const { schema } of events) visit(schema);
  return [...found]
    .filter(({ path }) => path !== METADATA)
    .sort((one, other) => (one.title < other.title ? -1 : 1));
}
