import { ageText } from './age-text.ts';
import { groupedAmount, groupedCount } from './amount-text.ts';
import { Markup, markup } from './markup.ts';
import {
  type BreakCount,
  type ControlTotal,
  isBooked,
  type ReconciliationReport,
  type SchemeTotal,
  type SchemeTransactions,
  type SideSums,
  type Standing,
  type WaitingBreak,
} from './report.ts';
import { REPORT_STYLE } from './report-style.ts';
import { verdictOf } from './verdict.ts';

/** Nothing of a page is loaded, and nothing in it runs, whatever data might smuggle in. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const SHORT_ID = 8;
/** Signs beside the words, so that no state is told by its colour alone. */
const SIGNS = { agrees: '✓', waits: '!', differs: '✗', nothing: '·' } as const;
/** How a standing looks and reads. */
const STANDINGS = {
  AGREES: { look: 'agrees', word: 'agrees' },
  CORRECTED: { look: 'waits', word: 'corrected' },
  DIFFERS: { look: 'differs', word: 'differs' },
} as const;

/** A report as one page that needs nothing else: no script, no font, no picture. */
export function reportHtml(report: ReconciliationReport): string {
  const { businessDate, environment, generatedAt } = report;
  const verdict = verdictOf(report);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<title>Reconciliation ${businessDate}, ${environment}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>Reconciliation of <time datetime="${businessDate}">${businessDate}</time></h1>
<p class="quiet">Environment ${environment} · read at <time datetime="${generatedAt}">${generatedAt.slice(0, 16).replace('T', ' ')} UTC</time></p>
</header>
<p class="verdict ${verdict.kind}"><span aria-hidden="true">${SIGNS[verdict.kind]} </span>${verdict.sentence}</p>
${figures(report)}
${breaksSection(report)}
${transactionsSection(report.transactions)}
${totalsSection(report.totals)}
${controlsSection(report)}
</main>
</body>
</html>
`;
  return page.html;
}

function figures({ transactions, breaks, generatedAt }: ReconciliationReport): Markup {
  const ofAll = (name: 'authorized' | 'posted' | 'booked'): string =>
    groupedCount(transactions.reduce((sum, each) => sum + each[name], 0));
  const ofBreaks = (name: 'opened' | 'patched' | 'parked'): string =>
    groupedCount(breaks.byType.reduce((sum, each) => sum + each[name], 0));
  const oldest =
    breaks.oldest === undefined ? 'none' : ageText(breaks.oldest.openedAt, Date.parse(generatedAt));
  return markup`<dl class="figures">
${figure('Authorized', ofAll('authorized'))}
${figure('Posted', ofAll('posted'))}
${figure('In the ledger', ofAll('booked'))}
${figure('Breaks opened', ofBreaks('opened'))}
${figure('Breaks patched', ofBreaks('patched'))}
${figure('Breaks parked', ofBreaks('parked'))}
${figure('Oldest that waits, any date', oldest)}
</dl>`;
}

function figure(name: string, value: string): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function breaksSection({ breaks, generatedAt }: ReconciliationReport): Markup {
  if (breaks.byType.length === 0)
    return section('breaks', 'Breaks', markup`<p>None of this date's transactions broke.</p>`);
  const now = Date.parse(generatedAt);
  const rows = breaks.byType.map((count) => breakRow(count, now));
  const counts = markup`<p class="note">Of the transactions of this date, as they stand now: what was opened is the sum of the columns after it.</p>
${scrolling(
  'breaks',
  markup`<table aria-labelledby="breaks">
<thead><tr><th scope="col">Type</th>${headings(['Opened', 'Patched', 'Closed by itself', 'Parked', 'Proposed', 'Open', 'Oldest'])}</tr></thead>
<tbody>${rows}</tbody>
</table>`,
)}`;
  if (breaks.waiting.length === 0) return section('breaks', 'Breaks', counts);
  const waiting = breaks.waiting.map((each) => waitingRow(each, now));
  const shown =
    breaks.waitingCount > breaks.waiting.length
      ? `The ${groupedCount(breaks.waiting.length)} oldest of ${groupedCount(breaks.waitingCount)}.`
      : 'Oldest first.';
  return markup`${section('breaks', 'Breaks', counts)}
${section(
  'waiting',
  'What waits',
  markup`<p class="note">${shown} “payments reconcile show” tells all of a case.</p>
${scrolling(
  'waiting',
  markup`<table aria-labelledby="waiting">
<thead><tr><th scope="col">Break</th><th scope="col">Type</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col" class="number">At risk</th><th scope="col" class="number">Age</th><th scope="col">What differs</th></tr></thead>
<tbody>${waiting}</tbody>
</table>`,
)}`,
)}`;
}

function breakRow({ type, oldestSince, ...counts }: BreakCount, now: number): Markup {
  const { opened, patched, closed, parked, proposed, open } = counts;
  const cells = [opened, patched, closed, parked, proposed, open].map((count) => number(groupedCount(count)));
  const age = oldestSince === undefined ? '' : ageText(oldestSince, now);
  return markup`<tr><th scope="row"><code>${type}</code></th>${cells}${number(age)}</tr>
`;
}

function waitingRow(waiting: WaitingBreak, now: number): Markup {
  const { breakId, type, state, owner = '', parkedBecause, atRisk, openedAt, explanation } = waiting;
  const risk =
    atRisk === undefined ? '' : `${groupedAmount(atRisk.minorUnits, atRisk.currency)} ${atRisk.currency}`;
  const stands = parkedBecause === undefined ? state : `${state}: ${parkedBecause}`;
  return markup`<tr><th scope="row"><code title="${breakId}">${breakId.slice(0, SHORT_ID)}</code></th><td><code>${type}</code></td><td>${stands}</td><td>${owner}</td>${number(risk)}${number(ageText(openedAt, now))}<td>${explanation}</td></tr>
`;
}

