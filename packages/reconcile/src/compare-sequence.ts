import type { Money, PostedEntry } from '@payments/schemas';
import type { Finding, LedgerRow, MismatchType } from './break.ts';
import type { StatementScope } from './ledger-statement.ts';

/** What is wrong with a sequence, the gravest first; a finding is named by the gravest that there is. */
const GRAVITY = [
  'UNBALANCED',
  'DUPLICATE_L',
  'P_NOT_L',
  'L_NOT_P',
  'CURRENCY_MISMATCH',
  'ACCOUNT_MISMATCH',
  'DIRECTION_MISMATCH',
  'AMOUNT_MISMATCH',
  'DATE_ONLY',
] as const satisfies readonly MismatchType[];

type SequenceMismatch = (typeof GRAVITY)[number];

/** A free text of ours holds at most this much (`schemas/shared/text.v1.json`). */
const EXPLANATION_MAX = 140;
/** Digits in a row that might pass for a card number are not written. */
const DIGITS_MAX = 12;

/** A sequence as it was posted. */
export interface PostedContent {
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly entries: readonly PostedEntry[];
}

/** What a sequence's finding says of it. */
export type SequenceFinding = Pick<Finding, 'explanation' | 'atRisk'> & { readonly type: SequenceMismatch };

/** One thing that differs. */
interface Difference {
  readonly type: SequenceMismatch;
  readonly text: string;
  /** The accounts that it touches, with the currency. */
  readonly places: readonly string[];
  readonly direction: 'DEBIT' | 'CREDIT';
  readonly currency: string;
  readonly minorUnits: bigint;
}

/**
 * Compares one sequence as it was posted with its rows in the ledger, and with the rows that correct it. Where there are
 * corrections it agrees when the net of all rows on each account and currency is that of what was posted.
 *
 * @param posted undefined where nobody has said it to be posted
 * @param rows all rows of the sequence and of what corrects it, in any order
 * @param scope what the ledger says of its rows, and of which accounts; everything when absent
 * @returns the gravest difference with all of them explained, or undefined where it agrees
 */
export function compareSequence(
  posted: PostedContent | undefined,
  rows: readonly LedgerRow[],
  scope?: StatementScope,
): SequenceFinding | undefined {
  const entries = (posted?.entries ?? []).filter(({ accountId }) => isCovered(accountId, scope));
  const own = inOrder(rows.filter(({ corrects }) => corrects === undefined));
  const differences = [...(posted === undefined ? [] : imbalances(posted.entries))];
  const residue = own.length === rows.length ? undefined : residueOf(entries, rows);
  if (residue === undefined || residue.size > 0) {
    const found = posted === undefined ? own.map(unknownRow) : rowDifferences(posted, entries, own, scope);
    differences.push(...(residue === undefined ? found : uncorrected(found, residue)));
  }
  return differences.length === 0 ? undefined : findingOf(differences);
}

/** Rows by their place in the sequence, so that what is said of them does not depend on the order of reading. */
export function inOrder(rows: readonly LedgerRow[]): LedgerRow[] {
  return rows.toSorted((left, right) => left.number - right.number || (left.rowId < right.rowId ? -1 : 1));
}

/** Rows that stand in a ledger more than once: of each place of a sequence the one that counts, and the younger ones. */
export function duplicatesOf(
  posted: PostedContent,
  rows: readonly LedgerRow[],
): readonly { readonly counts: LedgerRow; readonly younger: readonly LedgerRow[] }[] {
  const places = Map.groupBy(
    rows.filter(({ corrects }) => corrects === undefined),
    ({ number }) => number,
  );
  return [...places].flatMap(([number, group]) => {
    if (group.length < 2) return [];
    const entry = posted.entries.find((each) => each.number === number);
    const [counts, ...younger] = byAge(group, entry, posted);
    return counts === undefined ? [] : [{ counts, younger }];
  });
}

