import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import type { RequestContext } from '../conditions.ts';

/** One thing that a caller must be allowed for an API call. */
export interface Permission {
  /** The IAM action, for example `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

/** What an operation of one service needs. */
export type PermissionsOf = (operation: string, input: JsonObject, account: Account) => readonly Permission[];

/** A member that is text, or the empty string. */
export function text(input: JsonObject, member: string): string {
  const value = input[member];
  return typeof value === 'string' ? value : '';
}

/** A member that is a list of objects; what is none is left out, since the service will refuse it. */
export function objects(value: JsonValue | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

/** The members of an object, or none. */
export function members(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** An ARN in the account, unless the name is an ARN already. */
export function arn(account: Account, service: string, prefix: string, name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:aws:${service}:${account.region}:${account.id}:${prefix}${name}`;
}
