import type { CainBody, CainDocument, Card, PostingEntry } from '@payments/schemas';
import { RenderError } from './errors.ts';

/** A posted sequence, as a notification tells of it. */
export interface PostedSequence {
  readonly sequenceId: string;
  readonly transactionId: string;
  /** What ties a transaction to its increments and reversals. */
  readonly lifecycleId: string;
  /** The network, as in `VISA`. */
  readonly scheme: string;
  /** When it was posted, RFC 3339 in UTC. */
  readonly postedAt: string;
  /** All entries of the sequence, in any order. */
  readonly entries: readonly PostingEntry[];
  /** The card behind it, where it is known; its number is nowhere. */
  readonly card?: Pick<Card, 'token' | 'lastFour'> | undefined;
  /** The card message behind it, where it is known: references, terminal and merchant. */
  readonly document?: CainDocument | undefined;
}

/**
 * The entries in the order of their numbers.
 *
 * @throws RenderError SEQUENCE_INCOMPLETE when an entry is missing, there twice, or of another sequence
 */
export function orderedEntriesOf({ sequenceId, entries }: PostedSequence): PostingEntry[] {
  const ordered = entries.toSorted((left, right) => left.sequence.number - right.sequence.number);
  const isWhole = ordered.every(
    ({ sequence }, index) =>
      sequence.id === sequenceId && sequence.number === index + 1 && sequence.count === ordered.length,
  );
  if (!isWhole || ordered.length === 0)
    throw new RenderError(
      'SEQUENCE_INCOMPLETE',
      `the ${entries.length} entries given are not all of sequence ${sequenceId}, each once`,
    );
  return ordered;
}

/** The building blocks of the card message, whichever of the three it is. */
export function bodyOf({ document }: PostedSequence): CainBody | undefined {
  return document?.AuthstnInitn ?? document?.FinInitn ?? document?.RvslInitn;
}
