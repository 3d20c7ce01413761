import type { IncompleteSequence, PostingSystem, SequenceAssembly } from './ports.ts';

/** What a look at the waiting sequences found. */
export interface SequenceWatch {
  /** All that still wait. */
  readonly waiting: readonly IncompleteSequence[];
  /** Those of them that wait for too long: somebody must look. */
  readonly late: readonly IncompleteSequence[];
}

/**
 * Looks at the sequences of which entries are missing. One that is booked all the same waits for nothing: an
 * entry came again while its sequence was being booked, and what is kept of it is forgotten.
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
  for (const sequence of incomplete)
    if (booked.has(sequence.sequenceId)) await assembly.forgetSequence(sequence);
  const waiting = incomplete.filter(({ sequenceId }) => !booked.has(sequenceId));
  return { waiting, late: waiting.filter(({ since }) => now - since >= lateAfterMs) };
}
