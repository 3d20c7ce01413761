import { currencyOf, toDecimalText } from '@payments/domain';
import type { Summary } from './summary.ts';

/** The summary as a person reads it. */
export function summaryText(summary: Summary): string {
  const { authorizations, rules, unposted, reconciliation, timing } = summary;
  const rows: [string, string][] = [
    ['Authorizations read', count(authorizations.read)],
    ['  unreadable', count(authorizations.unreadable)],
    ['  declined', count(authorizations.declined)],
    ['  duplicates parked', count(summary.duplicatesParked)],
    ['  quarantined', count(summary.quarantined)],
    ['  refused by rules', count(rules.rejected)],
    ['  posting failed', count(summary.postingFailed)],
    ['  held', count(unposted.held)],
    ['  ended without entries', count(unposted.ended)],
    ['  waiting for another', count(unposted.waiting)],
    ['  posted', `${count(summary.posted)}  (${count(summary.entries)} entries)`],
    [
      'Reconciled',
      `${count(reconciliation.matched)}  (mismatches ${count(reconciliation.mismatches)}, patched ${count(reconciliation.patched)})`,
    ],
    ...summary.ledger.map(({ currency, debits, credits }): [string, string] => [
      `Ledger ${currency}`,
      `debits ${amount(debits, currency)}  credits ${amount(credits, currency)}  ${debits === credits ? 'balanced' : 'NOT BALANCED'}`,
    ]),
    [
      'Time',
      `${(timing.elapsedMs / 1000).toFixed(1)} s  (${count(Math.round(timing.transactionsPerSecond))} transactions/s)`,
    ],
    [
      'From ingestion to posting',
      `p50 ${timing.endToEndMs.p50} ms  p99 ${timing.endToEndMs.p99} ms  max ${timing.endToEndMs.max} ms`,
    ],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, value]) => `  ${label.padEnd(width)}${value}`).join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function amount(minorUnits: string, currency: string): string {
  const text = toDecimalText({ minorUnits: BigInt(minorUnits), currency: currencyOf(currency).code });
  return text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}
