import { parseArgs } from 'node:util';
import { table } from '../text-table.ts';
import { amountText, balanceText } from './account-amount.ts';
import { type AccountBalance, balancesOf, customerEntries, scannedEntries } from './account-entries.ts';
import type { Command, Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';

const HELP = `usage: payments balance <account> [--currency <code>] [--verify] [--json]

Prints what was debited and credited on an account, by currency. Balances are folded from the ledger and are some
moments behind it. Opening balances are not known to the ledger: everything begins at zero.

  --currency <code>      in this currency alone
  --verify               adds up the ledger too, and fails when it says otherwise; reads the whole ledger where the
                         account is the bank's own
  --json                 as JSON, in minor units; the net is positive when more was credited
${CONNECTION_HELP}

  payments balance ACC-0001 --verify`;

const ROLE_OF_CUSTOMERS = 'CUST';

/** `payments balance`: exits with 1 when nothing is booked on the account, or the ledger says otherwise. */
export const balance: Command = {
  name: 'balance',
  summary: 'what was debited and credited on an account',
  help: HELP,
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...CONNECTION_OPTIONS,
        currency: { type: 'string' },
        verify: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const accountId = onlyArgument(positionals, 'One account is expected.');
    const connection = await openConnection(connectionOptions(values));
    try {
      const balances = await balancesOf(connection, accountId, values.currency);
      const ledger = values.verify ? await ledgerSums(connection, accountId, balances) : undefined;
      const verdicts = ledger?.filter(({ currency }) => [currency, undefined].includes(values.currency));
      if (values.json)
        output.print(
          JSON.stringify(
            { accountId, balances: jsonOf(balances), ...(verdicts && { ledger: jsonOf(verdicts) }) },
            null,
            2,
          ),
        );
      else print(accountId, balances, output);
      const agrees = verdicts === undefined || report(balances, verdicts, output);
      return balances.length > 0 && agrees ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

function print(accountId: string, balances: readonly AccountBalance[], output: Output): void {
  const [first] = balances;
  if (first === undefined) {
    output.warn(`Nothing is booked on ${accountId}.`);
    return;
  }
  output.print(`${accountId}  ${first.role}\n`);
  const rows = balances.map(({ currency, debits, credits, entries }) => [
    currency,
    amountText(debits, currency),
    amountText(credits, currency),
    balanceText(credits - debits, currency),
    entries.toLocaleString('en-GB'),
  ]);
  output.print(table(['currency', 'debits', 'credits', 'net', 'entries'], rows));
}

/** What the ledger itself adds up to on an account. */
async function ledgerSums(
  connection: Connection,
  accountId: string,
  balances: readonly AccountBalance[],
): Promise<readonly AccountBalance[]> {
  const isCustomers = balances.every(({ role }) => role === ROLE_OF_CUSTOMERS) && balances.length > 0;
  const entries = isCustomers
    ? await customerEntries(connection, accountId)
    : await scannedEntries(connection, accountId);
  return [...Map.groupBy(entries, ({ amount }) => amount.currency)]
    .map(([currency, group]) => {
      const sum = (side: string): bigint =>
        group.reduce(
          (total, { direction, amount }) => (direction === side ? total + BigInt(amount.minorUnits) : total),
          0n,
        );
      const role = group[0]?.account.role ?? '';
      return {
        accountId,
        role,
        currency,
        debits: sum('DEBIT'),
        credits: sum('CREDIT'),
        entries: group.length,
      };
    })
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** Says whether the ledger says the same; gives it. */
function report(
  balances: readonly AccountBalance[],
  ledger: readonly AccountBalance[],
  output: Output,
): boolean {
  const same = JSON.stringify(jsonOf(balances)) === JSON.stringify(jsonOf(ledger));
  if (same) output.warn('The ledger says the same.');
  else {
    const says = ledger.map(
      ({ currency, debits, credits, entries }) =>
        `${currency} ${amountText(debits, currency)} debited, ${amountText(credits, currency)} credited, ${entries} entries`,
    );
    output.warn(
      `The ledger says otherwise: ${says.join('; ') || 'nothing is booked'}. Balances may be some moments behind.`,
    );
  }
  return same;
}

function jsonOf(balances: readonly AccountBalance[]) {
  return balances.map(({ currency, role, debits, credits, entries }) => ({
    currency,
    role,
    debits: String(debits),
    credits: String(credits),
    net: String(credits - debits),
    entries,
  }));
}
