import type { Money } from '@payments/schemas';
import type { Finding, LedgerRow, MismatchType } from './break.ts';
import { compareSequence, inOrder, type SequenceFinding } from './compare-sequence.ts';
import { BUCKETS, BucketOf, type ControlEntry, ControlTotals, SideTotals } from './control-totals.ts';
import {
  type DateWindow,
  isInWindow,
  type LedgerStatement,
  type StatementScope,
} from './ledger-statement.ts';
import type { OpenSequence, PostedSequence, PostedSequences } from './pass-ports.ts';
import type { Pass, PassGroup, PassResult } from './pass-result.ts';

/** So many entries of both sides are held in memory at once while sequences are compared. */
const ENTRIES_AT_ONCE_MAX = 500_000;
/** Both sides are read again at most so often; what then is left differs too much for one pass. */
const READ_AGAIN_MAX = 4;
/** Findings come in pages of so many. */
const FINDINGS_PAGE = 500;

/** What a pass compares. */
export interface PassInput {
  readonly posted: PostedSequences;
  readonly ledger: LedgerStatement;
  /** RFC 3339: what was posted later may still be on its way to the ledger, and is left out. */
  readonly settledBefore: string;
  /** Booking dates; what is in the window on either side is compared. */
  readonly window?: DateWindow;
}

/** What is known of one sequence on both sides while it is compared. */
interface Candidate {
  posted?: PostedSequence;
  readonly corrections: PostedSequence[];
  readonly rows: LedgerRow[];
  /** It may still be on its way. */
  isLeftOut: boolean;
}

/**
 * Compares all that was posted with all that stands in a ledger. Both are read once and added up, by group and in
 * buckets of sequences. Where all totals are equal nothing more is read; otherwise sequences in buckets that differ are
 * read again and compared one by one. Memory is bounded by what differs, not by what there is.
 *
 * What was posted is read before the ledger, so that whatever is settled there has had its time to be booked.
 */
export function runPass(input: PassInput): Pass {
  let result: PassResult | undefined;
  const findings = (async function* () {
    result = yield* passOver(input);
  })();
  return {
    findings,
    result: () => {
      if (result === undefined) throw new Error('the result of a pass is known when its findings were taken');
      return result;
    },
  };
}

