import type { Finding, LedgerRow } from './break.ts';
import { inOrder, type PostedContent, type SequenceFinding } from './compare-sequence.ts';
import { BucketOf } from './control-totals.ts';
import { type DateWindow, isInWindow, type LedgerStatement } from './ledger-statement.ts';
import { isLeftOut, isYoung, subjectOf, subjectOfRow } from './pass-entries.ts';
import type { PostedSequence, PostedSequences } from './pass-ports.ts';

/** The two sides of a pass, and until when what was posted is settled. */
export interface PassSides {
  readonly posted: PostedSequences;
  readonly ledger: LedgerStatement;
  /** RFC 3339: what was posted later may still be on its way to the ledger, and is left out. */
  readonly settledBefore: string;
}

/** What is known of one sequence on both sides while it is compared. */
export interface Candidate {
  posted?: PostedSequence;
  readonly corrections: PostedSequence[];
  readonly rows: LedgerRow[];
  /** It may still be on its way. */
  isLeftOut: boolean;
}

/** The sequences of some buckets, as both sides have them now. */
export async function candidatesIn(
  chosen: ReadonlySet<number>,
  { posted, ledger, settledBefore }: PassSides,
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

/** What was posted of it, where that is known. */
export function contentOf({ posted }: Candidate): PostedContent | undefined {
  if (posted?.entries === undefined) return undefined;
  return { bookingDate: posted.bookingDate, valueDate: posted.valueDate, entries: posted.entries };
}

/** A sequence is in the window when either side has it there. */
export function isAbout(window: DateWindow, { posted, rows }: Candidate): boolean {
  if (posted !== undefined && isInWindow(posted.bookingDate, window)) return true;
  return rows.some(({ bookingDate }) => isInWindow(bookingDate, window));
}

/**
 * A sequence that nobody posted may be anybody's: what the ledger does not say of it, its own reference and its booking
 * date stand for.
 */
export function findingOf(
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
    ...(posted?.approvedAt === undefined ? {} : { approvedAt: posted.approvedAt }),
  };
}
