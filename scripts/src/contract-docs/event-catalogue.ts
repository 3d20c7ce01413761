import { readdirSync, readFileSync } from 'node:fs';
import { type StageDeclaration, type StageName, sourceOf } from '@payments/schemas';
import { loadSchemas, type SchemaFile, type SchemaObject } from '@payments/schemas/load-schemas';
import { STAGE_DECLARATIONS } from '../../../infra/src/stages.ts';

/** An event as its contract and the declarations of the stages tell of it. */
export interface CataloguedEvent {
  /** Its detail-type on the bus. */
  readonly title: string;
  /** Its contract: `events/transaction-posted.v1.json`. */
  readonly path: string;
  readonly description: string;
  readonly emitters: readonly StageName[];
  readonly consumers: readonly StageName[];
  /** The `source` values that it carries on the bus; empty for one that only producers outside emit. */
  readonly sources: readonly string[];
  readonly schema: SchemaObject;
  /** An accepted example of its contract: the shortest. */
  readonly example: unknown;
}

const EXAMPLES = new URL('../../../schemas/examples/', import.meta.url);
const DECLARATIONS: readonly StageDeclaration[] = Object.values(STAGE_DECLARATIONS);

/** Every event, in the order in which the stages emit them; at last those that no stage emits. */
export function eventCatalogue(schemas: readonly SchemaFile[] = loadSchemas()): readonly CataloguedEvent[] {
  const files = schemas.filter(({ path }) => path.startsWith('events/'));
  const order: readonly string[] = DECLARATIONS.flatMap(({ emits }) => emits);
  const place = (title: string): number => (order.includes(title) ? order.indexOf(title) : order.length);
  return files.map(catalogued).sort((one, other) => place(one.title) - place(other.title));
}

/** The stages that declare to consume an event, and those that declare to emit it. */
export function concernedBy(title: string): Pick<CataloguedEvent, 'consumers' | 'emitters'> {
  const names = (member: 'consumes' | 'emits'): readonly StageName[] =>
    DECLARATIONS.filter((stage) => (stage[member] as readonly string[]).includes(title)).map(
      ({ name }) => name,
    );
  return { consumers: names('consumes'), emitters: names('emits') };
}

function catalogued({ path, title, schema }: SchemaFile): CataloguedEvent {
  const { consumers, emitters } = concernedBy(title);
  return {
    title,
    path,
    description: String(schema['description']),
    emitters,
    consumers,
    sources: emitters.map(sourceOf),
    schema,
    example: shortestExample(path),
  };
}

function shortestExample(path: string): unknown {
  const folder = new URL(`${path.replace('events/', '').replace(/\.json$/, '')}/accepted/`, EXAMPLES);
  const [text] = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .sort((one, other) => one.length - other.length);
  if (text === undefined) throw new RangeError(`${path} has no accepted example`);
  return JSON.parse(text);
}
