import { entryIdOf, identifierOf } from '@payments/domain';
import type { PostedEntry, PostingEntry } from '@payments/schemas';
import type { Finding, LedgerRow, PatchAction } from './break.ts';

/** A sequence has at most this many entries (`schemas/shared/sequence.v1.json`). */
const ENTRIES_MAX = 98;
/** How much of the case's id stands in the narrative: enough to find it, short enough for any statement. */
const NARRATIVE_ID_LENGTH = 8;
const EVENT_CODE = 'CORR';

/** The correcting sequence of a case. */
export interface Correction {
  readonly sequenceId: string;
  readonly entries: readonly PostingEntry[];
}

/** Why no correcting sequence can be made. */
export type NoCorrection =
  /** It is not known what was posted, or on what account a row stands. */
  | 'UNKNOWN'
  /** What is booked already comes to what was posted. */
  | 'NOTHING_TO_CORRECT'
  /** The action cannot put right what differs. */
  | 'NOT_BY_THIS_ACTION';

/** What an entry or a row moves. */
type Movement = Pick<LedgerRow, 'accountId' | 'direction' | 'minorUnits' | 'currency'>;

/** What a correcting entry is made of, before it has a number. */
interface CorrectingLeg extends Movement {
  readonly role: PostedEntry['role'];
  readonly branch: string;
  readonly amountTag: PostedEntry['amountTag'];
  readonly reversal: boolean;
}

/** The sequence that corrects what a case is about: one for each case, however often it is tried. */
export function correctionIdOf(breakId: string): string {
  return identifierOf('correction', breakId);
}

/**
 * The entries that make what is booked of a sequence come to what was posted: rows that should not stand are booked
 * the other way round, and what should stand is booked. Entries are only added. What earlier corrections booked counts
 * as booked, so that the same is not corrected twice; and where rows are gone too, the correction stands for them: posting
 * adds no rows to a sequence that was corrected (`packages/posting/src/correction.ts`).
 *
 * A difference within rounding is booked as one leg on the account that differs, tagged as rounding. It does not go to
 * a rounding account: accounts would then not end as was posted, and the next pass would find them differ again.
 *
 * @param date `YYYY-MM-DD`: the day that the correction is booked on
 */
export function correctingEntries(
  finding: Finding & { readonly breakId: string },
  action: PatchAction,
  date: string,
): Correction | NoCorrection {
  const { breakId, sequenceId } = finding;
  const { posted, booked } = finding.sides;
  if (sequenceId === undefined || !posted?.length || !booked?.length) return 'UNKNOWN';
  if (netsTo(posted, booked)) return 'NOTHING_TO_CORRECT';
  const legs = legsOf(action, { posted, booked });
  if (!Array.isArray(legs)) return legs;
  if (legs.length > ENTRIES_MAX) return 'NOT_BY_THIS_ACTION';
  const id = correctionIdOf(breakId);
  const valueDate = booked[0]?.valueDate ?? date;
  const entries = legs.map((leg, index): PostingEntry => {
    const { role, accountId, branch, currency, minorUnits, direction, amountTag, reversal } = leg;
    return {
      entryId: entryIdOf(id, index + 1),
      sequence: { id, number: index + 1, count: legs.length },
      account: { role, accountId, currency, branch },
      direction,
      amount: { minorUnits, currency },
      amountTag,
      eventCode: EVENT_CODE,
      bookingDate: date,
      valueDate,
      narrative: `CORRECTION ${breakId.slice(0, NARRATIVE_ID_LENGTH)}`,
      reversal,
      sourceEventId: breakId,
      correction: { sequenceId, breakId },
    };
  });
  return { sequenceId: id, entries };
}

/** Says whether rows come to what was posted, on each account and in each currency. */
export function netsTo(posted: readonly PostedEntry[], booked: readonly LedgerRow[]): boolean {
  const open = new Map<string, bigint>();
  const add = ({ accountId, currency, direction, minorUnits }: Movement, sign: bigint): void => {
    const key = `${accountId}|${currency}`;
    const amount = direction === 'DEBIT' ? BigInt(minorUnits) : -BigInt(minorUnits);
    open.set(key, (open.get(key) ?? 0n) + sign * amount);
  };
  for (const entry of posted) add(entry, 1n);
  for (const row of booked) add(row, -1n);
  return [...open.values()].every((amount) => amount === 0n);
}

/**
 * The rows that were not posted, and the entries that are not booked. A correction that takes back a row stands for
 * nothing, and neither does that row. Of two rows that say the same the older one stands.
 */
