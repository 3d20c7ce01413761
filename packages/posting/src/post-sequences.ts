import { DomainError, recordKeyOf } from '@payments/domain';
import type {
  PostedEntry,
  PostingEntry,
  PostingEntryCreatedRecord,
  TransactionPostedRecord,
  TransactionPostingFailedRecord,
} from '@payments/schemas';
import {
  type CompleteSequence,
  completeSequenceOf,
  distinctEntries,
  isComplete,
  type PostedSequence,
} from './complete-sequence.ts';
import type { PostingResult, PostingSystem, SequenceAssembly } from './ports.ts';

/** What became of a sequence in this run. */
export type SequenceResult =
  | { readonly kind: 'posted'; readonly record: TransactionPostedRecord }
  | { readonly kind: 'failed'; readonly record: TransactionPostingFailedRecord }
  /** Entries are missing; what came is kept. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'inconsistent'; readonly reason: string; readonly explanation: string }
  | { readonly kind: 'unknown'; readonly cause: unknown };

/**
 * Posts every sequence that is complete with these entries, and keeps the entries of the others. Entries may
 * come in any order, in one event or many, and more than once. A sequence that is booked already is said to be
 * posted again, which is how an answer that was lost is made good.
 *
 * @param records entries as they came
 * @returns the result of each sequence, by its id
 */
export async function postSequences(
  records: readonly PostingEntryCreatedRecord[],
  { assembly, postingSystem }: { readonly assembly: SequenceAssembly; readonly postingSystem: PostingSystem },
): Promise<ReadonlyMap<string, SequenceResult>> {
  const results = new Map<string, SequenceResult>();
  const complete: PostingEntryCreatedRecord[][] = [];
  const partial: PostingEntryCreatedRecord[] = [];
  for (const [sequenceId, distinct] of sequencesIn(records, results)) {
    if (isComplete(distinct)) complete.push(distinct);
    else {
      partial.push(...distinct);
      results.set(sequenceId, { kind: 'incomplete' });
    }
  }
  const kept = await assemble(partial, { assembly, postingSystem }, results);
  // One that is booked already is posted again when it has come again as a whole: what of it was lost is added.
  complete.push(...kept.filter(isComplete));

  const sequences = complete.map(completeSequenceOf);
  const answers = sequences.length === 0 ? [] : await postingSystem.post(sequences);
  sequences.forEach((sequence, index) => {
    const answer = answers[index] ?? {
      kind: 'unknown',
      cause: new Error('the posting system gave no answer'),
    };
    results.set(sequence.sequenceId, resultOf(sequence, answer));
  });
  const ended = kept.filter((sequence) => {
    const result = results.get(sequence[0]?.entry.sequence.id ?? '');
    return isComplete(sequence) && (result?.kind === 'posted' || result?.kind === 'failed');
  });
  if (ended.length > 0) await assembly.forget(ended.flat());
  return results;
}

/** Groups entries by sequence, each entry once; a sequence that contradicts itself becomes a result at once. */
function sequencesIn(
  records: readonly PostingEntryCreatedRecord[],
  results: Map<string, SequenceResult>,
): Map<string, PostingEntryCreatedRecord[]> {
  const groups = Map.groupBy(records, ({ entry }) => entry.sequence.id);
  const distinct = new Map<string, PostingEntryCreatedRecord[]>();
  for (const [sequenceId, group] of groups) {
    try {
      distinct.set(sequenceId, distinctEntries(group));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      results.set(sequenceId, { kind: 'inconsistent', reason: error.code, explanation: error.message });
    }
  }
  return distinct;
}

/**
 * Keeps partial sequences and gives all that is now known of them. Those booked before become results at once, which
 * makes a lost answer good; their entries stay until all have come again, or for as long as an entry may be late.
 */
async function assemble(
  partial: readonly PostingEntryCreatedRecord[],
  { assembly, postingSystem }: { readonly assembly: SequenceAssembly; readonly postingSystem: PostingSystem },
  results: Map<string, SequenceResult>,
): Promise<PostingEntryCreatedRecord[][]> {
  if (partial.length === 0) return [];
  const sequenceIds = [...new Set(partial.map(({ entry }) => entry.sequence.id))];
  // The entries are kept before anything is read, so that of two runs with a part each, one sees both parts.
  const all = await assembly.keep(partial, sequenceIds);
  const booked = await postingSystem.find(sequenceIds);
  for (const [sequenceId, posted] of booked)
    results.set(sequenceId, { kind: 'posted', record: postedRecord(posted) });
  return [...sequencesIn(all, results).values()];
}

function resultOf(sequence: CompleteSequence, answer: PostingResult): SequenceResult {
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'posted') {
    const entries = sequence.entries.map(postedEntryOf);
    return { kind: 'posted', record: { ...postedRecord(answer.posted), entries } };
  }
  const { transactionId, scheme, loggedAt, lifecycleId, sequenceId, correction, entries } = sequence;
  return {
    kind: 'failed',
    record: {
      transactionId,
      idempotencyKey: recordKeyOf('TransactionPostingFailed', transactionId, correction?.breakId),
      scheme,
      loggedAt,
      lifecycleId,
      sequence: { id: sequenceId, count: entries.length },
      reason: answer.reason,
      explanation: answer.explanation,
    },
  };
}

/** A correction has a key of its own, so that it is not taken for what it corrects. */
function postedRecord(posted: PostedSequence): TransactionPostedRecord {
  const { transactionId, correction } = posted;
  const idempotencyKey = recordKeyOf('TransactionPosted', transactionId, correction?.breakId);
  return { ...posted, idempotencyKey };
}

/** What of an entry is compared with a ledger. */
function postedEntryOf({
  sequence,
  account,
  direction,
  amount,
  amountTag,
  eventCode,
}: PostingEntry): PostedEntry {
  const { role, accountId, branch } = account;
  const { minorUnits, currency } = amount;
  const { number } = sequence;
  return { number, role, accountId, branch, direction, minorUnits, currency, amountTag, eventCode };
}
