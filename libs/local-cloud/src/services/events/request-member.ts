import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';

/** The error that AWS answers for a request that is not valid. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A member that must be there. @throws AwsError ValidationException */
export function requiredText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A text that may be missing; Terraform gives `null` for what is not set. */
export function optionalText(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

export function optionalNumber(input: JsonObject, member: string): number | undefined {
  const value = input[member];
  return typeof value === 'number' ? value : undefined;
}

/** A structure, or the only one of a list as Terraform writes nested blocks. */
export function optionalObject(input: JsonObject, member: string): JsonObject | undefined {
  const value = input[member];
  const one = Array.isArray(value) ? (value as readonly JsonValue[])[0] : value;
  return isObject(one) ? one : undefined;
}

export function objects(input: JsonObject, member: string): readonly JsonObject[] {
  const value = input[member];
  if (Array.isArray(value)) return (value as readonly JsonValue[]).filter(isObject);
  return isObject(value) ? [value] : [];
}

export function texts(input: JsonObject, member: string): readonly string[] {
  const value = input[member];
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).filter((item) => typeof item === 'string');
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object without the members that have no value, as answers of AWS leave them out. */
export function present(object: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== null),
  );
}
