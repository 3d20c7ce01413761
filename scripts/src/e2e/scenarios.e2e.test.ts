import { join } from 'node:path';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromWire, rateFromWire, rateToText, toDecimalText } from '@payments/domain';
import { resourceName } from '@payments/infra/names';
import type { Money, Rate, Transaction } from '@payments/schemas';
import { type Connection, openConnection } from '../commands/connection.ts';
import { transactionEvents } from '../commands/transaction-events.ts';
import { ledgerRows, reconciliationRow } from '../commands/transaction-rows.ts';
import { runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const MINUTE_MS = 60_000;
const folder = temporaryFolder();

interface AuthorizationRow {
  readonly transactionId: string;
  readonly outcome: string;
  readonly responseCode?: string;
  readonly record?: { readonly authorization: { readonly mti: string; readonly stan: string } };
}

/** How each of the 13 scenarios ends: message, what it means, what became of it. */
const ENDS: Readonly<Record<string, string>> = {
  'visa-domestic-purchase': '0100 100001 | PURCHASE 25.99 GBP, billed 25.99 GBP | posted, 2 entries',
  'visa-domestic-purchase-retransmit': '0101 100001 | DUPLICATE of 0100 100001 | parked',
  'visa-fx-purchase': '0100 100002 | PURCHASE 100.00 USD, billed 79.12 GBP at 0.7912 | posted, 6 entries',
  'mc-fx-cash-withdrawal-fee':
    '0100 200001 | CASH 200.00 EUR, billed 172.34 GBP at 0.8617 | posted, 4 entries',
  'mc-refund': '0100 200002 | REFUND 15.00 GBP, billed 15.00 GBP | posted, 2 entries',
  'visa-full-reversal': '0400 100009 | REVERSAL of 100001, full | posted, 2 entries, takes back 0100 100001',
  'visa-partial-reversal':
    '0420 100010 | REVERSAL of 100002, 60.00 USD stay | posted, 6 entries, takes back 0100 100002',
  'mc-partial-approval':
    '0100 200003 | PURCHASE 50.00 GBP of 80.00 GBP, billed 50.00 GBP | posted, 2 entries',
  'visa-jpy-zero-decimals':
    '0100 100003 | PURCHASE 12345 JPY, billed 65.43 GBP at 0.005300122 | posted, 6 entries',
  'mc-kwd-three-decimals':
    '0100 200004 | PURCHASE 12.345 KWD, billed 31.61 GBP at 2.5605 | posted, 6 entries',
  'disc-single-message-cashback': '0200 300001 | CASHBACK 60.00 GBP, billed 60.00 GBP | posted, 3 entries',
  'visa-declined': 'declined with 51',
  'mc-stip-advice': '0120 200005 | PURCHASE 12.75 GBP, billed 12.75 GBP, stand-in | posted, 2 entries',
};

describe('the 13 scenarios', () => {
  let connection: Connection;
  beforeAll(async () => {
    const stacks = synthesize('local', folder.path);
    const dataDir = join(folder.path, 'scenarios');
    await runPipeline('local', stacks, dataDir, ['--fresh']);
    connection = await openConnection({ dataDir, environment: 'local' });
  }, 2 * MINUTE_MS);
  afterAll(async () => {
    await connection.close();
    await folder.remove();
  });

  it('end as they must', async () => {
    const rows: AuthorizationRow[] = [];
    const TableName = resourceName(connection.environment, 'ingest', 'authorizations');
    for await (const page of paginateScan({ client: connection.documents }, { TableName }))
      rows.push(...((page.Items ?? []) as AuthorizationRow[]));
    const names = new Map(rows.map((row) => [row.transactionId, nameOf(row)]));
    const ends = await Promise.all(rows.map((row) => endOf(row, connection, names)));
    expect(ends.sort()).toEqual(Object.values(ENDS).sort());
  });
});

/** Message type and trace number. */
function nameOf({ record }: AuthorizationRow): string {
  return record === undefined ? '' : `${record.authorization.mti} ${record.authorization.stan}`;
}

async function endOf(
  row: AuthorizationRow,
  connection: Connection,
  names: ReadonlyMap<string, string>,
): Promise<string> {
  const name = nameOf(row);
  if (row.outcome === 'DECLINED') return `declined with ${row.responseCode}`;
  const { events } = await transactionEvents(connection, row.transactionId);
  const parked = events.find((event) => event.name === 'DuplicateTransactionParked')?.record;
  if (parked !== undefined)
    return `${name} | ${parked['reason']} of ${names.get(String(parked['firstTransactionId']))} | parked`;
  const enriched = events.find((event) => event.name === 'TransactionEnriched')?.record;
  const posted = events.find((event) => event.name === 'TransactionPosted')?.record;
  if (enriched === undefined || posted === undefined) return `${name} | lost`;
  const { count } = posted['sequence'] as { count: number };
  const taken = await takenBack(row.transactionId, connection, names);
  const meaning = meaningOf(enriched['transaction'] as Transaction);
  return `${name} | ${meaning} | posted, ${count} entries${taken === undefined ? '' : `, takes back ${taken}`}`;
}

function meaningOf(transaction: Transaction): string {
  const { kind, amount, billed, conversion, requested, reversal, original, standIn } = transaction;
  if (reversal !== undefined) {
    const what = reversal.replacement === undefined ? 'full' : `${text(reversal.replacement)} stay`;
    return `${kind} of ${original?.stan}, ${what}`;
  }
  const asked = requested === undefined ? '' : ` of ${text(requested)}`;
  const rate = conversion === undefined ? '' : ` at ${rateText(conversion.rate)}`;
  return `${kind} ${text(amount)}${asked}, billed ${text(billed)}${rate}${standIn ? ', stand-in' : ''}`;
}

/** The message of the transaction of which this one takes the sequence back. */
async function takenBack(
  transactionId: string,
  connection: Connection,
  names: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const rows = await ledgerRows(connection, await reconciliationRow(connection, transactionId));
  const sequenceId = rows.map((row) => row['reversalOf']).find((id) => id !== undefined);
  if (sequenceId === undefined) return undefined;
  for (const [each, name] of names) {
    const others = await ledgerRows(connection, await reconciliationRow(connection, each));
    if (others.some((row) => row['sequenceId'] === sequenceId)) return name;
  }
  return 'nothing';
}

function text(money: Money): string {
  const amount = fromWire(money);
  return `${toDecimalText(amount)} ${amount.currency}`;
}

function rateText(rate: Rate): string {
  return rateToText(rateFromWire(rate));
}
