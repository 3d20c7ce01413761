import type { JsonObject } from '../../core/aws-error.ts';
import { parseCondition } from './condition-parser.ts';
import { validationError } from './dynamodb-error.ts';
import type { Condition, ExpressionName, Parsed, Path, Update } from './expression-syntax.ts';
import { parseProjection } from './projection.ts';
import { parseUpdate } from './update-parser.ts';

/** Programs use few expressions again and again; one that makes up new ones must not fill the memory. */
const KEPT_MAX = 5_000;

/** Remembers what expressions mean by their text: placeholders keep one text the same for all values. */
class ParseCache<Tree> {
  readonly #parsed = new Map<string, Parsed<Tree>>();
  readonly #parse: (text: string) => Parsed<Tree>;

  constructor(parse: (text: string) => Parsed<Tree>) {
    this.#parse = parse;
  }

  /** The parsed form of the parameter `name` of a request, if it is there. */
  of(input: JsonObject, name: ExpressionName): Parsed<Tree> | undefined {
    const text = input[name];
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw validationError(`Invalid ${name}: The expression must be a string`);
    let parsed = this.#parsed.get(text);
    if (parsed === undefined) {
      parsed = this.#parse(text);
      if (this.#parsed.size >= KEPT_MAX) this.#parsed.clear();
      this.#parsed.set(text, parsed);
    }
    return parsed;
  }
}

const conditions = new ParseCache<Condition>((text) => parseCondition('ConditionExpression', text));
const filters = new ParseCache<Condition>((text) => parseCondition('FilterExpression', text));
const keyConditions = new ParseCache<Condition>((text) => parseCondition('KeyConditionExpression', text));
const projections = new ParseCache<readonly Path[]>(parseProjection);
const updates = new ParseCache<Update>(parseUpdate);

export const conditionOf = (input: JsonObject) => conditions.of(input, 'ConditionExpression');
export const filterOf = (input: JsonObject) => filters.of(input, 'FilterExpression');
export const keyConditionOf = (input: JsonObject) => keyConditions.of(input, 'KeyConditionExpression');
export const projectionOf = (input: JsonObject) => projections.of(input, 'ProjectionExpression');
export const updateOf = (input: JsonObject) => updates.of(input, 'UpdateExpression');
