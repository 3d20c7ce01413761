import type { JsonObject } from '../../core/aws-error.ts';
import {
  type AttributeValue,
  attributeOf,
  checkAttributeName,
  type Item,
  isObject,
  readValue,
} from './attribute-value.ts';
import { validationError } from './dynamodb-error.ts';
import type { ExpressionName, Parsed, Path } from './expression-syntax.ts';

/** What the placeholders of a request's expressions stand for. */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Item;

  private constructor(names: Readonly<Record<string, string>>, values: Item) {
    this.#names = names;
    this.#values = values;
  }

  /**
   * Checks that every placeholder of the expressions is defined and every defined one is used.
   *
   * @param input the request, with ExpressionAttributeNames and ExpressionAttributeValues
   * @param expressions the request's expressions by the parameter they came in; absent ones are `undefined`
   * @throws AwsError ValidationException
   */
  static of(
    input: JsonObject,
    expressions: readonly (readonly [ExpressionName, Parsed<unknown> | undefined])[],
  ): Placeholders {
    const names = readNames(input);
    const values = readValues(input);
    let any = false;
    for (const [kind, parsed] of expressions) {
      if (parsed === undefined) continue;
      any = true;
      for (const name of parsed.names) {
        if (names[name] === undefined) {
          throw undefinedPlaceholder(kind, 'name used in the document path', 'attribute name', name);
        }
      }
      for (const value of parsed.values) {
        if (values[value] === undefined) {
          throw undefinedPlaceholder(kind, 'value used in expression', 'attribute value', value);
        }
      }
    }
    checkAllUsed('Names', any, Object.keys(names), expressions);
    checkAllUsed('Values', any, Object.keys(values), expressions);
    return new Placeholders(names, values);
  }

  name(part: string): string {
    return part.charCodeAt(0) === 35 ? (this.#names[part] ?? part) : part;
  }

  value(placeholder: string): AttributeValue {
    const value = this.#values[placeholder];
    if (value === undefined) throw new Error(`${placeholder} was checked and is not defined`);
    return value;
  }

  resolve(path: Path): Path {
    return path.map((part) => (typeof part === 'string' ? this.name(part) : part));
  }

  /** What a path reaches in an item. */
  lookUp(item: Item | undefined, path: Path): AttributeValue | undefined {
    let value: AttributeValue | undefined;
    for (let depth = 0; depth < path.length; depth += 1) {
      const part = path[depth];
      if (typeof part === 'string') {
        value = attributeOf(depth === 0 ? item : value?.M, this.name(part));
      } else value = part === undefined ? undefined : value?.L?.[part];
      if (value === undefined) return undefined;
    }
    return value;
  }
}

function undefinedPlaceholder(kind: ExpressionName, what: string, label: string, name: string): Error {
  return validationError(
    `Invalid ${kind}: An expression attribute ${what} is not defined; ${label}: ${name}`,
  );
}

function checkAllUsed(
  what: 'Names' | 'Values',
  any: boolean,
  defined: readonly string[],
  expressions: readonly (readonly [ExpressionName, Parsed<unknown> | undefined])[],
): void {
  if (defined.length === 0) return;
  if (!any) {
    throw validationError(
      `ExpressionAttribute${what} can only be specified when using expressions: no expression is given`,
    );
  }
  const list = what === 'Names' ? 'names' : 'values';
  const unused = defined.filter(
    (name) => !expressions.some(([, parsed]) => parsed?.[list].includes(name) ?? false),
  );
  if (unused.length > 0) {
    throw validationError(
      `Value provided in ExpressionAttribute${what} unused in expressions: keys: {${unused.join(', ')}}`,
    );
  }
}

const NO_NAMES: Readonly<Record<string, string>> = Object.freeze({});
const NO_VALUES: Item = Object.freeze({});

function readNames(input: JsonObject): Readonly<Record<string, string>> {
  const given = input['ExpressionAttributeNames'];
  if (given === undefined) return NO_NAMES;
  if (!isObject(given)) throw validationError('ExpressionAttributeNames must be a map');
  const names: Record<string, string> = {};
  for (const name in given) {
    const stands = given[name];
    if (!/^#[A-Za-z0-9_]+$/.test(name)) {
      throw validationError(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${name}"`);
    }
    if (typeof stands !== 'string') {
      throw validationError(`ExpressionAttributeNames contains invalid value: null for key ${name}`);
    }
    checkAttributeName(stands);
    names[name] = stands;
  }
  if (Object.keys(names).length === 0) throw validationError('ExpressionAttributeNames must not be empty');
  return names;
}

function readValues(input: JsonObject): Item {
  const given = input['ExpressionAttributeValues'];
  if (given === undefined) return NO_VALUES;
  if (!isObject(given)) throw validationError('ExpressionAttributeValues must be a map');
  const values: Record<string, AttributeValue> = {};
  for (const name in given) {
    if (!/^:[A-Za-z0-9_]+$/.test(name)) {
      throw validationError(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`);
    }
    values[name] = readValue(given[name]);
  }
  if (Object.keys(values).length === 0) throw validationError('ExpressionAttributeValues must not be empty');
  return values;
}