function rowDifferences(
  posted: PostedContent,
  entries: readonly PostedEntry[],
  rows: readonly LedgerRow[],
  scope: StatementScope | undefined,
): Difference[] {
  const places = Map.groupBy(rows, ({ number }) => number);
  const differences = entries.flatMap((entry): Difference[] => {
    const [counts, ...younger] = byAge(places.get(entry.number) ?? [], entry, posted);
    places.delete(entry.number);
    if (counts === undefined) return [missing(entry)];
    return [...younger.map(doubled), ...entryDifferences(entry, counts, posted, scope)];
  });
  return [...differences, ...[...places.values()].flat().map(unknownRow)];
}

/** What differs between an entry and the row that books it. */
function entryDifferences(
  entry: PostedEntry,
  row: LedgerRow,
  posted: PostedContent,
  scope: StatementScope | undefined,
): Difference[] {
  const about = { direction: entry.direction, currency: entry.currency };
  const places = [placeOf(entry), placeOf(row)];
  const [asPosted, asBooked] = [BigInt(entry.minorUnits), BigInt(row.minorUnits)];
  const found: Difference[] = [];
  const add = (type: SequenceMismatch, minorUnits: bigint, text: string): void => {
    found.push({ ...about, type, minorUnits, places, text: `${text} of entry ${entry.number}` });
  };
  if (row.currency !== entry.currency)
    add('CURRENCY_MISMATCH', asPosted, `currency ${row.currency} for ${entry.currency}`);
  if (row.accountId !== entry.accountId) add('ACCOUNT_MISMATCH', asPosted, 'another account');
  // On the account it makes twice the amount.
  if (row.direction !== entry.direction)
    add('DIRECTION_MISMATCH', 2n * asPosted, `${row.direction} for ${entry.direction}`);
  if (asBooked !== asPosted) {
    const difference = asBooked > asPosted ? asBooked - asPosted : asPosted - asBooked;
    add('AMOUNT_MISMATCH', difference, `${unitsText(asBooked)} for ${unitsText(asPosted)} ${entry.currency}`);
  }
  if (row.bookingDate !== posted.bookingDate)
    add('DATE_ONLY', 0n, `booked ${row.bookingDate} for ${posted.bookingDate}`);
  else if (scope?.valueDate !== false && row.valueDate !== posted.valueDate)
    add('DATE_ONLY', 0n, `value ${row.valueDate} for ${posted.valueDate}`);
  return found;
}

/** The row that counts, then the others by age: one that agrees counts before one that does not, the elder before the younger. */
function byAge(
  rows: readonly LedgerRow[],
  entry: PostedEntry | undefined,
  posted: PostedContent,
): readonly LedgerRow[] {
  if (rows.length < 2) return rows;
  const agrees = (row: LedgerRow): number =>
    entry !== undefined && entryDifferences(entry, row, posted, undefined).length === 0 ? 0 : 1;
  const age = ({ bookingDate, bookedAt = '', rowId }: LedgerRow): string =>
    `${bookingDate} ${bookedAt} ${rowId}`;
  return rows.toSorted((left, right) => agrees(left) - agrees(right) || (age(left) < age(right) ? -1 : 1));
}

/** The accounts on which all rows together do not make what was posted, with what is over. */
function residueOf(entries: readonly PostedEntry[], rows: readonly LedgerRow[]): Map<string, bigint> {
  const nets = new Map<string, bigint>();
  const add = (each: PostedEntry | LedgerRow, sign: bigint): void => {
    const units = BigInt(each.minorUnits) * (each.direction === 'DEBIT' ? sign : -sign);
    nets.set(placeOf(each), (nets.get(placeOf(each)) ?? 0n) + units);
  };
  for (const row of rows) add(row, 1n);
  for (const entry of entries) add(entry, -1n);
  return new Map([...nets].filter(([, net]) => net !== 0n));
}

