import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { type BusEvent, isoSeconds } from './bus-event.ts';
import { compileTemplate } from './input-template.ts';
import { compileJsonPath } from './json-path.ts';
import { optionalObject, optionalText, requiredText, validationError } from './request-member.ts';

/**
 * What a target is given for an event: JSON text, or nothing when its template does not come out as JSON,
 * so that AWS delivers nothing.
 */
export type TargetInput = (
  event: BusEvent,
  rule: { readonly name: string; readonly arn: string },
) => string | undefined;

/** EventBridge quota: variables of one input transformer. */
const INPUT_PATHS_MAX = 100;
const PREDEFINED = new Set([
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
]);

/**
 * Reads `Input`, `InputPath` or `InputTransformer` of a target, of which one at most may be given.
 *
 * @param target the target in the API's shape
 * @throws AwsError ValidationException
 */
export function compileTargetInput(target: JsonObject): TargetInput {
  const id = requiredText(target, 'Id');
  const input = optionalText(target, 'Input');
  const inputPath = optionalText(target, 'InputPath');
  const transformer = optionalObject(target, 'InputTransformer');
  if ([input, inputPath, transformer].filter((kind) => kind !== undefined).length > 1) {
    throw validationError(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`,
    );
  }
  if (input !== undefined) {
    assertJson(input, id);
    return () => input;
  }
  if (inputPath !== undefined) {
    const find = compileJsonPath(inputPath);
    return (event) => JSON.stringify(find(event.envelope) ?? null);
  }
  if (transformer !== undefined) return compileTransformer(transformer, id);
  return (event) => event.text;
}

function compileTransformer(transformer: JsonObject, id: string): TargetInput {
  const paths = Object.entries(optionalObject(transformer, 'InputPathsMap') ?? {});
  if (paths.length > INPUT_PATHS_MAX) {
    throw validationError(`At most ${INPUT_PATHS_MAX} input paths are allowed for target ${id}.`);
  }
  const variables = new Map(paths.map(([name, path]) => [name, compileJsonPath(String(path))]));
  const template = compileTemplate(requiredText(transformer, 'InputTemplate'));
  const unknown = template.variables.filter((name) => !variables.has(name) && !PREDEFINED.has(name));
  if (unknown.length > 0) {
    throw validationError(
      `InputTemplate for target ${id} contains invalid placeholder ${unknown.join(', ')}.`,
    );
  }
  return (event, rule) =>
    template.render((name) => {
      const find = variables.get(name);
      return find === undefined ? predefined(name, event, rule) : find(event.envelope);
    });
}

function predefined(
  name: string,
  event: BusEvent,
  rule: { readonly name: string; readonly arn: string },
): JsonValue | undefined {
  switch (name) {
    case 'aws.events.rule-arn':
      return rule.arn;
    case 'aws.events.rule-name':
      return rule.name;
    case 'aws.events.event.ingestion-time':
      return isoSeconds(Math.floor(event.ingestedAt / 1000));
    case 'aws.events.event': {
      const { detail: _detail, 'detail-type': detailType, ...head } = event.envelope;
      return { ...head, detailType };
    }
    default:
      return event.envelope;
  }
}

function assertJson(input: string, id: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw validationError(`JSON syntax error in input for target ${id}`);
  }
}