async function* passOver(input: PassInput): AsyncGenerator<readonly Finding[], PassResult> {
  const { ledger, settledBefore, window = {} } = input;
  const first = await addUp(input, window);
  const differing = first.posted.differingBuckets(first.booked);
  const batches = batchesOf(differing, first.posted, first.booked);
  const looked = new DrillTotals(ledger.scope, window);
  const counts = new Map<MismatchType, number>();
  const atRisk = new Map<string, bigint>();
  let readAgain = 0;
  let compared = 0;
  for (const buckets of batches.slice(0, READ_AGAIN_MAX)) {
    const candidates = await candidatesIn(buckets, input);
    readAgain += buckets.size;
    let page: Finding[] = [];
    for (const [sequenceId, candidate] of candidates) {
      if (candidate.isLeftOut) continue;
      compared += 1;
      const found = compareSequence(contentOf(candidate), candidate.rows, ledger.scope);
      looked.add(candidate, found);
      if (found === undefined || !isAbout(window, candidate)) continue;
      page.push(findingOf(sequenceId, candidate, found));
      counts.set(found.type, (counts.get(found.type) ?? 0) + 1);
      if (found.atRisk !== undefined) {
        const { currency, minorUnits } = found.atRisk;
        atRisk.set(currency, (atRisk.get(currency) ?? 0n) + BigInt(minorUnits));
      }
      if (page.length < FINDINGS_PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
  const isWhole = readAgain === differing.length;
  return {
    window,
    settledBefore,
    groups: groupsOf(first, isWhole ? looked : undefined),
    sequences: { posted: first.sequences, compared },
    leftOut: { young: first.young, withoutEntries: first.withoutEntries },
    buckets: { differing: differing.length, of: BUCKETS, readAgain },
    findings: Object.fromEntries([...counts].sort()),
    atRisk: [...atRisk]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([currency, units]): Money => ({ minorUnits: units.toString(), currency })),
  };
}

/** The totals of both sides. */
interface FirstReading {
  readonly posted: SideTotals;
  readonly booked: SideTotals;
  readonly sequences: number;
  readonly young: number;
  readonly withoutEntries: number;
}

async function addUp(
  { posted, ledger, settledBefore }: PassInput,
  window: DateWindow,
): Promise<FirstReading> {
  const { scope } = ledger;
  const sides = { posted: new SideTotals(scope), booked: new SideTotals(scope) };
  const buckets = new BucketOf();
  const leftOut = new Set<string>();
  const corrected = new Map<string, string>();
  let [sequences, young, withoutEntries] = [0, 0, 0];
  const settledMs = Date.parse(settledBefore);
  for await (const page of posted.read()) {
    for (const sequence of page) {
      const subject = subjectOf(sequence);
      if (subject !== sequence.sequenceId) corrected.set(sequence.sequenceId, subject);
      if (isLeftOut(sequence, settledMs)) {
        leftOut.add(subject);
        if ('isOpen' in sequence || sequence.entries !== undefined) young += 1;
        else withoutEntries += 1;
      } else if (!('isOpen' in sequence)) {
        sequences += 1;
        addPosted(sides.posted, sequence, buckets.of(subject), window, scope);
      }
    }
  }
  for await (const page of ledger.read()) {
    for (const row of page) {
      if (!isInWindow(row.bookingDate, window) || isYoung(row, settledMs)) continue;
      const subject = subjectOfRow(row, corrected);
      if (!leftOut.has(subject)) addRow(sides.booked, row, buckets.of(subject));
    }
  }
  return { ...sides, sequences, young, withoutEntries };
}

/** The sequences of some buckets, as both sides have them now. */
async function candidatesIn(
  chosen: ReadonlySet<number>,
  { posted, ledger, settledBefore }: PassInput,
): Promise<Map<string, Candidate>> {
  const candidates = new Map<string, Candidate>();
  const buckets = new BucketOf();
  const settledMs = Date.parse(settledBefore);
  const corrected = new Map<string, string>();
  const candidateOf = (subject: string): Candidate => {
    const known = candidates.get(subject);
    if (known !== undefined) return known;
    const candidate: Candidate = { corrections: [], rows: [], isLeftOut: false };
    candidates.set(subject, candidate);
    return candidate;
  };
  for await (const page of posted.read()) {
    for (const sequence of page) {
      const subject = subjectOf(sequence);
      if (!chosen.has(buckets.of(subject))) continue;
      if (subject !== sequence.sequenceId) corrected.set(sequence.sequenceId, subject);
      const candidate = candidateOf(subject);
      candidate.isLeftOut ||= isLeftOut(sequence, settledMs);
      if ('isOpen' in sequence) continue;
      if (sequence.corrects === undefined) candidate.posted = sequence;
      else candidate.corrections.push(sequence);
    }
  }
  for await (const page of ledger.read()) {
    for (const row of page) {
      const subject = subjectOfRow(row, corrected);
      if (!chosen.has(buckets.of(subject))) continue;
      candidateOf(subject).rows.push(subject === row.sequenceId ? row : { ...row, corrects: subject });
    }
  }
  await leaveOutWhatCame(candidates, posted, settledMs);
  return candidates;
}

/** What the ledger alone knew may be so young that nobody had said it, or have been said since: the next pass compares it. */
async function leaveOutWhatCame(
  candidates: ReadonlyMap<string, Candidate>,
  posted: PostedSequences,
  settledMs: number,
): Promise<void> {
  const strange = new Set<string>();
  for (const candidate of candidates.values()) {
    if (candidate.posted !== undefined || candidate.isLeftOut) continue;
    candidate.isLeftOut = candidate.rows.some(
      (row) =>
        isYoung(row, settledMs) || (row.loggedAt !== undefined && Date.parse(row.loggedAt) >= settledMs),
    );
    if (candidate.isLeftOut) continue;
    for (const { transactionId } of candidate.rows)
      if (transactionId !== undefined) strange.add(transactionId);
  }
  if (strange.size === 0) return;
  for (const sequence of await posted.find([...strange])) {
    const candidate = candidates.get(subjectOf(sequence));
    if (candidate !== undefined) candidate.isLeftOut = true;
  }
}

/** What was looked into, added up: by it the totals of groups are told apart. */
class DrillTotals {
  readonly posted: SideTotals;
  readonly booked: SideTotals;
  /** The same without sequences that agree when what corrects them is counted in. */
  readonly uncorrectedPosted: SideTotals;
  readonly uncorrectedBooked: SideTotals;
  readonly #scope: StatementScope;
  readonly #window: DateWindow;

  constructor(scope: StatementScope, window: DateWindow) {
    this.#scope = scope;
    this.#window = window;
    this.posted = new SideTotals(scope, false);
    this.booked = new SideTotals(scope, false);
    this.uncorrectedPosted = new SideTotals(scope, false);
    this.uncorrectedBooked = new SideTotals(scope, false);
  }

  add({ posted, corrections, rows }: Candidate, found: SequenceFinding | undefined): void {
    const isCorrected = found === undefined && rows.some(({ corrects }) => corrects !== undefined);
    const [window, scope] = [this.#window, this.#scope];
    for (const sequence of [...(posted === undefined ? [] : [posted]), ...corrections]) {
      addPosted(this.posted, sequence, 0, window, scope);
      if (!isCorrected) addPosted(this.uncorrectedPosted, sequence, 0, window, scope);
    }
    for (const row of rows.filter(({ bookingDate }) => isInWindow(bookingDate, window))) {
      addRow(this.booked, row, 0);
      if (!isCorrected) addRow(this.uncorrectedBooked, row, 0);
    }
  }
}

/** The groups with their totals: what agreed at the first reading, and what was looked into as it was then. */
function groupsOf(first: FirstReading, looked: DrillTotals | undefined): PassGroup[] {
  const keys = new Set([...first.posted.groups.keys(), ...first.booked.groups.keys()]);
  return [...keys].sort().map((key): PassGroup => {
    const posted = first.posted.of(key);
    const booked = looked === undefined ? first.booked.of(key) : new ControlTotals();
    if (looked !== undefined) {
      booked.combine(posted, 1);
      booked.combine(looked.posted.of(key), -1);
      booked.combine(looked.booked.of(key), 1);
    }
    const [bookingDate = '', currency = '', scheme = '', eventCode = ''] = key.split('|');
    const isCorrected = looked?.uncorrectedPosted.of(key).equals(looked.uncorrectedBooked.of(key)) === true;
    return {
      bookingDate,
      currency,
      ...(scheme !== '' && { scheme }),
      ...(eventCode !== '' && { eventCode }),
      posted: posted.toWire(),
      booked: booked.toWire(),
      standing: posted.equals(booked) ? 'AGREES' : isCorrected ? 'CORRECTED' : 'DIFFERS',
    };
  });
}

/** Buckets that are read again together, so that their entries have room in memory. */
function batchesOf(
  differing: readonly number[],
  posted: SideTotals,
  booked: SideTotals,
): ReadonlySet<number>[] {
  const batches: Set<number>[] = [];
  let room = 0;
  for (const bucket of differing) {
    const entries = posted.countOf(bucket) + booked.countOf(bucket);
    if (entries > room || batches.length === 0) {
      batches.push(new Set());
      room = ENTRIES_AT_ONCE_MAX;
    }
    batches.at(-1)?.add(bucket);
    room -= entries;
  }
  return batches;
}

function addPosted(
  totals: SideTotals,
  { sequenceId, scheme, bookingDate, valueDate, entries = [] }: PostedSequence,
  bucket: number,
  window: DateWindow,
  { accountIds }: StatementScope,
): void {
  if (!isInWindow(bookingDate, window)) return;
  for (const entry of entries) {
    if (accountIds !== undefined && !accountIds.has(entry.accountId)) continue;
    const { number, accountId, direction, minorUnits, currency, eventCode } = entry;
    const about = { scheme, bookingDate, valueDate };
    totals.add(sequenceId, bucket, {
      number,
      accountId,
      direction,
      minorUnits,
      currency,
      eventCode,
      ...about,
    });
  }
}

function addRow(totals: SideTotals, row: LedgerRow, bucket: number): void {
  const { scheme = '?', eventCode = '?' } = row;
  const { number, accountId, direction, minorUnits, currency, bookingDate, valueDate } = row;
  const entry: ControlEntry = {
    number,
    accountId,
    direction,
    minorUnits,
    currency,
    bookingDate,
    valueDate,
    scheme,
    eventCode,
  };
  totals.add(row.sequenceId, bucket, entry);
}

function contentOf({ posted }: Candidate) {
  if (posted?.entries === undefined) return undefined;
  return { bookingDate: posted.bookingDate, valueDate: posted.valueDate, entries: posted.entries };
}

/** A sequence is in the window when either side has it there. */
function isAbout(window: DateWindow, { posted, rows }: Candidate): boolean {
  if (posted !== undefined && isInWindow(posted.bookingDate, window)) return true;
  return rows.some(({ bookingDate }) => isInWindow(bookingDate, window));
}

/**
 * A sequence that nobody posted may be anybody's: what the ledger does not say of it, its own reference and its booking
 * date stand for.
 */
function findingOf(
  sequenceId: string,
  { posted, rows }: Candidate,
  { type, explanation, atRisk }: SequenceFinding,
): Finding {
  const told: Partial<LedgerRow> = Object.assign({}, ...rows);
  const transactionId = posted?.transactionId ?? told.transactionId ?? sequenceId;
  const bookingDate = rows[0]?.bookingDate ?? posted?.bookingDate ?? '';
  return {
    transactionId,
    scheme: posted?.scheme ?? told.scheme ?? 'UNKNOWN',
    loggedAt: posted?.loggedAt ?? told.loggedAt ?? `${bookingDate}T00:00:00Z`,
    lifecycleId: posted?.lifecycleId ?? told.lifecycleId ?? transactionId,
    type,
    explanation,
    sequenceId,
    ...(atRisk === undefined ? {} : { atRisk }),
    sides: {
      ...(posted?.authorized === undefined ? {} : { authorized: posted.authorized }),
      ...(posted === undefined ? {} : { posted: posted.entries ?? [] }),
      ...(rows.length === 0 ? {} : { booked: inOrder(rows) }),
    },
    ...(posted?.lastGood === undefined ? {} : { lastGood: posted.lastGood }),
  };
}

function subjectOf(sequence: PostedSequence | OpenSequence): string {
  return 'isOpen' in sequence ? sequence.sequenceId : (sequence.corrects ?? sequence.sequenceId);
}

/** A bank's statement does not say what a row corrects; what was posted does. */
function subjectOfRow({ corrects, sequenceId }: LedgerRow, corrected: ReadonlyMap<string, string>): string {
  return corrects ?? corrected.get(sequenceId) ?? sequenceId;
}

/** It may still be on its way, or nobody has said what was posted. */
function isLeftOut(sequence: PostedSequence | OpenSequence, settledMs: number): boolean {
  if ('isOpen' in sequence || sequence.entries === undefined) return true;
  return Date.parse(sequence.saidAt) >= settledMs;
}

function isYoung({ bookedAt }: LedgerRow, settledMs: number): boolean {
  return bookedAt !== undefined && Date.parse(bookedAt) >= settledMs;
}
