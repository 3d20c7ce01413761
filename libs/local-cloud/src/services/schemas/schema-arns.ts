import type { Account } from '../../core/resource.ts';

export function registryArn({ region, id }: Account, registry: string): string {
  return `arn:aws:schemas:${region}:${id}:registry/${registry}`;
}

export function schemaArn({ region, id }: Account, registry: string, schema: string): string {
  return `arn:aws:schemas:${region}:${id}:schema/${registry}/${schema}`;
}
