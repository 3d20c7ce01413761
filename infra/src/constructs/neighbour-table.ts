import { arnOf, resourceName } from '../names.ts';
import { STREAMED_TABLES } from '../platform-names.ts';
import type { Grantee } from './service-role.ts';
import type { StageStack } from './stage-stack.ts';
import type { TableAction } from './stage-table.ts';

type ReadAction = Extract<TableAction, 'BatchGetItem' | 'GetItem' | 'Query' | 'Scan'>;

/** The name of a table that another stage owns and lets be read. */
export function neighbourTable(stack: StageStack, table: keyof typeof STREAMED_TABLES): string {
  const { owner, purpose } = STREAMED_TABLES[table];
  return resourceName(stack.environment, owner, purpose);
}

/** Lets a role read a table that another stage owns, and nothing more. */
export function grantReadNeighbour(
  stack: StageStack,
  grantee: Grantee,
  table: keyof typeof STREAMED_TABLES,
  ...actions: readonly ReadAction[]
): void {
  grantee.role.allow({
    sid: `Read${STREAMED_TABLES[table].owner}${table}`.replace(/[^A-Za-z0-9]/g, ''),
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [arnOf(stack.environment, 'dynamodb', `table/${neighbourTable(stack, table)}`)],
  });
  grantee.role.allowKey(['Decrypt', 'DescribeKey']);
}
