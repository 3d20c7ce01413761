import { recordKeyOf } from '@payments/domain';
import type { TransactionPostingDelayedRecord } from '@payments/schemas';
import type { IncompleteSequence, PostingSystem, SequenceAssembly } from './ports.ts';

/** How often it is said of one sequence that it is late. */
const SAID_EVERY_MS = 3_600_000;

/** What a look at the waiting sequences found. */
export interface SequenceWatch {
  /** All that still wait. */
  readonly waiting: readonly IncompleteSequence[];
  /** Those of them that wait for too long: somebody must look. */
  readonly late: readonly IncompleteSequence[];
  /** Those of the late of which that has not been said within this hour. */
  readonly unsaid: readonly IncompleteSequence[];
}

/**
 * Looks at the sequences of which entries are missing. One that is booked all the same waits for nothing: some of
 * its entries came again. They are forgotten when the others could have come too.
 *
 * @param now epoch milliseconds
 * @param lateAfterMs the age at which a sequence is late
 */
export async function watchSequences(
  { assembly, postingSystem }: { readonly assembly: SequenceAssembly; readonly postingSystem: PostingSystem },
  now: number,
  lateAfterMs: number,
): Promise<SequenceWatch> {
  const incomplete = await assembly.incomplete();
  const booked = await postingSystem.find(incomplete.map(({ sequenceId }) => sequenceId));
  const isLate = ({ since }: IncompleteSequence): boolean => now - since >= lateAfterMs;
  for (const sequence of incomplete)
    if (booked.has(sequence.sequenceId) && isLate(sequence)) await assembly.forgetSequence(sequence);
  const waiting = incomplete.filter(({ sequenceId }) => !booked.has(sequenceId));
  const late = waiting.filter(isLate);
  const hour = hourOf(now);
  return { waiting, late, unsaid: late.filter(({ saidInHour }) => saidInHour !== hour) };
}

/** The hour in which something is said, counted from 1970. */
export function hourOf(now: number): number {
  return Math.floor(now / SAID_EVERY_MS);
}

/**
 * What is said of a late sequence. Said again within the hour it is the same record.
 *
 * @param hour what `hourOf` gives
 */
export function delayedRecord(late: IncompleteSequence, hour: number): TransactionPostingDelayedRecord {
  const { sequenceId, transactionId, scheme, loggedAt, lifecycleId, present, count, since } = late;
  return {
    transactionId,
    idempotencyKey: recordKeyOf('TransactionPostingDelayed', transactionId, `${sequenceId}|${hour}`),
    scheme,
    loggedAt,
    lifecycleId,
    sequence: { id: sequenceId, count },
    present: [...present],
    since: new Date(since).toISOString(),
  };
}
