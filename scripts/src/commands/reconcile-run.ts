import { parseArgs } from 'node:util';
import type { DateWindow } from '@payments/reconcile/ledger-statement';
import type { PassResult } from '@payments/reconcile/pass-result';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import { table } from '../text-table.ts';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { amountWithCurrency } from './reconcile-break-text.ts';
import { invokeReconcile } from './reconcile-functions.ts';

const DEFAULT_WINDOW = 'hourly';
const NAME = /^[a-z][a-z-]*$/;
const DATES = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2})?)?$/;

/** What the stage answers after a pass. */
type PassAnswer = Omit<PassResult, 'groups'> & {
  readonly name: string;
  readonly groups: { readonly compared: number; readonly differing: number };
  /** Breaks that were not there before. */
  readonly opened: number;
};

/** `payments reconcile run`: a pass over what was posted and the ledger, now. */
export const reconcileRun: Command = {
  name: 'reconcile run',
  summary: 'compare what was posted with the whole ledger now, and open a break for each difference',
  help: `payments reconcile run [options]

Makes a pass now: adds up what was posted and what is booked, looks into what differs, and opens a break for each
difference that has none. What was posted in the last minutes is left out, since it may still be on its way; running it
twice opens nothing twice. Exits with 1 when something differs.

  --window <window>      hourly (the default) or end-of-day, or booking dates, both included: 2026-11-22,
                         2026-11-20..2026-11-22, 2026-11-20.. for all since
  --json                 what the pass came to
${CONNECTION_HELP}

Example:  payments reconcile run --window 2026-11-20..2026-11-22`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, window: { type: 'string' }, json: { type: 'boolean' } },
    });
    const request = windowOf(values.window ?? DEFAULT_WINDOW);
    const connection = await openConnection(connectionOptions(values));
    try {
      const answer = await invokeReconcile<PassAnswer>(connection, 'pass', request);
      if (values.json === true) output.print(JSON.stringify(answer, null, 2));
      else for (const line of passLines(answer)) output.print(line);
      return Object.keys(answer.findings).length === 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError for what is no window */
function windowOf(text: string): { readonly window: string } | DateWindow {
  if (NAME.test(text)) return { window: text };
  const [, from, to] = DATES.exec(text) ?? [];
  if (from === undefined || (to !== undefined && to < from))
    throw new CommandUsageError(
      `A window is expected as hourly, 2026-11-22 or 2026-11-20..2026-11-22, not as "${text}".`,
    );
  if (text.endsWith('..')) return { from };
  return { from, to: to ?? from };
}

/** What a pass came to, for a person. */
export function passLines(answer: PassAnswer): readonly string[] {
  const { window, sequences, leftOut, groups, findings, atRisk, opened } = answer;
  const rows = Object.entries(findings).map(([type, count]) => [type, groupedCount(count)]);
  const amounts = atRisk.map((each) => amountWithCurrency(each)).join(', ');
  return [
    `Booked ${window.from === undefined ? '' : `from ${window.from} `}${window.to === undefined ? 'until now' : `to ${window.to}`}`,
    '',
    `Sequences posted      ${groupedCount(sequences.posted)}`,
    `Control totals        ${groupedCount(groups.compared)}, of which ${groupedCount(groups.differing)} differ`,
    `Looked into           ${groupedCount(sequences.compared)}`,
    `Left out              ${groupedCount(leftOut.young)} too young, ${groupedCount(leftOut.withoutEntries)} without entries`,
    `Breaks opened         ${groupedCount(opened)}`,
    '',
    ...(rows.length === 0
      ? [sequences.posted === 0 ? 'There was nothing to compare.' : 'Posted and ledger agree.']
      : [table(['what differs', 'sequences'], rows), ...(amounts === '' ? [] : ['', `At risk: ${amounts}`])]),
  ];
}
