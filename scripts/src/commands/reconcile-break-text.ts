import type { LedgerRow } from '@payments/reconcile/break';
import type { KeptBreak } from '@payments/reconcile/ports';
import type { PostedEntry } from '@payments/schemas';
import { ageText } from '../reconciliation-report/age-text.ts';
import { groupedAmount } from '../reconciliation-report/amount-text.ts';
import { table } from '../text-table.ts';
import type { NumberedEvidence } from './reconcile-cases.ts';

/** So much of an id tells it from others, and is enough for `payments reconcile show` and `payments trace`. */
const SHORT_ID = 8;
const INDENT = '  ';
/** Break, type, state, owner, transaction and what differs stand to the left. */
const LIST_TO_THE_LEFT = new Set([0, 1, 2, 3, 6, 7]);
/** Number of the entry, and for each side account and date. */
const SIDES_TO_THE_LEFT = new Set([1, 3, 4, 6, 7]);

/** Cases as a table, in the order given. */
export function breaksTable(breaks: readonly KeptBreak[], now: number): string {
  const rows = breaks.map((each) => [
    each.breakId.slice(0, SHORT_ID),
    each.type,
    stateText(each),
    each.owner ?? '',
    each.atRisk === undefined ? '' : amountWithCurrency(each.atRisk),
    ageText(each.openedAt, now),
    each.transactionId.slice(0, SHORT_ID),
    each.explanation,
  ]);
  const head = ['break', 'type', 'state', 'owner', 'at risk', 'age', 'transaction', 'what differs'];
  return table(head, rows, LIST_TO_THE_LEFT);
}

/** All of a case, as a person reads it who has to decide. */
export function breakText(
  kept: KeptBreak,
  evidence: readonly NumberedEvidence[],
  now: number,
): readonly string[] {
  const { breakId, type, explanation, transactionId, scheme, loggedAt, sequenceId, atRisk, sides } = kept;
  return [
    `Break ${breakId}`,
    `${INDENT}${type}: ${explanation}`,
    `${INDENT}${[stateText(kept), kept.owner && `owner ${kept.owner}`, `opened ${timeText(kept.openedAt)}, ${ageText(kept.openedAt, now)} ago`].filter(Boolean).join(' · ')}`,
    ...(kept.remark === undefined ? [] : [`${INDENT}${kept.remark}`]),
    '',
    `${INDENT}transaction  ${transactionId}`,
    `${INDENT}             ${scheme}, logged ${timeText(loggedAt)}`,
    ...(sequenceId === undefined ? [] : [`${INDENT}sequence     ${sequenceId}`]),
    ...(kept.statement === undefined ? [] : [`${INDENT}differs in   the bank's statement ${kept.statement}`]),
    ...(atRisk === undefined ? [] : [`${INDENT}at risk      ${amountWithCurrency(atRisk)}`]),
    ...(sides.authorized === undefined
      ? []
      : [`${INDENT}authorized   ${amountWithCurrency(sides.authorized.amount)}`]),
    ...(kept.lastGood === undefined
      ? []
      : [`${INDENT}last good    ${kept.lastGood.event}, ${timeText(kept.lastGood.producedAt)}`]),
    ...sidesText(kept),
    ...patchText(kept),
    ...evidenceText(evidence),
    '',
    nextText(kept),
  ];
}

/** Entries as they were posted beside the rows that book them; `≠` where they do not say the same. */
function sidesText({ sides: { posted = [], booked = [] } }: KeptBreak): readonly string[] {
  if (posted.length === 0 && booked.length === 0) return [];
  const rows: string[][] = [];
  const left = [...booked];
  for (const entry of posted) {
    const own = left.filter((row) => row.number === entry.number && row.corrects === undefined);
    for (const row of own) left.splice(left.indexOf(row), 1);
    const [first, ...others] = own;
    rows.push(sideRow(entry, first), ...others.map((row) => sideRow(undefined, row)));
  }
  rows.push(...left.map((row) => sideRow(undefined, row)));
  const head = ['#', 'posted to', 'amount', '', 'booked on', 'amount', 'date', ''];
  return [
    '',
    ...table(head, rows, SIDES_TO_THE_LEFT)
      .split('\n')
      .map((line) => INDENT + line),
  ];
}

