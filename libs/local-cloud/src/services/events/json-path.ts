import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { validationError } from './request-member.ts';

type Step = string | number | '*';
interface ParsedStep {
  readonly step: Step;
  readonly wildcard: boolean;
}

const STEP = /\.(\*|[^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+)|(\*))\]/y;

/** Finds a value; nothing when the path leads nowhere. */
export type JsonPath = (root: JsonValue) => JsonValue | undefined;

/**
 * Compiles the JSONPath of rules and pipes: `$`, `.name`, `['name']`, `[0]` and the wildcard `[*]`, which
 * gives a list.
 *
 * @param options.parseTexts looks into texts that hold JSON, as pipes do with a queue message's body
 * @throws AwsError ValidationException for any other path
 */
export function compileJsonPath(path: string, options: { parseTexts?: boolean } = {}): JsonPath {
  if (!path.startsWith('$')) throw validationError(`Invalid JSONPath: ${path}`);
  const steps: ParsedStep[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) throw validationError(`Invalid JSONPath: ${path}`);
    const wildcard = match[1] === '*' || match[5] === '*';
    const name = match[1] ?? match[2] ?? match[3];
    steps.push({ step: wildcard ? '*' : (name ?? Number(match[4])), wildcard });
  }
  return (root) => walk(root, steps, 0, options.parseTexts ?? false);
}

function walk(
  value: JsonValue | undefined,
  steps: readonly ParsedStep[],
  at: number,
  parseTexts: boolean,
): JsonValue | undefined {
  const next = steps[at];
  if (next === undefined || value === undefined) return value;
  const container = parseTexts && typeof value === 'string' ? parsed(value) : value;
  if (typeof container !== 'object' || container === null) return undefined;
  if (next.wildcard) {
    const children = Object.values(container) as JsonValue[];
    return children.flatMap((child) => {
      const found = walk(child, steps, at + 1, parseTexts);
      return found === undefined ? [] : [found];
    });
  }
  if (Array.isArray(container)) {
    if (typeof next.step !== 'number') return undefined;
    return walk((container as readonly JsonValue[])[next.step], steps, at + 1, parseTexts);
  }
  const name = String(next.step);
  if (!Object.hasOwn(container, name)) return undefined;
  return walk((container as JsonObject)[name], steps, at + 1, parseTexts);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
