import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';
import type { BookedSequence, EntryRow } from './damage.ts';

const OWN_POSITION = 'SEQUENCE';

/** Everything that the ledger's table holds of sequences, entries in their order; also what was put there by hand. */
export async function bookedSequences(
  environment: Environment,
  documents: DynamoDBDocumentClient,
): Promise<readonly BookedSequence[]> {
  const TableName = resourceName(environment, 'posting', 'ledger');
  const own = new Map<string, Readonly<Record<string, unknown>>>();
  const entries = new Map<string, EntryRow[]>();
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    for (const row of page.Items ?? []) {
      const id = String(row['sequenceId']);
      if (row['position'] === OWN_POSITION) own.set(id, row);
      // What posting notes beside them has no direction.
      else if (row['direction'] !== undefined) entries.set(id, [...(entries.get(id) ?? []), row as EntryRow]);
    }
  }
  return [...new Set([...own.keys(), ...entries.keys()])].sort().map((sequenceId) => {
    const rows = (entries.get(sequenceId) ?? []).sort((a, b) => (a.position < b.position ? -1 : 1));
    const header = own.get(sequenceId) ?? {};
    return {
      sequenceId,
      transactionId: String(header['transactionId'] ?? rows[0]?.transactionId),
      lifecycleId: String(header['lifecycleId'] ?? ''),
      own: header,
      entries: rows,
    };
  });
}

/** What entries come to on each account: debits less credits in minor units, by account and currency. */
export function netByAccount(entries: readonly EntryRow[]): Map<string, bigint> {
  const nets = new Map<string, bigint>();
  for (const { account, amount, direction } of entries) {
    const key = `${account.accountId} ${amount.currency}`;
    const moved = direction === 'DEBIT' ? BigInt(amount.minorUnits) : -BigInt(amount.minorUnits);
    nets.set(key, (nets.get(key) ?? 0n) + moved);
  }
  return nets;
}