function sideRow(entry: PostedEntry | undefined, row: LedgerRow | undefined): string[] {
  const number = String(entry?.number ?? row?.number ?? '');
  const same =
    entry !== undefined &&
    row !== undefined &&
    (['accountId', 'direction', 'minorUnits', 'currency'] as const).every(
      (member) => entry[member] === row[member],
    );
  return [
    number,
    entry?.accountId ?? '-',
    entry === undefined ? '' : entryAmount(entry),
    same ? '=' : '≠',
    row?.accountId ?? '-',
    row === undefined ? '' : entryAmount(row),
    row?.bookingDate ?? '',
    row?.corrects === undefined ? '' : 'correction',
  ];
}

function patchText({ patch, attempts, ruleId }: KeptBreak): readonly string[] {
  if (patch === undefined)
    return attempts === 0 && ruleId === undefined
      ? []
      : ['', `${INDENT}Rule ${ruleId ?? 'none'}, ${attemptsText(attempts)}.`];
  const { action, explanation, decidedBy, decidedAt, sequenceId, entries = [], window } = patch;
  return [
    '',
    `${INDENT}Patch ${action} by rule ${patch.ruleId}, decided by ${decidedBy}, ${timeText(decidedAt)}; ${attemptsText(attempts)}.`,
    `${INDENT}${explanation}`,
    ...(window === undefined
      ? []
      : [
          `${INDENT}replay to ${window.stage}: ${new Date(window.from).toISOString()} to ${new Date(window.to).toISOString()}`,
        ]),
    ...(sequenceId === undefined ? [] : [`${INDENT}correcting sequence ${sequenceId}`]),
    ...entries.map(
      ({ account, direction, amount }) =>
        `${INDENT}${INDENT}${direction === 'DEBIT' ? 'Dr' : 'Cr'} ${account.accountId}  ${amountWithCurrency(amount)}`,
    ),
  ];
}

function evidenceText(evidence: readonly NumberedEvidence[]): readonly string[] {
  if (evidence.length === 0) return [];
  const rows = evidence.map(({ number, at, kind, decidedBy, ruleId = '', reason }) => [
    String(number),
    timeText(at),
    kind,
    decidedBy,
    ruleId,
    reason,
  ]);
  const head = ['evidence', 'time', 'step', 'decided by', 'rule', 'reason'];
  return [
    '',
    ...table(head, rows, new Set([1, 2, 3, 4, 5]))
      .split('\n')
      .map((line) => INDENT + line),
  ];
}

/** What happens next, or who has to do it. */
function nextText({ state, breakId, owner = 'its owner', proposedBy }: KeptBreak): string {
  const id = breakId.slice(0, SHORT_ID);
  switch (state) {
    case 'OPEN':
      return 'It is looked at within a minute after it may still put itself right, and is patched as policy says.';
    case 'PATCHING':
      return 'A patch was sent; the case ends when the sides agree, and is tried again or parked otherwise.';
    case 'PROPOSED':
      return `Somebody other than ${proposedBy ?? 'the proposer'} decides: payments reconcile approve ${id} --by <name> --reason <why>, or reject.`;
    case 'PARKED':
      return `It waits for ${owner}. payments reconcile approve ${id} --by <name> --reason <why> proposes the patch that policy would not make; somebody else then approves it.`;
    case 'PATCHED':
      return 'It agrees again.';
    case 'CLOSED':
      return 'It ended without a patch.';
  }
}

function stateText({ state, parkedBecause }: KeptBreak): string {
  return parkedBecause === undefined || state !== 'PARKED' ? state : `${state} ${parkedBecause}`;
}

function attemptsText(attempts: number): string {
  if (attempts === 0) return 'not sent yet';
  return attempts === 1 ? 'sent once' : `sent ${attempts} times`;
}

function entryAmount({ direction, minorUnits, currency }: PostedEntry | LedgerRow): string {
  return `${amountWithCurrency({ minorUnits, currency })} ${direction === 'DEBIT' ? 'Dr' : 'Cr'}`;
}

/** An amount with the decimals of its currency: `1,234.56 GBP`. */
export function amountWithCurrency({
  minorUnits,
  currency,
}: {
  readonly minorUnits: string;
  readonly currency: string;
}): string {
  return `${groupedAmount(minorUnits, currency)} ${currency}`;
}

/** A time to the second: `2026-11-22 18:00:05`, in UTC. */
export function timeText(instant: string): string {
  return new Date(instant).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace('T', ' ');
}
