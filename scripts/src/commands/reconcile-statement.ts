import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Finding } from '@payments/reconcile/break';
import { CamtStatement } from '@payments/reconcile/camt-statement';
import { extractFormatOf } from '@payments/reconcile/extract-format';
import { ExtractStatement } from '@payments/reconcile/extract-statement';
import type { ComparedStatement, KeptStatement } from '@payments/reconcile/keep-statement';
import type { DateWindow } from '@payments/reconcile/ledger-statement';
import type { PassResult } from '@payments/reconcile/pass-result';
import policy from '@payments/reconcile/reconciliation-policy' with { type: 'json' };
import { runPass } from '@payments/reconcile/run-pass';
import { type BankStatement, StatementUnreadableError } from '@payments/reconcile/statement-line';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import { table } from '../text-table.ts';
import { type Command, CommandUsageError } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';
import { invokeReconcile } from './reconcile-functions.ts';
import { postedSequencesOf } from './reconcile-sides.ts';

const MINUTE_MS = 60_000;
/** So many of each are printed; --json has all. */
const SHOWN_MAX = 50;
/** More than this in one statement are no single breaks; and a function takes 6 MB (Lambda quotas, "Invocation payload"). */
const OPENED_MAX = 2_000;

/** What a statement came to. */
interface Comparison {
  readonly statement: {
    readonly rows: number;
    readonly foreign: number;
    readonly badLines: BankStatement['badLines'];
  };
  readonly result: PassResult;
  readonly findings: readonly Finding[];
}

