import { parseArgs } from 'node:util';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { KeptBreak } from '@payments/reconcile/ports';
import { type SideRow, sidesOfRow } from '@payments/reconcile/side-row';
import type { TransactionSides } from '@payments/reconcile/transaction-sides';
import type { ControlTotals } from '@payments/schemas';
import type { Command } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';
import { amountWithCurrency, breaksTable, timeText } from './reconcile-break-text.ts';
import { allBreaks } from './reconcile-cases.ts';
import { findTransaction } from './transaction-rows.ts';

const NAME_WIDTH = 13;

/** What reconciliation knows of a transaction. */
interface Explanation {
  readonly transactionId: string;
  /** `RECONCILED`, `CLOSED`, the type of a mismatch; absent while it is open. */
  readonly result: string | undefined;
  readonly sides: TransactionSides | undefined;
  readonly breaks: readonly KeptBreak[];
}

/** `payments reconcile explain`: how a transaction stands between its sides, and why. */
export const reconcileExplain: Command = {
  name: 'reconcile explain',
  summary: 'what each side says of one transaction, whether they agree, and its breaks',
  help: `payments reconcile explain <transactionId> [options]

Shows what was authorized, approved, posted and booked for a transaction, when each was said, whether it agrees, and the
breaks that it has had. "payments trace" tells what became of it on its way.

  --json                 the same for machines
${CONNECTION_HELP}

Example:  payments reconcile explain 343ec004`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const id = onlyArgument(positionals, 'explain takes the id of one transaction, or its beginning.');
    const connection = await openConnection(connectionOptions(values));
    try {
      const explanation = await explanationOf(connection, await findTransaction(connection, id));
      if (values.json === true) output.print(JSON.stringify(explanation, null, 2));
      else for (const line of explanationLines(explanation, Date.now())) output.print(line);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

async function explanationOf(connection: Connection, transactionId: string): Promise<Explanation> {
  const { documents, environment } = connection;
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { transactionId } }));
  const breaks: KeptBreak[] = [];
  for await (const each of allBreaks(connection, transactionId)) breaks.push(each);
  breaks.sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  const row = Item as SideRow | undefined;
  return {
    transactionId,
    result: row?.result,
    sides: row === undefined ? undefined : sidesOfRow(row),
    breaks,
  };
}

function explanationLines({ transactionId, result, sides, breaks }: Explanation, now: number): string[] {
  return [
    `Transaction ${transactionId}${sides === undefined ? '' : `, ${sides.scheme}, logged ${timeText(sides.loggedAt)}`}`,
    '',
    ...(sides === undefined ? ['  Reconciliation has heard nothing of it.'] : sideLines(sides)),
    ...(breaks.length === 0 ? [] : ['', breaksTable(breaks, now)]),
    '',
    conclusionOf(result, sides, breaks),
  ];
}

function sideLines(sides: TransactionSides): string[] {
  const {
    authorized,
    approved,
    rejected,
    delayed,
    posted,
    corrections = {},
    failed,
    notPosted,
    held,
    booked,
  } = sides;
  const lines: string[] = [];
  const add = (name: string, text: string, saidAt?: string): void => {
    const at = saidAt === undefined ? '' : timeText(saidAt);
    lines.push(`  ${name.padEnd(NAME_WIDTH)}${at.padEnd('YYYY-MM-DD HH:MM:SS'.length)}  ${text}`);
  };
  if (authorized) add('authorized', amountWithCurrency(authorized.amount), authorized.saidAt);
  else add('authorized', 'not heard of');
  if (approved)
    add(
      'approved',
      `${amountWithCurrency(approved.amount)}, billed ${amountWithCurrency(approved.billed)}`,
      approved.saidAt,
    );
  if (rejected) add('rejected', rejected.reason, rejected.saidAt);
  if (delayed)
    add(
      'delayed',
      `${delayed.present.length} of ${delayed.count} entries had come (${delayed.present.join(', ')})`,
      delayed.saidAt,
    );
  if (held) add('held', held.action, held.saidAt);
  if (notPosted)
    add(
      'not posted',
      `${notPosted.disposition} ${notPosted.reason}: ${notPosted.explanation}`,
      notPosted.saidAt,
    );
  if (failed) add('failed', failed.reason, failed.saidAt);
  if (posted)
    add('posted', `${totalsText(posted.controlTotals)}, booked on ${posted.bookingDate}`, posted.saidAt);
  for (const { breakId, controlTotals, saidAt } of Object.values(corrections))
    add('corrected', `${totalsText(controlTotals)}, by break ${breakId.slice(0, 8)}`, saidAt);
  if (booked) add('ledger', totalsText(booked.controlTotals));
  return lines;
}

function conclusionOf(
  result: string | undefined,
  sides: TransactionSides | undefined,
  breaks: readonly KeptBreak[],
): string {
  const waiting = breaks.filter(({ state }) => state !== 'PATCHED' && state !== 'CLOSED').length;
  if (waiting > 0) return `It is broken: ${waiting === 1 ? 'one break waits' : `${waiting} breaks wait`}.`;
  if (result === 'RECONCILED')
    return breaks.some(({ state }) => state === 'PATCHED')
      ? 'It agrees on all sides, after a patch.'
      : 'It agrees on all sides.';
  if (result === 'CLOSED') return 'It ended without entries, as it should.';
  if (result !== undefined) return `It was found to be ${result}.`;
  return sides === undefined
    ? 'There is nothing to compare.'
    : 'It is not settled: sides are missing and may still come.';
}

function totalsText({ count, currencies }: ControlTotals): string {
  const sums = currencies.map(({ currency, debits, credits }) =>
    debits === credits
      ? amountWithCurrency({ minorUnits: debits, currency })
      : `${amountWithCurrency({ minorUnits: debits, currency })} Dr / ${amountWithCurrency({ minorUnits: credits, currency })} Cr`,
  );
  return `${count} entries, ${sums.join(' and ')}`;
}
