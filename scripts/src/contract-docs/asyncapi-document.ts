import type { SchemaFile, SchemaObject } from '@payments/schemas/load-schemas';
import { type CataloguedEvent, eventCatalogue } from './event-catalogue.ts';

/** The version of the specification that the document follows. */
const ASYNCAPI = '3.1.0';
const BUS = 'bus';

/**
 * The bus and all that is said on it, as an AsyncAPI 3 document: a channel for each event, an operation for each stage
 * that sends or receives it, the contracts as schemas.
 *
 * @param release the version of the contracts; that of no release is `0.0.0`
 */
export function asyncapiDocument(schemas: readonly SchemaFile[], release: string): Record<string, unknown> {
  const events = eventCatalogue(schemas);
  const shared = schemas.filter(({ path }) => path.startsWith('shared/'));
  const byTitle = <T>(make: (event: CataloguedEvent) => T): Record<string, T> =>
    Object.fromEntries(events.map((event) => [event.title, make(event)]));
  return {
    asyncapi: ASYNCAPI,
    info: {
      title: 'Card payments',
      version: release,
      description:
        'Events of card transactions, from their authorization to their reconciliation. Generated from schemas/ and packages/*/src/stage.ts by scripts/src/generate.ts.',
    },
    defaultContentType: 'application/json',
    servers: {
      [BUS]: {
        host: 'events.{region}.amazonaws.com',
        protocol: 'https',
        description:
          'The payments bus of an environment, on Amazon EventBridge. Messages are what its events carry as their detail.',
        variables: { region: { description: 'The AWS region of the environment.', default: 'eu-west-2' } },
      },
    },
    channels: byTitle(({ title, description, sources }) => ({
      address: title,
      title,
      description,
      servers: [{ $ref: `#/servers/${BUS}` }],
      messages: { [title]: { $ref: `#/components/messages/${title}` } },
      'x-eventbridge': { 'detail-type': title, ...(sources.length > 0 ? { source: sources } : {}) },
    })),
    operations: Object.fromEntries(events.flatMap(operationsOf)),
    components: {
      messages: byTitle(({ title, description, example }) => ({
        name: title,
        title,
        summary: description,
        contentType: 'application/json',
        payload: { $ref: `#/components/schemas/${title}` },
        examples: [{ name: 'example', payload: example }],
      })),
      schemas: Object.fromEntries([...events.flatMap(eventSchemas), ...shared.flatMap(sharedSchema(shared))]),
    },
  };

  function eventSchemas({ title, schema, path }: CataloguedEvent): [string, unknown][] {
    const { $defs, ...rest } = schema;
    const definitions = Object.entries(($defs ?? {}) as Readonly<Record<string, SchemaObject>>);
    const local = new Map(
      definitions.map(([name, definition]) => [`#/$defs/${name}`, String(definition['title'])]),
    );
    const parts: [string, unknown][] = definitions.map(([, definition]) => [
      String(definition['title']),
      repointed(definition, local, shared, path),
    ]);
    return [[title, repointed(rest, local, shared, path)], ...parts];
  }
}

/** Sending and receiving are told from the stage's side. */
function operationsOf({ title, emitters, consumers }: CataloguedEvent): [string, unknown][] {
  const operation = (stage: string, action: 'send' | 'receive'): [string, unknown] => [
    `${stage}-${action}s-${title}`,
    {
      action,
      title: `${stage} ${action}s ${title}`,
      channel: { $ref: `#/channels/${title}` },
      messages: [{ $ref: `#/channels/${title}/messages/${title}` }],
      tags: [{ name: stage }],
    },
  ];
  return [
    ...emitters.map((stage) => operation(stage, 'send')),
    ...consumers.map((stage) => operation(stage, 'receive')),
  ];
}

function sharedSchema(shared: readonly SchemaFile[]) {
  return ({ title, schema, path }: SchemaFile): [string, unknown][] => {
    const { $defs, ...rest } = schema;
    if ($defs !== undefined)
      throw new RangeError(`${path} has definitions of its own, which is not foreseen`);
    return [[title, repointed(rest, new Map(), shared, path)]];
  };
}

/** A schema whose references lead into the document, without what says where the file lies. */
function repointed(
  node: unknown,
  local: ReadonlyMap<string, string>,
  shared: readonly SchemaFile[],
  path: string,
): unknown {
  if (Array.isArray(node)) return node.map((item) => repointed(item, local, shared, path));
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node) {
    const reference = String(node.$ref);
    const name = reference.replace(/^.*\//, '');
    const title = local.get(reference) ?? shared.find((file) => file.path === `shared/${name}`)?.title;
    if (title === undefined) throw new RangeError(`${path}: a reference leads nowhere: ${reference}`);
    return { ...node, $ref: `#/components/schemas/${title}` };
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(['$id', '$schema'].includes(key) && typeof value === 'string'))
      .map(([key, value]) => [key, repointed(value, local, shared, path)]),
  );
}
