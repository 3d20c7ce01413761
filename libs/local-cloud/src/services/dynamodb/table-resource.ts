import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import { isObject } from './attribute-value.ts';
import { validationError } from './dynamodb-error.ts';
import type { Table, TableCatalog } from './table-catalog.ts';
import type { IndexDefinition, NewTable } from './table-definition.ts';
import { checkTable, keyAttribute, listOf, projectionOf, textsOf, viewTypeOf } from './table-requests.ts';
import type { TimeToLive } from './time-to-live.ts';

/** The Terraform resource `aws_dynamodb_table`. */
export function tableResource(tables: TableCatalog, timeToLive: TimeToLive): ResourceType {
  const attributesOf = (table: Table, args: JsonObject): JsonObject => {
    const { definition } = table;
    const streamArn = tables.streamArn(definition);
    return {
      ...args,
      arn: tables.arn(definition.name),
      id: definition.name,
      name: definition.name,
      ...(streamArn === undefined
        ? {}
        : { stream_arn: streamArn, stream_label: definition.stream?.label ?? '' }),
    };
  };
  return {
    type: 'aws_dynamodb_table',
    runs: [
      'name',
      'billing_mode',
      'hash_key',
      'range_key',
      'attribute',
      'read_capacity',
      'write_capacity',
      'global_secondary_index',
      'local_secondary_index',
      'stream_enabled',
      'stream_view_type',
      'ttl',
      'point_in_time_recovery',
      'server_side_encryption',
      'deletion_protection_enabled',
    ],
    accepts: {
      tags: 'nothing here is found or paid for by tag',
      tags_all: 'nothing here is found or paid for by tag',
      table_class: 'it changes what storage costs, and storage is not billed here',
      on_demand_throughput:
        'nothing is throttled by capacity; throttling is a fault that a simulation injects',
      timeouts: 'everything is made at once',
      region: 'there is one region',
    },
    create(args) {
      const { table, defined } = readTable(args);
      checkTable(table, defined);
      const made = tables.create(table);
      timeToLive.reschedule();
      return attributesOf(made, args);
    },
    update(args, previous) {
      const { table: wanted, defined } = readTable(args);
      checkTable(wanted, defined);
      const table = tables.get(previous.attributes['name']);
      const { name, key } = table.definition;
      if (wanted.name !== name || JSON.stringify(wanted.key) !== JSON.stringify(key)) {
        throw new AwsError('ValidationException', `Table ${name} must be replaced to change its name or key`);
      }
      const { name: _name, key: _key, ...changes } = wanted;
      const changed = tables.update(table, changes);
      timeToLive.reschedule();
      return attributesOf(changed, args);
    },
    destroy({ attributes }) {
      const table = tables.find(String(attributes['name']));
      if (table === undefined) return;
      if (table.definition.deletionProtection) {
        throw validationError(
          `Table ${table.definition.name} has deletion_protection_enabled: set it to false and apply that first`,
        );
      }
      tables.drop(table);
      timeToLive.reschedule();
    },
  };
}

function readTable(args: JsonObject): { readonly table: NewTable; readonly defined: string[] } {
  const types = new Map(
    listOf(args['attribute']).map((attribute) => [String(attribute['name']), String(attribute['type'])]),
  );
  const [ttl] = listOf(args['ttl']);
  const [recovery] = listOf(args['point_in_time_recovery']);
  const [encryption] = listOf(args['server_side_encryption']);
  const hash = keyAttribute(args['hash_key'], types);
  const indexes = (argument: string, scope: IndexDefinition['scope']) =>
    listOf(args[argument]).map((block): IndexDefinition => {
      const { range_key: range, hash_key: ownHash } = block;
      return {
        name: String(block['name']),
        scope,
        key: {
          hash: scope === 'local' ? hash : keyAttribute(ownHash, types),
          range: isGiven(range) ? keyAttribute(range, types) : undefined,
        },
        projection: projectionOf(block['projection_type']),
        include: textsOf(block['non_key_attributes']),
      };
    });
  const table: NewTable = {
    name: String(args['name']),
    billingMode: args['billing_mode'] === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    readCapacity: Number(args['read_capacity'] ?? 0),
    writeCapacity: Number(args['write_capacity'] ?? 0),
    key: { hash, range: isGiven(args['range_key']) ? keyAttribute(args['range_key'], types) : undefined },
    indexes: [...indexes('local_secondary_index', 'local'), ...indexes('global_secondary_index', 'global')],
    streamViewType: args['stream_enabled'] === true ? viewTypeOf(args['stream_view_type']) : undefined,
    ttlAttribute: ttl?.['enabled'] === true ? String(ttl['attribute_name']) : undefined,
    pointInTimeRecovery: recovery?.['enabled'] === true,
    encryption: encryptionOf(encryption),
    deletionProtection: args['deletion_protection_enabled'] === true,
  };
  return { table, defined: [...types.keys()] };
}

/** An argument that is not set may also be there as null or an empty text. */
function isGiven(argument: unknown): boolean {
  return argument !== undefined && argument !== null && argument !== '';
}

function encryptionOf(block: JsonObject | undefined): JsonObject | undefined {
  if (!isObject(block) || block['enabled'] !== true) return undefined;
  const key = block['kms_key_arn'];
  return {
    Status: 'ENABLED',
    SSEType: 'KMS',
    ...(typeof key === 'string' && key !== '' ? { KMSMasterKeyArn: key } : {}),
  };
}
