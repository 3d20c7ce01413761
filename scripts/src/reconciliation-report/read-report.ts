import { GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { KeptBreak } from '@payments/reconcile/ports';
import { type SideRow, sidesOfRow } from '@payments/reconcile/side-row';
import type { PostingEntry } from '@payments/schemas';
import type { Connection } from '../commands/connection.ts';
import { BreakCounts } from './break-counts.ts';
import type { ReconciliationReport } from './report.ts';
import { type BookedEntry, SideTotals, type TransactionEnd } from './side-totals.ts';

/** The row of a sequence itself, beside those of its entries (`packages/posting/src/ledger-row.ts`). */
const SEQUENCE_POSITION = 'SEQUENCE';
/** Under which rows stand that say nothing of their scheme: those that nobody knows. */
const UNKNOWN_SCHEME = 'unknown';
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** Where a report is read from. */
export type ReportSource = Pick<Connection, 'environment' | 'documents'>;

/** A row of the ledger: of an entry, or of a sequence itself. */
interface LedgerRow {
  readonly sequenceId: string;
  readonly position: string;
  readonly scheme?: string;
  readonly account?: PostingEntry['account'];
  readonly direction?: 'DEBIT' | 'CREDIT';
  readonly amount?: PostingEntry['amount'];
  readonly eventCode?: string;
  readonly correction?: object;
}

/**
 * Reads what reconciliation says of a business date: from reconcile's own rows, the ledger, and the cases. Each table
 * is read once, row by row, and only sums are kept, so that memory does not grow with the number of transactions.
 *
 * @param businessDate `YYYY-MM-DD`; a transaction belongs to the day it was logged on, a row of the ledger to the day it
 *   is booked on
 * @param now epoch milliseconds
 */
export async function readReport(
  source: ReportSource,
  businessDate: string,
  now: number,
): Promise<ReconciliationReport> {
  const totals = new SideTotals();
  await readSides(source, businessDate, totals);
  await readLedger(source, businessDate, totals);
  const breaks = new BreakCounts(businessDate);
  const TableName = resourceName(source.environment, 'reconcile', 'breaks');
  for await (const { Items = [] } of paginateScan({ client: source.documents }, { TableName }))
    for (const item of Items) if (item['type'] !== undefined) breaks.add(item as KeptBreak);
  return {
    businessDate,
    environment: source.environment.name,
    generatedAt: new Date(now).toISOString(),
    transactions: totals.transactions,
    totals: totals.totals,
    controls: totals.controls,
    postedWithoutEntries: totals.postedWithoutEntries,
    breaks: breaks.result,
  };
}

async function readSides(
  { environment, documents }: ReportSource,
  businessDate: string,
  totals: SideTotals,
): Promise<void> {
  const input = {
    TableName: resourceName(environment, 'reconcile', 'reconciliation'),
    FilterExpression:
      'begins_with(loggedAt, :date) OR posted.bookingDate = :date OR attribute_exists(corrections)',
    ExpressionAttributeValues: { ':date': businessDate },
  };
  for await (const { Items = [] } of paginateScan({ client: documents }, input))
    for (const row of Items as SideRow[]) addSides(row, businessDate, totals);
}

function addSides(row: SideRow, businessDate: string, totals: SideTotals): void {
  const { scheme, loggedAt, authorized, posted, corrections = {} } = sidesOfRow(row);
  const loggedOn = loggedAt.slice(0, DATE_LENGTH);
  if (authorized !== undefined && loggedOn === businessDate)
    totals.addAuthorized(scheme, authorized.amount, endOf(row));
  if (posted !== undefined && posted.bookingDate === businessDate)
    totals.addPosted({ scheme, controlTotals: posted.controlTotals, entries: posted.entries });
  for (const { bookingDate, controlTotals, entries } of Object.values(corrections))
    if (bookingDate === businessDate) totals.addPosted({ scheme, controlTotals, entries });
}

function endOf({ posted, result }: SideRow): TransactionEnd {
  if (posted !== undefined) return 'posted';
  return result === 'CLOSED' ? 'ended' : 'outstanding';
}

/** A scan gives the rows of one partition, which is a sequence, one after the other. */
async function readLedger(source: ReportSource, businessDate: string, totals: SideTotals): Promise<void> {
  const input = {
    TableName: resourceName(source.environment, 'posting', 'ledger'),
    FilterExpression: '#date = :date',
    ExpressionAttributeNames: { '#date': 'bookingDate' },
    ExpressionAttributeValues: { ':date': businessDate },
  };
  let together: LedgerRow[] = [];
  for await (const { Items = [] } of paginateScan({ client: source.documents }, input)) {
    for (const row of Items as LedgerRow[]) {
      if (together[0] !== undefined && together[0].sequenceId !== row.sequenceId) {
        await addSequence(source, together, totals);
        together = [];
      }
      together.push(row);
    }
  }
  if (together.length > 0) await addSequence(source, together, totals);
}

async function addSequence(
  source: ReportSource,
  rows: readonly LedgerRow[],
  totals: SideTotals,
): Promise<void> {
  const told = rows.find(({ scheme }) => scheme !== undefined) ?? (await sequenceRow(source, rows[0]));
  const isCorrection = rows.some(({ correction }) => correction !== undefined);
  totals.addBooked(told?.scheme ?? UNKNOWN_SCHEME, rows.flatMap(entryOf), isCorrection);
}

/** The sequence's own row, where it is booked on another date than its entries, or is lost. */
async function sequenceRow(
  { environment, documents }: ReportSource,
  entry: LedgerRow | undefined,
): Promise<LedgerRow | undefined> {
  const TableName = resourceName(environment, 'posting', 'ledger');
  const Key = { sequenceId: entry?.sequenceId, position: SEQUENCE_POSITION };
  return (await documents.send(new GetCommand({ TableName, Key }))).Item as LedgerRow | undefined;
}

/** A sequence's own row holds no entry. */
function entryOf({ account, direction, amount, eventCode = '' }: LedgerRow): BookedEntry[] {
  if (account === undefined || direction === undefined || amount === undefined) return [];
  return [{ accountId: account.accountId, direction, ...amount, eventCode }];
}
