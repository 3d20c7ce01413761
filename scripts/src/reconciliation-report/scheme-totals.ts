import type { GroupTotals, PassGroup } from '@payments/reconcile/pass-result';
import type { ControlTotal, SchemeTotal, SideSums, Standing } from './report.ts';
import type { AuthorizedSum } from './transaction-counts.ts';

/** What a ledger does not say of its rows stands as this. */
const NOT_SAID = '?';
const GRAVITY: readonly Standing[] = ['AGREES', 'CORRECTED', 'DIFFERS'];

/** The groups of a pass as control totals. */
export function controlTotalsOf(groups: readonly PassGroup[]): readonly ControlTotal[] {
  return groups
    .map(({ scheme = NOT_SAID, currency, eventCode = NOT_SAID, posted, booked, standing }) => ({
      scheme,
      currency,
      eventCode,
      posted: { ...sumsOf(posted), hashTotal: posted.hashTotal },
      ledger: { ...sumsOf(booked), hashTotal: booked.hashTotal },
      standing,
    }))
    .sort((a, b) => (keyOf(a) + a.eventCode < keyOf(b) + b.eventCode ? -1 : 1));
}

/**
 * The three sides by scheme and currency, in alphabetic order. A scheme and currency stands as the gravest of its
 * control totals.
 */
export function schemeTotalsOf(
  controls: readonly ControlTotal[],
  authorized: readonly AuthorizedSum[],
): readonly SchemeTotal[] {
  const keys = new Set([...controls, ...authorized].map(keyOf));
  return [...keys].sort().map((key) => {
    const group = controls.filter((each) => keyOf(each) === key);
    const [scheme = '', currency = ''] = key.split('|');
    const { transactions = 0, amount = 0n } = authorized.find((each) => keyOf(each) === key) ?? {};
    return {
      scheme,
      currency,
      authorized: { transactions, amount: String(amount) },
      posted: sumOf(group.map(({ posted }) => posted)),
      ledger: sumOf(group.map(({ ledger }) => ledger)),
      standing: GRAVITY[Math.max(0, ...group.map(({ standing }) => GRAVITY.indexOf(standing)))] ?? 'DIFFERS',
    };
  });
}

function keyOf({ scheme, currency }: { readonly scheme: string; readonly currency: string }): string {
  return `${scheme}|${currency}|`;
}

function sumsOf({ count, debits, credits }: GroupTotals): SideSums {
  return { entries: count, debits, credits };
}

function sumOf(sums: readonly SideSums[]): SideSums {
  const of = (name: 'debits' | 'credits'): string =>
    String(sums.reduce((total, each) => total + BigInt(each[name]), 0n));
  return {
    entries: sums.reduce((total, { entries }) => total + entries, 0),
    debits: of('debits'),
    credits: of('credits'),
  };
}
