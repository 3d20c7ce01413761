import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';

/** What a drill reads of the row that reconcile keeps for a transaction. */
export interface SideRow {
  readonly transactionId: string;
  readonly lifecycleId?: string;
  readonly result?: string;
  readonly authorized?: { readonly reverses?: boolean };
  readonly rejected?: { readonly reason: string };
}

/** The rows of all transactions, by their id. */
export async function sideRows(
  environment: Environment,
  documents: DynamoDBDocumentClient,
): Promise<ReadonlyMap<string, SideRow>> {
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  const rows = new Map<string, SideRow>();
  for await (const page of paginateScan({ client: documents }, { TableName }))
    for (const row of (page.Items ?? []) as SideRow[]) rows.set(row.transactionId, row);
  return rows;
}
