import type { ReconciliationReport, SideSums } from './report.ts';

const COLUMNS = [
  'business_date',
  'section',
  'scheme',
  'currency',
  'event_code',
  'break_type',
  'side',
  'measure',
  'value',
] as const;

/** What names a figure. */
type Figure = Partial<Record<Exclude<(typeof COLUMNS)[number], 'value'>, string>> & {
  readonly value: string | number;
};

/** A text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+@\t\r]|^-(?!\d+$)/;
const TO_BE_QUOTED = /[",\r\n]/;

/**
 * A report as CSV (RFC 4180), one figure a line, so that it can be filtered and pivoted. Sums are minor units.
 */
export function reportCsv(report: ReconciliationReport): string {
  const lines = [COLUMNS.join(',')];
  for (const figure of figuresOf(report)) {
    const named: Figure = { business_date: report.businessDate, ...figure };
    lines.push(COLUMNS.map((column) => cellOf(named[column] ?? '')).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function* figuresOf({ transactions, totals, controls, breaks }: ReconciliationReport): Generator<Figure> {
  for (const { scheme, ...counts } of transactions)
    for (const [measure, value] of Object.entries(counts))
      yield { section: 'transactions', scheme, measure, value };
  for (const { scheme, currency, authorized, posted, ledger, standing } of totals) {
    const of = { section: 'totals', scheme, currency };
    yield { ...of, side: 'authorized', measure: 'transactions', value: authorized.transactions };
    yield { ...of, side: 'authorized', measure: 'amount', value: authorized.amount };
    yield* sumsOf({ ...of, side: 'posted' }, posted);
    yield* sumsOf({ ...of, side: 'ledger' }, ledger);
    yield { ...of, measure: 'standing', value: standing };
  }
  for (const { scheme, currency, eventCode, posted, ledger, standing } of controls) {
    const of = { section: 'control_totals', scheme, currency, event_code: eventCode };
    yield* sumsOf({ ...of, side: 'posted' }, posted);
    yield { ...of, side: 'posted', measure: 'hash_total', value: posted.hashTotal };
    yield* sumsOf({ ...of, side: 'ledger' }, ledger);
    yield { ...of, side: 'ledger', measure: 'hash_total', value: ledger.hashTotal };
    yield { ...of, measure: 'standing', value: standing };
  }
  for (const { type, oldestSince, ...counts } of breaks.byType) {
    const of = { section: 'breaks', break_type: type };
    for (const [measure, value] of Object.entries(counts)) yield { ...of, measure, value };
    if (oldestSince !== undefined) yield { ...of, measure: 'oldest_since', value: oldestSince };
  }
  const { oldest } = breaks;
  if (oldest !== undefined)
    yield {
      section: 'breaks',
      break_type: oldest.type,
      measure: 'oldest_of_all_dates_since',
      value: oldest.openedAt,
    };
}

function* sumsOf(of: Omit<Figure, 'value'>, { entries, debits, credits }: SideSums): Generator<Figure> {
  yield { ...of, measure: 'entries', value: entries };
  yield { ...of, measure: 'debits', value: debits };
  yield { ...of, measure: 'credits', value: credits };
}

function cellOf(value: string | number): string {
  const text = String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return TO_BE_QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
