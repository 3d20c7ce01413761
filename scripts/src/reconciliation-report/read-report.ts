import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { LedgerStatement } from '@payments/reconcile/ledger-statement';
import type { PostedSequences } from '@payments/reconcile/pass-ports';
import { runPass } from '@payments/reconcile/run-pass';
import type { SideRow } from '@payments/reconcile/side-row';
import type { Connection } from '../commands/connection.ts';
import { breaksOfDate, oldestWaiting } from '../commands/reconcile-cases.ts';
import { BreakCounts, waitingOf } from './break-counts.ts';
import type { ReconciliationReport } from './report.ts';
import { controlTotalsOf, schemeTotalsOf } from './scheme-totals.ts';
import { TransactionCounts } from './transaction-counts.ts';

/** Where a report is read from. */
export interface ReportSource extends Pick<Connection, 'environment' | 'documents'> {
  /** What was posted, as reconciliation heard of it. */
  readonly posted: PostedSequences;
  /** What stands in the ledger. */
  readonly ledger: LedgerStatement;
}

/**
 * Reads what reconciliation says of a business date: from reconcile's own rows, the ledger, and the cases. All of them
 * are read as a stream and only sums are kept; what differs is compared as a pass does it. Nothing is changed and no
 * case is opened.
 *
 * @param businessDate `YYYY-MM-DD`; a transaction belongs to the day it was logged on, an entry to the day it is booked on
 * @param now epoch milliseconds
 */
export async function readReport(
  source: ReportSource,
  businessDate: string,
  now: number,
): Promise<ReconciliationReport> {
  const { environment, documents } = source;
  const counts = new TransactionCounts(businessDate);
  const sides = {
    TableName: resourceName(environment, 'reconcile', 'reconciliation'),
    FilterExpression: 'begins_with(loggedAt, :date)',
    ExpressionAttributeValues: { ':date': businessDate },
  };
  for await (const { Items = [] } of paginateScan({ client: documents }, sides))
    for (const item of Items) counts.add(item as SideRow);

  const pass = runPass({
    posted: source.posted,
    ledger: source.ledger,
    settledBefore: new Date(now).toISOString(),
    window: { from: businessDate, to: businessDate },
  });
  for await (const _findings of pass.findings);
  const { groups, leftOut } = pass.result();
  const controls = controlTotalsOf(groups);

  const breaks = new BreakCounts();
  for await (const kept of breaksOfDate(source, businessDate)) breaks.add(kept);
  const oldest = await oldestWaiting(source);
  return {
    businessDate,
    environment: environment.name,
    generatedAt: new Date(now).toISOString(),
    transactions: counts.transactions,
    totals: schemeTotalsOf(controls, counts.authorized),
    controls,
    postedWithoutEntries: leftOut.withoutEntries,
    breaks: { ...breaks.result, ...(oldest === undefined ? {} : { oldest: waitingOf(oldest) }) },
  };
}
