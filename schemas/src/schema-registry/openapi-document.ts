/**
 * Contracts in the words of OpenAPI 3.0, which EventBridge's schema registry takes, and of which it makes code.
 *
 * A document is self-contained and laid out as the registry's own discoverer lays one out: `AWSEvent` is the event as a
 * rule's target gets it, its detail is the contract, and objects that the contract refers to are components. What is
 * referred to and is no object (an identifier, a moment, a text) stands where it is used, so that code that is made of
 * the document has a string there, and not a class.
 *
 * Said in another way: `const` is an `enum` of one value; an `enum` gets its type.
 *
 * Not said, on purpose:
 * - `additionalProperties: false`. Who reads the registry reads events, and members may be added to these.
 * - What the formats `pan-free` and `iban` check. Their names stay; OpenAPI knows no such formats, and leaves unknown ones
 *   to whoever reads them.
 * - What a member says beside a reference to an object: OpenAPI 3.0 takes nothing beside `$ref`. The object's own
 *   description stays.
 * - `$schema`, `$id` and an empty `required`, which OpenAPI 3.0 does not know.
 *
 * Any other keyword is refused, so that nothing is lost unseen.
 */
import { type ContractSet, type Located, resolve } from '../compatibility/contract-set.ts';
import type { SchemaObject } from '../load-schemas.ts';

/** The version that the registry's own documents have. */
const OPENAPI = '3.0.0';
/** The component that stands for the whole event; toolkits look for it by this name. */
const ENVELOPE = 'AWSEvent';

/** What both languages say with the same words, and that leads to no other schema. */
const SAME: ReadonlySet<string> = new Set([
  ...['title', 'description', 'enum', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
]);
const UNSAID: ReadonlySet<string> = new Set(['$schema', '$id', '$defs']);

/** The event, and who says it. */
export interface PublishedEvent {
  /** The contract's path in its set: `events/transaction-posted.v1.json`. */
  readonly path: string;
  /** What its events carry on the bus: `payments.posting`. */
  readonly source: string;
}

/** A schema object of OpenAPI 3.0. */
type OpenapiSchema = Readonly<Record<string, unknown>>;

/** A document of OpenAPI 3.0 with schemas and no paths. */
export interface OpenapiDocument {
  readonly openapi: typeof OPENAPI;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, never>>;
  readonly components: { readonly schemas: Readonly<Record<string, OpenapiSchema>> };
}

/** A keyword that this translation does not know. */
export class UntranslatableKeywordError extends Error {
  override readonly name = 'UntranslatableKeywordError';
  readonly code = 'UntranslatableKeyword';
  readonly retryable = false;

  constructor(path: string, keyword: string, value: unknown) {
    super(
      `${path} says ${keyword}: ${JSON.stringify(value)}, which is not translated to OpenAPI 3.0: see schemas/src/schema-registry/openapi-document.ts`,
    );
  }
}

/**
 * The document of one event's contract, with all that it refers to.
 *
 * @throws UntranslatableKeywordError; RangeError for a reference that leads nowhere
 */
export function openapiDocument(set: ContractSet, { path, source }: PublishedEvent): OpenapiDocument {
  const schema = set.get(path);
  if (schema === undefined) throw new RangeError(`there is no contract ${path}`);
  const title = String(schema['title']);
  const components = new Components();
  const detail = components.referenceTo({ schema, path, set });
  const schemas = { [ENVELOPE]: envelope(title, source, detail), ...components.schemas() };
  const version = `${/\.v(\d+)\.json$/.exec(path)?.[1] ?? '1'}.0.0`;
  const info = { title, version, description: String(schema['description']) };
  return { openapi: OPENAPI, info, paths: {}, components: { schemas } };
}

/** What EventBridge puts around a detail (EventBridge user guide, "Event structure"); a replay adds members to it. */
function envelope(detailType: string, source: string, detail: OpenapiSchema): OpenapiSchema {
  const text = { type: 'string' };
  return {
    type: 'object',
    'x-amazon-events-detail-type': detailType,
    'x-amazon-events-source': source,
    properties: {
      version: text,
      id: text,
      'detail-type': text,
      source: text,
      account: text,
      time: { type: 'string', format: 'date-time' },
      region: text,
      resources: { type: 'array', items: text },
      detail,
    },
    required: ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
  };
}

/** The objects that a document refers to, each translated once, by title. */
class Components {
  readonly #byTitle = new Map<string, OpenapiSchema>();

  /** All that were referred to, in the order of being met. */
  schemas(): Readonly<Record<string, OpenapiSchema>> {
    return Object.fromEntries(this.#byTitle);
  }

  referenceTo(object: Located): OpenapiSchema {
    const title = String(object.schema['title']);
    if (!this.#byTitle.has(title)) {
      // It has its place before it is translated: it comes before what it refers to, and may refer to itself.
      this.#byTitle.set(title, {});
      this.#byTitle.set(title, this.#translate(object));
    }
    return { $ref: `#/components/schemas/${title}` };
  }

  #translate(located: Located): OpenapiSchema {
    const { schema, path, set } = located;
    if ('$ref' in schema) return this.#follow(located);
    const at = (node: unknown): Located => ({ schema: node as SchemaObject, path, set });
    const said: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (UNSAID.has(keyword)) continue;
      if (SAME.has(keyword)) said[keyword] = value;
      else if (keyword === 'type' && typeof value === 'string') said[keyword] = value;
      else if (keyword === 'const') said['enum'] = [value];
      else if (keyword === 'items') said[keyword] = this.#translate(at(value));
      else if (keyword === 'properties')
        said[keyword] = mapped(value, (member) => this.#translate(at(member)));
      else if (keyword === 'required') Object.assign(said, isEmpty(value) ? {} : { required: value });
      else if (keyword !== 'additionalProperties' || value !== false)
        throw new UntranslatableKeywordError(path, keyword, value);
    }
    const type = said['type'] ?? typeOf(said['enum']);
    return type === undefined ? said : { type, ...said };
  }

  #follow(located: Located): OpenapiSchema {
    const target = resolve(located);
    if (target.schema['type'] === 'object') return this.referenceTo(target);
    const { title: _, ...type } = this.#translate(target);
    const { description } = located.schema;
    return description === undefined ? type : { ...type, description };
  }
}

/** The type of values that are listed, where it is one that code can be made of. */
function typeOf(values: unknown): 'string' | 'integer' | undefined {
  if (!Array.isArray(values)) return undefined;
  if (values.every((value) => typeof value === 'string')) return 'string';
  return values.every(Number.isInteger) ? 'integer' : undefined;
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function mapped(
  value: unknown,
  translate: (member: unknown) => OpenapiSchema,
): Record<string, OpenapiSchema> {
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [name, translate(member)]),
  );
}
