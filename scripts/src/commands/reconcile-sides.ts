import { resourceName } from '@payments/infra/names';
import { DynamoDbPasses } from '@payments/reconcile/dynamodb-passes';
import { DynamoDbPostedSequences } from '@payments/reconcile/dynamodb-posted-sequences';
import { ReferenceLedgerStatement } from '@payments/reconcile/reference-ledger-statement';
import type { Connection } from './connection.ts';

const CLOCK = {
  now: () => Date.now(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};
type Source = Pick<Connection, 'documents' | 'environment'>;

/** What was posted, as reconciliation heard of it. */
export function postedSequencesOf({ documents, environment }: Source): DynamoDbPostedSequences {
  const table = resourceName(environment, 'reconcile', 'reconciliation');
  return new DynamoDbPostedSequences(documents, table, CLOCK);
}

/** What stands in the reference ledger. */
export function ledgerStatementOf({ documents, environment }: Source): ReferenceLedgerStatement {
  return new ReferenceLedgerStatement(documents, resourceName(environment, 'posting', 'ledger'));
}

/** What passes came to. */
export function passStore({ documents, environment }: Source): DynamoDbPasses {
  return new DynamoDbPasses(documents, resourceName(environment, 'reconcile', 'passes'), CLOCK);
}