function transactionsSection(transactions: readonly SchemeTransactions[]): Markup {
  if (transactions.length === 0) return markup``;
  const rows = transactions.map(({ scheme, ...counts }) => {
    const { authorized, posted, booked, reconciled, ended, outstanding, corrections } = counts;
    const cells = [authorized, posted, booked, reconciled, ended, outstanding, corrections];
    return markup`<tr><th scope="row">${scheme}</th>${cells.map((count) => number(groupedCount(count)))}</tr>
`;
  });
  return section(
    'transactions',
    'Transactions',
    markup`<p class="note">Logged on this date. What was authorized is reconciled, has ended properly without entries (refused, held, closed), or is outstanding: on the way, or a break.</p>
${scrolling(
  'transactions',
  markup`<table aria-labelledby="transactions">
<thead><tr><th scope="col">Scheme</th>${headings(['Authorized', 'Posted', 'In the ledger', 'Reconciled', 'Ended without entries', 'Outstanding', 'Corrections'])}</tr></thead>
<tbody>${rows}</tbody>
</table>`,
)}`,
  );
}

function totalsSection(totals: readonly SchemeTotal[]): Markup {
  if (totals.length === 0) return markup``;
  const rows = totals.map(
    ({ scheme, currency, authorized, posted, ledger, standing }) =>
      markup`<tr${rowClass(standing)}><th scope="row">${scheme}</th><td>${currency}</td>${number(groupedCount(authorized.transactions), true)}${number(groupedAmount(authorized.amount, currency))}${sums(posted, currency)}${sums(ledger, currency)}${isBooked({ posted, ledger }) ? result(standing) : markup`<td></td>`}</tr>
`,
  );
  return section(
    'totals',
    'Totals of each side',
    markup`<p class="note">Authorized amounts are in the currency of the network and without fees; posted and ledger are what is booked on this date, in the currency of the accounts. “Corrected”: rows differ, and agree with the entries that correct them.</p>
${scrolling(
  'totals',
  markup`<table aria-labelledby="totals">
<colgroup span="2"></colgroup><colgroup span="2"></colgroup><colgroup span="3"></colgroup><colgroup span="3"></colgroup><colgroup></colgroup>
<thead><tr class="sides"><td colspan="2"></td><th scope="colgroup" colspan="2" class="begins">Authorized</th><th scope="colgroup" colspan="3" class="begins">Posted</th><th scope="colgroup" colspan="3" class="begins">Ledger</th><td></td></tr>
<tr><th scope="col">Scheme</th><th scope="col">Currency</th>${headings(['Number', 'Amount', 'Entries', 'Debits', 'Credits', 'Entries', 'Debits', 'Credits'])}<th scope="col">Result</th></tr></thead>
<tbody>${rows}</tbody>
</table>`,
)}`,
  );
}

function controlsSection({ controls, postedWithoutEntries }: ReconciliationReport): Markup {
  if (controls.length === 0) return markup``;
  const rows = controls.map(
    ({ scheme, currency, eventCode, posted, ledger, standing }) =>
      markup`<tr${rowClass(standing)}><th scope="row">${scheme}</th><td>${currency}</td><td><code>${eventCode}</code></td>${side(posted, currency)}${side(ledger, currency)}${result(standing)}</tr>
`,
  );
  const without =
    postedWithoutEntries === 0
      ? ''
      : ` Of ${groupedCount(postedWithoutEntries)} posted sequences nobody said the entries: they are left out.`;
  return section(
    'controls',
    'Control totals',
    markup`<p class="note">The hash total covers every part of every entry: it differs where the sums agree and an account or a date does not.${without}</p>
${scrolling(
  'controls',
  markup`<table aria-labelledby="controls">
<colgroup span="3"></colgroup><colgroup span="4"></colgroup><colgroup span="4"></colgroup><colgroup></colgroup>
<thead><tr class="sides"><td colspan="3"></td><th scope="colgroup" colspan="4" class="begins">Posted</th><th scope="colgroup" colspan="4" class="begins">Ledger</th><td></td></tr>
<tr><th scope="col">Scheme</th><th scope="col">Currency</th><th scope="col">Event</th>${headings(['Entries', 'Debits', 'Credits', 'Hash total', 'Entries', 'Debits', 'Credits', 'Hash total'])}<th scope="col">Result</th></tr></thead>
<tbody>${rows}</tbody>
</table>`,
)}`,
  );
}

function sums({ entries, debits, credits }: SideSums, currency: string): Markup[] {
  return [
    number(groupedCount(entries), true),
    number(groupedAmount(debits, currency)),
    number(groupedAmount(credits, currency)),
  ];
}

function side(of: ControlTotal['posted'], currency: string): Markup[] {
  return [...sums(of, currency), number(of.hashTotal)];
}

function result(standing: Standing): Markup {
  const { look, word } = STANDINGS[standing];
  return markup`<td class="${look}"><span aria-hidden="true">${SIGNS[look]} </span>${word}</td>`;
}

function rowClass(standing: Standing): Markup {
  return standing === 'DIFFERS' ? markup` class="off"` : markup``;
}

function headings(names: readonly string[]): Markup[] {
  return names.map((name) => markup`<th scope="col" class="number">${name}</th>`);
}

function number(text: string, begins = false): Markup {
  return begins ? markup`<td class="number begins">${text}</td>` : markup`<td class="number">${text}</td>`;
}

function section(id: string, title: string, content: Markup): Markup {
  return markup`<section><h2 id="${id}">${title}</h2>
${content}
</section>`;
}

/** A wide table scrolls by itself, with the keyboard too. */
function scrolling(id: string, content: Markup): Markup {
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">${content}</div>`;
}
