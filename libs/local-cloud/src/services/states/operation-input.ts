import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { isObject } from './asl/json.ts';

/** The members of a request, each checked for its type. Every method throws AwsError ValidationException. */
export class Input {
  readonly #members: JsonObject;

  constructor(members: JsonObject) {
    this.#members = members;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw invalid(`${name} is missing`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#members[name] ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    throw invalid(`${name} must be a string`);
  }

  number(name: string): number | undefined {
    const value = this.#members[name] ?? undefined;
    if (value === undefined || typeof value === 'number') return value;
    throw invalid(`${name} must be a number`);
  }

  flag(name: string): boolean {
    return this.#members[name] === true;
  }

  object(name: string): JsonObject | undefined {
    const value = this.#members[name] ?? undefined;
    if (value === undefined || isObject(value)) return value;
    throw invalid(`${name} must be an object`);
  }
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${what}`);
}