function unmatched(
  posted: readonly PostedEntry[],
  booked: readonly LedgerRow[],
): { readonly surplus: readonly LedgerRow[]; readonly missing: readonly PostedEntry[] } {
  const missing = [...posted];
  const right: { readonly entry: PostedEntry; readonly row: LedgerRow }[] = [];
  const surplus: LedgerRow[] = [];
  for (const row of [...booked].sort(olderFirst)) {
    const taken = row.corrects === undefined ? -1 : surplus.findIndex((each) => isMirror(each, row));
    if (taken >= 0) {
      surplus.splice(taken, 1);
      continue;
    }
    // A correction has numbers of its own, so that what it books again is known by its content.
    const isMeant = (entry: PostedEntry): boolean =>
      isSame(entry, row) && (row.corrects !== undefined || entry.number === row.number);
    const index = missing.findIndex(isMeant);
    const [entry] = index < 0 ? [] : missing.splice(index, 1);
    if (entry !== undefined) {
      right.push({ entry, row });
      continue;
    }
    const undone =
      row.corrects === undefined ? -1 : right.findLastIndex(({ row: each }) => isMirror(each, row));
    const [taking] = undone < 0 ? [] : right.splice(undone, 1);
    if (taking === undefined) surplus.push(row);
    else missing.push(taking.entry);
  }
  return { surplus, missing };
}

function legsOf(
  action: PatchAction,
  { posted, booked }: { readonly posted: readonly PostedEntry[]; readonly booked: readonly LedgerRow[] },
): CorrectingLeg[] | NoCorrection {
  const { surplus, missing } = unmatched(posted, booked);
  if (action === 'CONTRA' && missing.length > 0) return 'NOT_BY_THIS_ACTION';
  if (action === 'ROUND') return roundingLegs(surplus, missing);
  if (action !== 'CONTRA' && action !== 'REVERSE_AND_REPOST') return 'NOT_BY_THIS_ACTION';
  const legs: CorrectingLeg[] = [];
  for (const row of surplus) {
    const meant = entryOf(posted, row);
    if (meant === undefined) return 'UNKNOWN';
    legs.push({ ...legOf(meant), ...movementOf(row), direction: opposite(row.direction), reversal: true });
  }
  return [...legs, ...missing.map((entry) => ({ ...legOf(entry), ...movementOf(entry), reversal: false }))];
}

/** One leg for each row that differs in its amount alone: the difference, on the same account. */
function roundingLegs(
  surplus: readonly LedgerRow[],
  missing: readonly PostedEntry[],
): CorrectingLeg[] | NoCorrection {
  if (surplus.length !== missing.length) return 'NOT_BY_THIS_ACTION';
  const legs: CorrectingLeg[] = [];
  for (const entry of missing) {
    const row = surplus.find((each) => numberOf(each) === entry.number);
    if (row === undefined || !isSame({ ...entry, minorUnits: row.minorUnits }, row))
      return 'NOT_BY_THIS_ACTION';
    const difference = BigInt(entry.minorUnits) - BigInt(row.minorUnits);
    legs.push({
      ...legOf(entry),
      ...movementOf(entry),
      minorUnits: (difference < 0n ? -difference : difference).toString(),
      direction: difference < 0n ? opposite(entry.direction) : entry.direction,
      amountTag: 'ROUNDING',
      reversal: false,
    });
  }
  return legs;
}

/** The entry that a row was meant to book: that of its number, else another one on its account. */
function entryOf(posted: readonly PostedEntry[], row: LedgerRow): PostedEntry | undefined {
  return (
    posted.find(({ number }) => number === numberOf(row)) ??
    posted.find(({ accountId }) => accountId === row.accountId)
  );
}

/** The number of the entry that a row books; a correction's own numbers say nothing about the corrected sequence. */
function numberOf(row: LedgerRow): number | undefined {
  return row.corrects === undefined ? row.number : undefined;
}

function legOf({
  role,
  branch,
  amountTag,
}: PostedEntry): Pick<CorrectingLeg, 'role' | 'branch' | 'amountTag'> {
  return { role, branch, amountTag };
}

function movementOf({ accountId, direction, minorUnits, currency }: Movement): Movement {
  return { accountId, direction, minorUnits, currency };
}

function isSame(left: Movement, right: Movement): boolean {
  return (
    left.accountId === right.accountId &&
    left.direction === right.direction &&
    left.minorUnits === right.minorUnits &&
    left.currency === right.currency
  );
}

function isMirror(row: LedgerRow, correction: LedgerRow): boolean {
  return isSame({ ...movementOf(row), direction: opposite(row.direction) }, correction);
}

function opposite(direction: LedgerRow['direction']): LedgerRow['direction'] {
  return direction === 'DEBIT' ? 'CREDIT' : 'DEBIT';
}

/** Rows of the sequence before what corrects it, then by their time or day, then by the ledger's own key. */
function olderFirst(left: LedgerRow, right: LedgerRow): number {
  const corrections = Number(left.corrects !== undefined) - Number(right.corrects !== undefined);
  return corrections || compare(timeOf(left), timeOf(right)) || compare(left.rowId, right.rowId);
}

function timeOf({ bookedAt, bookingDate }: LedgerRow): string {
  return bookedAt ?? bookingDate;
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