/** The differences that corrections have not made good; where none accounts for what is over, that itself. */
function uncorrected(found: readonly Difference[], residue: ReadonlyMap<string, bigint>): Difference[] {
  const left = found.filter(({ places }) => places.some((place) => residue.has(place)));
  if (left.length > 0) return left;
  return [...residue].sort().map(([place, net]) => {
    const [, currency = ''] = place.split(' ');
    const minorUnits = net < 0n ? -net : net;
    return {
      type: 'AMOUNT_MISMATCH',
      text: `${unitsText(minorUnits)} ${currency} over after corrections`,
      places: [place],
      direction: net < 0n ? 'CREDIT' : 'DEBIT',
      currency,
      minorUnits,
    };
  });
}

/** What was posted must balance in each currency: if it does not, nothing else about it can be trusted. */
function imbalances(entries: readonly PostedEntry[]): Difference[] {
  const byCurrency = Map.groupBy(entries, ({ currency }) => currency);
  return [...byCurrency].flatMap(([currency, group]): Difference[] => {
    const net = group.reduce(
      (sum, { direction, minorUnits }) => sum + (direction === 'DEBIT' ? 1n : -1n) * BigInt(minorUnits),
      0n,
    );
    if (net === 0n) return [];
    const minorUnits = net < 0n ? -net : net;
    const text = `posted out of balance by ${unitsText(minorUnits)} ${currency}`;
    return [{ type: 'UNBALANCED', text, places: [], direction: 'DEBIT', currency, minorUnits }];
  });
}

function missing(entry: PostedEntry): Difference {
  const { number, direction, currency, minorUnits } = entry;
  const text = `no row of entry ${number}`;
  return {
    type: 'P_NOT_L',
    text,
    places: [placeOf(entry)],
    direction,
    currency,
    minorUnits: BigInt(minorUnits),
  };
}

function doubled(row: LedgerRow): Difference {
  return { ...ofRow(row), type: 'DUPLICATE_L', text: `another row of entry ${row.number}` };
}

function unknownRow(row: LedgerRow): Difference {
  return { ...ofRow(row), type: 'L_NOT_P', text: `row ${row.number} was not posted` };
}

function ofRow(row: LedgerRow): Pick<Difference, 'places' | 'direction' | 'currency' | 'minorUnits'> {
  const { direction, currency, minorUnits } = row;
  return { places: [placeOf(row)], direction, currency, minorUnits: BigInt(minorUnits) };
}

function findingOf(differences: readonly Difference[]): SequenceFinding {
  const ordered = differences.toSorted((left, right) => gravityOf(left) - gravityOf(right));
  const type = ordered[0]?.type ?? 'DATE_ONLY';
  const texts = [...new Set(ordered.map(({ text }) => text))];
  const atRisk = atRiskOf(ordered.filter((each) => each.type === type));
  return {
    type,
    explanation: shortened(texts.join('; ')),
    ...(atRisk === undefined ? {} : { atRisk }),
  };
}

function gravityOf({ type }: Difference): number {
  return GRAVITY.indexOf(type);
}

/** What the differences come to: of debits and of credits the larger sum, for a sequence has both of each amount. */
function atRiskOf(differences: readonly Difference[]): Money | undefined {
  const currency = differences[0]?.currency;
  if (currency === undefined) return undefined;
  const sums = { DEBIT: 0n, CREDIT: 0n };
  for (const each of differences) if (each.currency === currency) sums[each.direction] += each.minorUnits;
  const minorUnits = sums.DEBIT > sums.CREDIT ? sums.DEBIT : sums.CREDIT;
  return { minorUnits: minorUnits.toString(), currency };
}

function isCovered(accountId: string, scope: StatementScope | undefined): boolean {
  return scope?.accountIds === undefined || scope.accountIds.has(accountId);
}

function placeOf({ accountId, currency }: PostedEntry | LedgerRow): string {
  return `${accountId} ${currency}`;
}

function unitsText(minorUnits: bigint): string {
  const digits = minorUnits.toString();
  return digits.length > DIGITS_MAX ? 'a large amount' : digits;
}

function shortened(text: string): string {
  return text.length <= EXPLANATION_MAX ? text : `${text.slice(0, EXPLANATION_MAX - 1)}…`;
}
