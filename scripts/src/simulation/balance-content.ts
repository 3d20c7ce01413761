import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '@payments/infra/environment';
import { resourceName } from '@payments/infra/names';

/** The folded balances: debits and credits by account and currency, in minor units. */
export async function readBalances(
  environment: Environment,
  documents: DynamoDBDocumentClient,
): Promise<Map<string, string>> {
  const balances = new Map<string, string>();
  const TableName = resourceName(environment, 'posting', 'balances');
  for await (const page of paginateScan({ client: documents }, { TableName })) {
    for (const row of page.Items ?? []) {
      if (!String(row['id']).startsWith('BALANCE#')) continue;
      balances.set(
        `${row['accountId']} ${row['currency']}`,
        `${row['debits']} ${row['credits']} ${row['entries']}`,
      );
    }
  }
  return balances;
}

/** The same, added up from the lines of the ledger's entries. */
export function balancesOfEntries(entries: readonly string[]): Map<string, string> {
  const sums = new Map<string, { debits: bigint; credits: bigint; entries: number }>();
  for (const line of entries) {
    const [, , , direction = '', minorUnits = '0', currency = '', , accountId = ''] = line.split('|');
    const sum = sums.get(`${accountId} ${currency}`) ?? { debits: 0n, credits: 0n, entries: 0 };
    if (direction === 'DEBIT') sum.debits += BigInt(minorUnits);
    else sum.credits += BigInt(minorUnits);
    sum.entries += 1;
    sums.set(`${accountId} ${currency}`, sum);
  }
  return new Map(
    [...sums].map(([key, { debits, credits, entries: count }]) => [key, `${debits} ${credits} ${count}`]),
  );
}
