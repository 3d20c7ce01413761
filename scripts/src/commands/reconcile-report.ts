import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readReport } from '../reconciliation-report/read-report.ts';
import type { ReconciliationReport } from '../reconciliation-report/report.ts';
import { reportCsv } from '../reconciliation-report/report-csv.ts';
import { reportHtml } from '../reconciliation-report/report-html.ts';
import { reportText } from '../reconciliation-report/report-text.ts';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { onlyArgument } from './only-argument.ts';
import { ledgerStatementOf, postedSequencesOf } from './reconcile-sides.ts';

/** What a report is written as, by the ending of its file. */
const FORMATS: Readonly<Record<string, (report: ReconciliationReport) => string>> = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  csv: reportCsv,
  html: reportHtml,
};
const NAMES = Object.keys(FORMATS);
const EXPECTED = 'report takes one business date, as 2026-11-22.';

/** `payments reconcile report`: what reconciliation says of one business date. */
export const reconcileReport: Command = {
  name: 'reconcile report',
  summary: 'the report of a business date: totals on each side, breaks; as text, page, CSV or JSON',
  help: `payments reconcile report <date> [options]

Reports a business date: transactions by scheme, totals by scheme and currency on each side, control totals by event
code, breaks opened, patched and parked by type, and what waits, with ages. Prints it as text; the page, for people,
needs no other file and prints well. Reads what was posted and the ledger as a stream, and changes nothing.

  --format <format>      ${NAMES.join(', ')}; printed, unless --out is given
  --json                 the same as --format json
  --out <dir>            write files into this folder: the format's, or all three
${CONNECTION_HELP}

Example:  payments reconcile report 2026-11-22 --out reports`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...CONNECTION_OPTIONS,
        format: { type: 'string' },
        json: { type: 'boolean' },
        out: { type: 'string' },
      },
      allowPositionals: true,
    });
    const businessDate = onlyArgument(positionals, EXPECTED);
    if (!isDate(businessDate)) throw new CommandUsageError(EXPECTED);
    const { out } = values;
    const format = values.json === true ? 'json' : values.format;
    if (values.json === true && (values.format ?? 'json') !== 'json')
      throw new CommandUsageError('--json is --format json, and excludes another.');
    if (format !== undefined && !NAMES.includes(format))
      throw new CommandUsageError(`"${format}" is no format of a report; there are ${NAMES.join(', ')}.`);
    const connection = await openConnection(connectionOptions(values));
    try {
      const { environment, documents } = connection;
      const source = {
        environment,
        documents,
        posted: postedSequencesOf(connection),
        ledger: ledgerStatementOf(connection),
      };
      const report = await readReport(source, businessDate, Date.now());
      if (out === undefined) {
        output.print(((format && FORMATS[format]) || reportText)(report).trimEnd());
        return 0;
      }
      mkdirSync(out, { recursive: true });
      for (const each of format === undefined ? NAMES : [format]) {
        const path = join(out, `reconciliation-${environment.name}-${businessDate}.${each}`);
        writeFileSync(path, FORMATS[each]?.(report) ?? '');
        output.print(path);
      }
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** A day that there is, as `2026-11-22`. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
