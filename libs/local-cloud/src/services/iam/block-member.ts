import type { JsonObject, JsonValue } from '../../core/aws-error.ts';

/** A member within a resource's blocks, each of which Terraform writes as an object or as a list of one. */
export function blockMember(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const block = Array.isArray(value) ? value[0] : value;
  if (typeof block !== 'object' || block === null) return undefined;
  return blockMember((block as JsonObject)[first], rest);
}
