import type { JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import { readItem } from './attribute-value.ts';
import { validationError } from './dynamodb-error.ts';
import { pickAttributes } from './item-key.ts';
import { type ItemOperations, writeItem } from './item-operations.ts';

/** The Terraform resource `aws_dynamodb_table_item`: one item that the stack owns. */
export function tableItemResource(operations: ItemOperations): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const item = itemOf(args);
    writeItem('Put', operations, { TableName: args['table_name'], Item: item });
    return { ...args, id: `${String(args['table_name'])}|${JSON.stringify(keyOf(args))}` };
  };
  const keyOf = (args: JsonObject): JsonObject => {
    const table = operations.tables.get(args['table_name']);
    return pickAttributes(readItem(itemOf(args), 'item').item, table.items.keyAttributes);
  };
  const remove = (args: JsonObject): void => {
    if (operations.tables.find(String(args['table_name'])) === undefined) return;
    writeItem('Delete', operations, { TableName: args['table_name'], Key: keyOf(args) });
  };
  return {
    type: 'aws_dynamodb_table_item',
    runs: ['table_name', 'hash_key', 'range_key', 'item'],
    accepts: { region: 'there is one region' },
    create: put,
    update(args, previous) {
      if (JSON.stringify(keyOf(args)) !== JSON.stringify(keyOf(previous.arguments)))
        remove(previous.arguments);
      return put(args);
    },
    destroy({ arguments: args }) {
      remove(args);
    },
  };
}

function itemOf(args: JsonObject): JsonObject {
  try {
    return JSON.parse(String(args['item'])) as JsonObject;
  } catch (error) {
    throw validationError(`The item of aws_dynamodb_table_item is not JSON: ${String(error)}`);
  }
}
