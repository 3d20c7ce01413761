import { createHash } from 'node:crypto';
import { BatchWriteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import { type SideRow, sidesOfRow } from '@payments/reconcile/side-row';
import type { Connection } from './connection.ts';

/** BatchWriteItem takes at most this many writes (DynamoDB API reference). */
const BATCH_WRITE_MAX = 25;
/** The digest is a sum of hashes, so that rows may come in any order. */
const DIGEST_MODULUS = 2n ** 256n;

/** What reconciliation knows, in a form in which two states can be compared. */
export interface Knowledge {
  readonly rows: number;
  /** How many transactions stand so, by result. */
  readonly results: Readonly<Record<string, number>>;
  readonly digest: string;
}

/** Reads what reconciliation knows of all transactions, and how each stands. */
export async function knowledgeOf({ documents, environment }: Connection): Promise<Knowledge> {
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  const results = new Map<string, number>();
  let rows = 0;
  let digest = 0n;
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName })) {
    for (const row of Items as SideRow[]) {
      const { result = 'open' } = row;
      rows += 1;
      results.set(result, (results.get(result) ?? 0) + 1);
      const text = canonical({ result, sides: sidesOfRow(row) });
      digest = (digest + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % DIGEST_MODULUS;
    }
  }
  return {
    rows,
    results: Object.fromEntries([...results].sort()),
    digest: digest.toString(16).padStart(64, '0'),
  };
}

/** Deletes the rows of all transactions. */
export async function forget({ documents, environment }: Connection): Promise<void> {
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  const input = { TableName, ProjectionExpression: 'transactionId' };
  for await (const { Items = [] } of paginateScan({ client: documents }, input)) {
    for (let start = 0; start < Items.length; start += BATCH_WRITE_MAX) {
      const Keys = Items.slice(start, start + BATCH_WRITE_MAX);
      let writes: Record<string, unknown[]> = {
        [TableName]: Keys.map((Key) => ({ DeleteRequest: { Key } })),
      };
      while (Object.values(writes).some((left) => left.length > 0)) {
        const answer = await documents.send(new BatchWriteCommand({ RequestItems: writes as never }));
        writes = answer.UnprocessedItems ?? {};
      }
    }
  }
}

/** JSON with members in order: a table gives them in any. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
