import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';

/** The error code that a service answers for a request with a wrong member. */
export type InvalidCode = 'InvalidParameterValue' | 'InvalidParameterValueException' | 'ValidationException';

/** True for a JSON object: not null, not a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text member, or undefined when it is absent. Throws AwsError when it is something else. */
export function optionalText(
  input: JsonObject,
  name: string,
  code: InvalidCode = 'InvalidParameterValue',
): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError(code, `${name} must be a string.`);
  return value;
}

/** A text member that must be there. */
export function requiredText(
  input: JsonObject,
  name: string,
  code: InvalidCode = 'InvalidParameterValue',
): string {
  const value = optionalText(input, name, code);
  if (value === undefined || value === '') throw new AwsError(code, `${name} is required.`);
  return value;
}

/**
 * A whole number within bounds, or undefined when it is absent. Terraform and the query protocol write
 * numbers as text, so a text of digits counts as a number.
 */
export function optionalInteger(
  input: JsonObject,
  name: string,
  bounds: { readonly min: number; readonly max: number },
  code: InvalidCode = 'InvalidParameterValue',
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < bounds.min || number > bounds.max) {
    throw new AwsError(
      code,
      `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${bounds.min} and ${bounds.max}.`,
    );
  }
  return number;
}

/** A true-or-false member; Terraform may write it as text. */
export function optionalBoolean(input: JsonObject, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  return value === true || value === 'true';
}

/** The members of a list that are objects. */
export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The members of a list that are texts. */
export function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : [];
}

/** A Terraform block that occurs at most once: written as an object or as a list of one. */
export function block(args: JsonObject, name: string): JsonObject | undefined {
  const value = args[name];
  return isObject(value) ? value : objects(value)[0];
}

/** Terraform blocks that may be repeated: written as an object or as a list. */
export function blocks(args: JsonObject, name: string): readonly JsonObject[] {
  const value = args[name];
  return isObject(value) ? [value] : objects(value);
}
