import { table } from '../text-table.ts';
import { ageText } from './age-text.ts';
import { groupedAmount, groupedCount } from './amount-text.ts';
import { isBooked, type ReconciliationReport } from './report.ts';
import { verdictOf } from './verdict.ts';

/** The columns of totals that hold words. */
const TOTALS_TO_THE_LEFT = new Set([0, 1, 8]);

/** A report as a person reads it in a terminal: the verdict, transactions, totals and breaks. */
export function reportText(report: ReconciliationReport): string {
  const { businessDate, environment, transactions, totals, breaks, generatedAt } = report;
  const now = Date.parse(generatedAt);
  const parts = [`Reconciliation of ${businessDate}, ${environment}`, verdictOf(report).sentence];
  if (transactions.length > 0) parts.push(transactionsTable(transactions));
  if (totals.length > 0) parts.push(totalsTable(totals));
  if (breaks.byType.length > 0) parts.push(breaksTable(breaks, now));
  if (breaks.oldest !== undefined)
    parts.push(`The oldest break that waits, of any date, is ${ageText(breaks.oldest.openedAt, now)} old.`);
  return parts.join('\n\n');
}

function transactionsTable(transactions: ReconciliationReport['transactions']): string {
  const head = [
    'scheme',
    'authorized',
    'posted',
    'in ledger',
    'reconciled',
    'ended',
    'outstanding',
    'corrections',
  ];
  const rows = transactions.map(({ scheme, ...counts }) => {
    const { authorized, posted, booked, reconciled, ended, outstanding, corrections } = counts;
    const figures = [authorized, posted, booked, reconciled, ended, outstanding, corrections];
    return [scheme, ...figures.map((count) => groupedCount(count))];
  });
  return table(head, rows);
}

function totalsTable(totals: ReconciliationReport['totals']): string {
  const head = [
    'scheme',
    'currency',
    'authorized',
    'posted',
    'debits',
    'in ledger',
    'debits',
    'credits',
    'result',
  ];
  const rows = totals.map(({ scheme, currency, authorized, posted, ledger, standing }) => [
    scheme,
    currency,
    groupedAmount(authorized.amount, currency),
    groupedCount(posted.entries),
    groupedAmount(posted.debits, currency),
    groupedCount(ledger.entries),
    groupedAmount(ledger.debits, currency),
    groupedAmount(ledger.credits, currency),
    isBooked({ posted, ledger }) ? standing.toLowerCase() : '',
  ]);
  return table(head, rows, TOTALS_TO_THE_LEFT);
}

function breaksTable({ byType }: ReconciliationReport['breaks'], now: number): string {
  const head = ['breaks', 'opened', 'patched', 'closed', 'parked', 'proposed', 'open', 'oldest'];
  const rows = byType.map(({ type, oldestSince, ...counts }) => {
    const { opened, patched, closed, parked, proposed, open } = counts;
    const figures = [opened, patched, closed, parked, proposed, open].map((count) => groupedCount(count));
    return [type, ...figures, oldestSince === undefined ? '' : ageText(oldestSince, now)];
  });
  return table(head, rows);
}
