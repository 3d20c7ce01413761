import type { JsonObject } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import { arn, type Permission, text } from './permission.ts';

/** What the schema registry's operations need. Source: Service Authorization Reference, "Amazon EventBridge Schemas". */
export function schemasPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const action = `schemas:${operation}`;
  const registry = text(input, 'RegistryName');
  const schema = text(input, 'SchemaName');
  if (registry === '') return [{ action, resource: '*' }];
  const isRegistry = schema === '';
  const name = isRegistry ? registry : `${registry}/${schema}`;
  return [{ action, resource: arn(account, 'schemas', isRegistry ? 'registry/' : 'schema/', name) }];
}
