import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from '../asl/json.ts';

/** Members whose value is a moment: epoch seconds in the API, another form in a task's result. */
const DATE_MEMBER = /[dD]ate$/;

/** An API input with its members in lower case, from a task's parameters. */
export function lowerCaseMembers(value: JsonValue): JsonValue {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

/** A task's result with its members in upper case, from an API output. */
export function upperCaseMembers(value: JsonValue): JsonValue {
  return renamed(value, upperCase);
}

export function upperCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** An API output whose dates (epoch seconds) are written in another form. */
export function withDates(output: JsonObject, write: (epochSeconds: number) => JsonValue): JsonObject {
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => [
      name,
      DATE_MEMBER.test(name) && typeof value === 'number' ? write(value) : value,
    ]),
  );
}

function renamed(value: JsonValue, rename: (name: string) => string): JsonValue {
  if (isList(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member = null]) => [rename(name), renamed(member, rename)]),
  );
}
