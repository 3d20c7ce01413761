import { parseArgs } from 'node:util';
import { table } from '../text-table.ts';
import { amountText, balanceText } from './account-amount.ts';
import { balancesOf, customerEntries, type LedgerEntry, scannedEntries } from './account-entries.ts';
import { type Command, CommandUsageError, type Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';

const HELP = `usage: payments statement <account> [--from <date>] [--to <date>] [--scan] [--json]

Prints the entries on an account in the order of their booking, with opening, running and closing balance for each
currency. Entries on customers' accounts are in an index. The bank's own accounts are not: every transaction moves on
the same few of them, so that an index would be as hot as they are. --scan reads the whole ledger for them.

  --from, --to <date>    the first and the last booking date, as 2026-11-22
  --scan                 read the whole ledger; the order within a day is then by sequence, not by time
  --json                 as JSON, in minor units; balances are positive when more was credited
${CONNECTION_HELP}

  payments statement ACC-0001 --from 2026-11-01`;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** So much of an id tells it from others, and is enough for `payments trace`. */
const SHORT_ID = 8;
/** Booking and value date, description, reference and transaction stand to the left. */
const TO_THE_LEFT = new Set([0, 1, 2, 5, 6]);

/** A line of a statement, in minor units. */
interface StatementLine {
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly narrative: string;
  /** Positive for a credit. */
  readonly amount: bigint;
  /** After this entry. */
  readonly balance: bigint;
  readonly sequenceId: string;
  readonly number: number;
  readonly transactionId: string;
  readonly eventCode: string;
  readonly reversal: boolean;
}

/** A statement in one currency, in minor units. */
interface Statement {
  readonly currency: string;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly lines: readonly StatementLine[];
}

/** `payments statement`: exits with 1 when nothing is booked on the account. */
export const statement: Command = {
  name: 'statement',
  summary: 'the entries on an account, with the balance after each',
  help: HELP,
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...CONNECTION_OPTIONS,
        from: { type: 'string' },
        to: { type: 'string' },
        scan: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const accountId = onlyArgument(positionals, 'One account is expected.');
    const { from, to } = values;
    for (const date of [from, to])
      if (date !== undefined && !DATE.test(date))
        throw new CommandUsageError(`A date is expected as 2026-11-22, not as "${date}".`);
    const connection = await openConnection(connectionOptions(values));
    try {
      const entries = await entriesOf(connection, accountId, to, values.scan);
      const statements = statementsOf(entries, from);
      if (values.json)
        output.print(JSON.stringify({ accountId, statements: statements.map(jsonOf) }, null, 2));
      else print(accountId, statements, output);
      return entries.length > 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError for an account of the bank's own, unless the whole ledger is to be read */
async function entriesOf(
  connection: Connection,
  accountId: string,
  to: string | undefined,
  scan: boolean,
): Promise<readonly LedgerEntry[]> {
  if (scan) {
    const entries = await scannedEntries(connection, accountId);
    return to === undefined ? entries : entries.filter(({ bookingDate }) => bookingDate <= to);
  }
  const entries = await customerEntries(connection, accountId, to);
  if (entries.length > 0) return entries;
  const bankOwned = (await balancesOf(connection, accountId)).find(({ role }) => role !== 'CUST');
  if (bankOwned === undefined) return entries;
  throw new CommandUsageError(
    `${accountId} is an account of the bank's own (${bankOwned.role}) and has no index: say --scan to read the whole ledger.`,
  );
}

/** By currency in alphabetic order; what was booked before `from` is in the opening balance alone. */
function statementsOf(entries: readonly LedgerEntry[], from = ''): readonly Statement[] {
  return [...Map.groupBy(entries, ({ amount }) => amount.currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, group]) => {
      let opening = 0n;
      let balance = 0n;
      const lines: StatementLine[] = [];
      for (const entry of group) {
        const amount = BigInt(entry.amount.minorUnits) * (entry.direction === 'CREDIT' ? 1n : -1n);
        balance += amount;
        if (entry.bookingDate < from) opening = balance;
        else lines.push(lineOf(entry, amount, balance));
      }
      return { currency, opening, closing: balance, lines };
    });
}

function lineOf(entry: LedgerEntry, amount: bigint, balance: bigint): StatementLine {
  const { bookingDate, valueDate, narrative, sequenceId, transactionId, eventCode, reversal } = entry;
  const number = entry.sequence.number;
  return {
    bookingDate,
    valueDate,
    narrative,
    amount,
    balance,
    sequenceId,
    number,
    transactionId,
    eventCode,
    reversal,
  };
}

function print(accountId: string, statements: readonly Statement[], output: Output): void {
  if (statements.length === 0) output.warn(`Nothing is booked on ${accountId}.`);
  for (const { currency, opening, closing, lines } of statements) {
    output.print(`${accountId}  ${currency}  opening balance ${balanceText(opening, currency)}\n`);
    const rows = lines.map((line) => [
      line.bookingDate,
      line.valueDate,
      line.narrative,
      `${amountText(line.amount < 0n ? -line.amount : line.amount, currency)} ${line.amount < 0n ? 'Dr' : 'Cr'}`,
      balanceText(line.balance, currency),
      `${line.sequenceId.slice(0, SHORT_ID)}/${line.number}`,
      line.transactionId.slice(0, SHORT_ID),
    ]);
    const head = ['booked', 'value', 'description', 'amount', 'balance', 'reference', 'transaction'];
    output.print(table(head, rows, TO_THE_LEFT));
    output.print(`\nclosing balance ${balanceText(closing, currency)}, ${lines.length} entries\n`);
  }
}

function jsonOf({ currency, opening, closing, lines }: Statement) {
  return {
    currency,
    opening: String(opening),
    closing: String(closing),
    lines: lines.map((line) => ({ ...line, amount: String(line.amount), balance: String(line.balance) })),
  };
}
