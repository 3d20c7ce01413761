/** What the bus sees of an event of ours before it looks inside. */
export interface PublishedEvent {
  readonly source: string;
  readonly 'detail-type': string;
}

const FIELDS: readonly (keyof PublishedEvent)[] = ['source', 'detail-type'];

/**
 * Reads the part of EventBridge's patterns that our rules are made of: texts and prefixes of `source` and
 * `detail-type`.
 *
 * @param text the pattern in JSON
 * @returns whether an event matches; undefined for a pattern that asks for anything else, which only an event could
 *   answer and not a declaration
 */
export function matcherOf(text: string): ((event: PublishedEvent) => boolean) | undefined {
  const pattern = parsed(text);
  if (pattern === undefined) return undefined;
  const asked = Object.entries(pattern);
  if (asked.length === 0 || !asked.every(([field, values]) => isField(field) && isKnown(values)))
    return undefined;
  return (event) =>
    FIELDS.every((field) => {
      const values = pattern[field] as readonly Value[] | undefined;
      return values === undefined || values.some((value) => matches(value, event[field]));
    });
}

type Value = string | { readonly prefix: string };

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isField(field: string): boolean {
  return (FIELDS as readonly string[]).includes(field);
}

function isKnown(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'string' || isPrefix(value));
}

function isPrefix(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).join() === 'prefix' && typeof (value as { prefix: unknown }).prefix === 'string';
}

function matches(value: Value, text: string): boolean {
  return typeof value === 'string' ? value === text : text.startsWith(value.prefix);
}
