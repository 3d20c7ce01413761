import type { JsonObject } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import { arn, members, objects, type Permission, text } from './permission.ts';

/** The members of a transaction's item that name what it does, with the action that it needs. */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/** What DynamoDB's operations need. Source: Service Authorization Reference, "Amazon DynamoDB". */
export function dynamodbPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const table = (name: string): string => arn(account, 'dynamodb', 'table/', name);
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return distinct(
        objects(input['TransactItems']).flatMap((item) =>
          Object.entries(item).flatMap(([kind, request]) => {
            const action = TRANSACTION_ACTIONS[kind];
            return action === undefined
              ? []
              : [{ action, resource: table(text(members(request), 'TableName')) }];
          }),
        ),
      );
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(members(input['RequestItems'])).map((name) => ({
        action: `dynamodb:${operation}`,
        resource: table(name),
      }));
    case 'ListTables':
      return [{ action: 'dynamodb:ListTables', resource: '*' }];
    default: {
      const index = text(input, 'IndexName');
      const resource = table(text(input, 'TableName')) + (index === '' ? '' : `/index/${index}`);
      return [{ action: `dynamodb:${operation}`, resource }];
    }
  }
}

function distinct(permissions: readonly Permission[]): Permission[] {
  const seen = new Map(
    permissions.map((permission) => [`${permission.action} ${permission.resource}`, permission]),
  );
  return [...seen.values()];
}
