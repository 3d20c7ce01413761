import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { LocalCloud } from '@payments/local-cloud';
import type { KeptBreak } from '@payments/reconcile/ports';

/** A case of reconciliation, as far as a drill judges it. */
export type DrillCase = Pick<
  KeptBreak,
  | 'breakId'
  | 'transactionId'
  | 'type'
  | 'state'
  | 'attempts'
  | 'atRisk'
  | 'parkedBecause'
  | 'explanation'
  | 'evidence'
>;

/** All cases, by transaction and then by type. */
export async function drillCases(
  environment: Environment,
  documents: DynamoDBDocumentClient,
): Promise<readonly DrillCase[]> {
  const TableName = resourceName(environment, 'reconcile', 'breaks');
  const cases: DrillCase[] = [];
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    // Beside the cases lie counters, which have no state.
    for (const row of page.Items ?? []) if (row['transactionId'] !== undefined) cases.push(row as DrillCase);
  }
  return cases.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * How often each case was said to be found: records with different keys, for the same one again is the same, in whichever
 * event it travels.
 */
export function timesDetected(cloud: LocalCloud): ReadonlyMap<string, number> {
  const keys = new Map<string, Set<string>>();
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = cloud.archivedEvents({ text: 'ReconciliationMismatchDetected', after });
    for (const event of page.events) {
      if (event['detail-type'] !== 'ReconciliationMismatchDetected') continue;
      const { records } = event['detail'] as unknown as DetectedDetail;
      for (const { breakId, idempotencyKey } of records)
        keys.set(breakId, (keys.get(breakId) ?? new Set()).add(idempotencyKey));
    }
    after = page.next;
  }
  return new Map([...keys].map(([breakId, said]) => [breakId, said.size]));
}

interface DetectedDetail {
  readonly records: readonly { readonly breakId: string; readonly idempotencyKey: string }[];
}

function keyOf({ transactionId, type, breakId }: DrillCase): string {
  return `${transactionId} ${type} ${breakId}`;
}
