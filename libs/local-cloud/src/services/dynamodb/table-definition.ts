import type { JsonObject } from '../../core/aws-error.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The key of a table or index. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

export interface IndexDefinition {
  readonly name: string;
  readonly scope: 'global' | 'local';
  readonly key: KeySchema;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** The further attributes of projection INCLUDE. */
  readonly include: readonly string[];
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** All that is known of a table but its items; kept as JSON in the store. */
export interface TableDefinition {
  readonly name: string;
  /** Names the SQL tables; never used again for another table. */
  readonly number: number;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly billingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly readCapacity: number;
  readonly writeCapacity: number;
  readonly key: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  readonly stream: { readonly viewType: StreamViewType; readonly label: string } | undefined;
  readonly ttlAttribute: string | undefined;
  readonly pointInTimeRecovery: boolean;
  readonly encryption: JsonObject | undefined;
  readonly deletionProtection: boolean;
}

/** What a request or a Terraform resource says of a table that is to be made. */
export type NewTable = Omit<TableDefinition, 'number' | 'id' | 'createdAt' | 'stream'> & {
  readonly streamViewType: StreamViewType | undefined;
};

/** The attributes of both keys of an index, in the order that ExclusiveStartKey has no matter of. */
export function keyAttributes(...keys: readonly KeySchema[]): KeyAttribute[] {
  const byName = new Map<string, KeyAttribute>();
  for (const key of keys) {
    byName.set(key.hash.name, key.hash);
    if (key.range !== undefined) byName.set(key.range.name, key.range);
  }
  return [...byName.values()];
}
