import type { Money } from '@payments/schemas';
import type { Finding, MismatchType } from './break.ts';
import { compareSequence } from './compare-sequence.ts';
import { BUCKETS, BucketOf, SideTotals } from './control-totals.ts';
import { type DateWindow, isInWindow } from './ledger-statement.ts';
import { candidatesIn, contentOf, findingOf, isAbout, type PassSides } from './pass-candidates.ts';
import { addPosted, addRow, isLeftOut, isYoung, subjectOf, subjectOfRow } from './pass-entries.ts';
import { DrillTotals, type FirstReading, groupsOf } from './pass-groups.ts';
import type { Pass, PassResult } from './pass-result.ts';

/** So many entries of both sides are held in memory at once while sequences are compared. */
const ENTRIES_AT_ONCE_MAX = 500_000;
/** Both sides are read again at most so often; what then is left differs too much for one pass. */
const READ_AGAIN_MAX = 4;
/** Findings come in pages of so many. */
const FINDINGS_PAGE = 500;

/** What a pass compares. */
export interface PassInput extends PassSides {
  /** Booking dates; what is in the window on either side is compared. */
  readonly window?: DateWindow;
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