/** `payments reconcile statement`: a bank's statement against what was posted. */
export const reconcileStatement: Command = {
  name: 'reconcile statement',
  summary: "compare a bank's statement or extract with what was posted",
  help: `payments reconcile statement <file> [options]

Compares what was posted with what a bank says it has booked: a statement (camt.053.001.08), an intraday report
(camt.052.001.08), a notification (camt.054.001.08), or an extract as comma-separated values. Only the accounts and the
booking dates of the statement are compared; entries without a reference of ours are counted and left alone. Lines that
cannot be read are named, and the others compared. Exits with 1 when something differs or a line cannot be read.

  --open                 make breaks of what differs, and end those that earlier statements left and this one puts right;
                         nothing is patched: a bank's books are the bank's
  --format <file>        an extract: JSON that names its columns, as in docs/reconciliation.md
  --value-dates <which>  compare (the default) or ignore, for banks that value as they like
  --json                 everything that was found
${CONNECTION_HELP}

Example:  payments reconcile statement statement-2026-11-22.xml`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...CONNECTION_OPTIONS,
        format: { type: 'string' },
        open: { type: 'boolean', default: false },
        'value-dates': { type: 'string', default: 'compare' },
        json: { type: 'boolean' },
      },
    });
    const path = onlyArgument(positionals, 'Name one statement.');
    const valueDates = values['value-dates'];
    if (valueDates !== 'compare' && valueDates !== 'ignore')
      throw new CommandUsageError(`--value-dates takes compare or ignore, not "${valueDates}".`);
    const statement = await openStatement(path, values.format, valueDates === 'compare');
    const connection = await openConnection(connectionOptions(values));
    try {
      const comparison = await compare(statement, postedSequencesOf(connection), Date.now());
      const kept = values.open ? await keep(connection, statement, comparison) : undefined;
      if (values.json === true)
        output.print(JSON.stringify({ ...comparison, ...(kept && { kept }) }, null, 2));
      else for (const line of [...comparisonLines(comparison), ...keptLines(kept)]) output.print(line);
      const { badLines } = comparison.statement;
      return comparison.findings.length === 0 && badLines.length === 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError when it cannot be read */
async function openStatement(
  path: string,
  formatPath: string | undefined,
  valueDate: boolean,
): Promise<BankStatement> {
  const source = () => createReadStream(path, 'utf8') as AsyncIterable<string>;
  try {
    if (formatPath === undefined) return await CamtStatement.open(source, { valueDate });
    return await ExtractStatement.open(source, extractFormatOf(JSON.parse(readFileSync(formatPath, 'utf8'))));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isReason = error instanceof StatementUnreadableError || error instanceof SyntaxError;
    // What the file system says of a file that is not there, or may not be read.
    if (isReason || code?.startsWith('E')) throw new CommandUsageError(`${path}: ${message}`);
    throw error;
  }
}

async function compare(
  statement: BankStatement,
  posted: ReturnType<typeof postedSequencesOf>,
  now: number,
): Promise<Comparison> {
  let rows = 0;
  let window: Required<DateWindow> | undefined;
  for await (const page of statement.read()) {
    rows += page.length;
    for (const { bookingDate } of page) {
      const dates = [bookingDate, window?.from ?? bookingDate, window?.to ?? bookingDate].sort();
      window = { from: dates[0] ?? bookingDate, to: dates[2] ?? bookingDate };
    }
  }
  // A statement without a row of ours has no dates to compare.
  const nothing = { from: '9999-12-31', to: '0000-01-01' };
  const settledBefore = new Date(now - policy.settledAfterMinutes * MINUTE_MS).toISOString();
  const pass = runPass({ posted, ledger: statement, settledBefore, window: window ?? nothing });
  const findings: Finding[] = [];
  for await (const page of pass.findings) findings.push(...page);
  const { badLines, foreign } = statement;
  return { statement: { rows, foreign, badLines }, result: pass.result(), findings };
}

/** Has the stage make cases of what differs. @throws CommandUsageError where that would be of no use */
async function keep(
  connection: Connection,
  { scope }: BankStatement,
  { statement: { rows }, findings, result }: Comparison,
): Promise<KeptStatement | undefined> {
  const { from, to } = result.window;
  if (rows === 0 || from === undefined || to === undefined) return undefined;
  if (findings.length > OPENED_MAX)
    throw new CommandUsageError(
      `${groupedCount(findings.length)} sequences differ, more than ${groupedCount(OPENED_MAX)}: no break is opened, for something is wrong with all of them. Is it the right file?`,
    );
  const statement: ComparedStatement = { from, to, accountIds: [...(scope.accountIds ?? [])], findings };
  return invokeReconcile<KeptStatement>(connection, 'pass', { statement });
}

function keptLines(kept: KeptStatement | undefined): readonly string[] {
  if (kept === undefined) return [];
  const { opened, closed } = kept;
  return ['', `Breaks opened ${groupedCount(opened)}, ended ${groupedCount(closed)}`];
}

/** What was found, for a person. */
function comparisonLines({ statement, result, findings }: Comparison): readonly string[] {
  const { rows, foreign, badLines } = statement;
  const { window, groups, leftOut } = result;
  const bad = badLines.slice(0, SHOWN_MAX).map(({ line, field, problem }) => [String(line), field, problem]);
  const found = findings
    .slice(0, SHOWN_MAX)
    .map(({ type, sequenceId = '', explanation }) => [type, sequenceId, explanation]);
  return [
    rows === 0 ? 'No entry carries a reference of ours.' : `Booked from ${window.from} to ${window.to}`,
    '',
    `Entries of ours       ${groupedCount(rows)}, and ${groupedCount(foreign)} of others`,
    `Control totals        ${groupedCount(groups.length)}, of which ${groupedCount(groups.filter(({ standing }) => standing === 'DIFFERS').length)} differ`,
    `Left out              ${groupedCount(leftOut.young)} too young, ${groupedCount(leftOut.withoutEntries)} without entries`,
    '',
    ...(bad.length === 0 ? [] : [table(['line', 'field', 'cannot be read'], bad), '']),
    found.length === 0 ? 'Posted and statement agree.' : table(['what differs', 'sequence', 'how'], found),
    ...more(badLines.length + findings.length - bad.length - found.length),
  ];
}

function more(count: number): readonly string[] {
  return count === 0 ? [] : ['', `${groupedCount(count)} more: --json has them all.`];
}
