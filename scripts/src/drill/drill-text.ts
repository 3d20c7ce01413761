import { table } from '../text-table.ts';
import type { DrillReport } from './drill.ts';

/** The columns that hold words: what was done, and what it was found as. */
const WORDS: ReadonlySet<number> = new Set([0, 2, 6]);
const MARK = 'yes';
const NO_MARK = 'NO';

/** A drill's report as a person reads it. */
export function drillText(report: DrillReport): string {
  const { environment, transactions, seed, posted, evidence, virtualMinutes } = report;
  const rows = report.damages.map((each) => [
    each.damage,
    String(each.planted),
    Object.entries(each.foundAs)
      .map(([type, count]) => (count === each.planted ? type : `${type} ${count}`))
      .join(', ') || '-',
    String(each.patched),
    String(each.approved),
    String(each.parked),
    each.ledgerEqual ? MARK : NO_MARK,
  ]);
  const head = ['damage', 'planted', 'found as', 'patched', 'approved', 'parked', 'ledger equal'];
  const count = (value: number): string => value.toLocaleString('en-GB');
  return [
    table(head, rows, WORDS),
    '',
    `${count(transactions)} transactions (seed ${seed}, environment ${environment}), ${count(posted)} of them posted; ${hours(virtualMinutes)} hours of virtual time.`,
    `False alarms ${report.falseAlarms}, entries of evidence ${count(evidence)}.`,
    report.problems.length === 0
      ? 'Every break was found, and patched or left to people as policy says; the ledger is that of the undamaged run.'
      : ['What does not hold:', ...report.problems.map((problem) => `  ${problem}`)].join('\n'),
  ].join('\n');
}

function hours(minutes: number): string {
  return (minutes / 60).toFixed(1);
}
