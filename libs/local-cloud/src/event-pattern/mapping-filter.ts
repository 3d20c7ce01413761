import { AwsError, type JsonObject, type JsonValue } from '../core/aws-error.ts';
import { compilePattern } from './compile-pattern.ts';
import type { Dialect } from './match-expression.ts';
import { isPatternObject, parsePatternJson } from './pattern-json.ts';

/** Lambda, "Control which events Lambda sends to your function": at most five filters a source. */
const FILTERS_MAX = 5;

/** What a source's records are, which says how their `body` is compared. */
export type FilteredSource = 'sqs' | 'dynamodb';

/**
 * Compiles the filters of an event source mapping: a record passes when one of them matches, or when there
 * is none.
 *
 * @throws AwsError InvalidParameterValueException for a filter that is no valid pattern
 */
export function mappingFilter(
  filters: readonly string[],
  source: FilteredSource,
): (record: JsonObject) => boolean {
  try {
    return compileFilterCriteria(filters, source, 'mapping');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'InvalidParameterValueException',
      `Invalid filter pattern definition. ${error.message}`,
    );
  }
}

/**
 * Compiles filter criteria for a mapping or a pipe. For SQS the message's `body` is compared as JSON when the
 * pattern gives an object for it, as text when it gives a list; a body of the other kind does not pass
 * (Lambda, "Filtering with Amazon SQS").
 *
 * @throws AwsError InvalidEventPatternException
 */
export function compileFilterCriteria(
  filters: readonly string[],
  source: FilteredSource,
  dialect: Dialect,
): (record: JsonObject) => boolean {
  if (filters.length > FILTERS_MAX) {
    throw new AwsError(
      'ValidationException',
      `At most ${FILTERS_MAX} filters are allowed, got ${filters.length}.`,
    );
  }
  if (filters.length === 0) return () => true;
  const compiled = filters.map((filter) => {
    const pattern = compilePattern(filter, dialect);
    const body = source === 'sqs' ? parsePatternJson(filter)['body'] : undefined;
    if (body === undefined) return (record: JsonObject) => pattern.matches(record);
    const wantsJson = isPatternObject(body);
    return (record: JsonObject) => {
      const parsed = parsedBody(record['body']);
      if (wantsJson) return parsed !== undefined && pattern.matches({ ...record, body: parsed });
      return parsed === undefined && pattern.matches(record);
    };
  });
  return (record) => compiled.some((passes) => passes(record));
}

/** The body as a JSON object or array; nothing when it is plain text. */
function parsedBody(body: JsonValue | undefined): JsonValue | undefined {
  if (typeof body !== 'string') return body;
  const first = body.trimStart().charAt(0);
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return undefined;
  }
}
