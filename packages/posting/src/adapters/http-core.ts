import { DomainError } from '@payments/domain';
import type { Metadata } from '@payments/schemas';
import type { WritePosting } from '../compile-mapping.ts';
import { type CompleteSequence, type PostedSequence, sameTotals } from '../complete-sequence.ts';
import { PostingUnknownError } from '../errors.ts';
import { refusalOf } from '../ledger-row.ts';
import type { BookedSequences, Booking, Clock, PostingResult, PostingSystem } from '../ports.ts';
import { postingInputOf } from '../posting-input.ts';
import type { HttpCoreClient } from './http-core-client.ts';

/** How many postings of one run are on their way to the core at a time. */
const CONCURRENCY = 8;

/** With what postings are sent to a core. */
export interface HttpCoreParts {
  readonly client: HttpCoreClient;
  readonly write: WritePosting;
  /** What the core has acknowledged. */
  readonly acknowledged: BookedSequences;
  readonly deliveryMode: Metadata['deliveryMode'];
  readonly clock: Clock;
  /** How long one run may send. */
  readonly budgetMilliseconds: number;
}

/**
 * A bank's core behind HTTP. What the core says that it booked is kept under the core's reference, as the reference
 * ledger keeps what it books: that answers what is booked already without asking the core, also when the core has
 * forgotten the idempotency key, and lets balances, statements and reconciliation read on.
 */
export class HttpCore implements PostingSystem {
  readonly #parts: HttpCoreParts;

  constructor(parts: HttpCoreParts) {
    this.#parts = parts;
  }

  async post(sequences: readonly CompleteSequence[]): Promise<readonly PostingResult[]> {
    const results = new Map<CompleteSequence, PostingResult>();
    try {
      const before = await this.find(sequences.map(({ sequenceId }) => sequenceId));
      const rest = sequences.filter((sequence) => {
        const result = settledBefore(sequence, before.get(sequence.sequenceId));
        if (result !== undefined) results.set(sequence, result);
        return result === undefined;
      });
      const bookings = await this.#send(rest, results);
      const kept = bookings.length === 0 ? [] : await this.#parts.acknowledged.book(bookings);
      bookings.forEach(({ sequence }, index) => {
        const result = kept[index];
        if (result !== undefined) results.set(sequence, result);
      });
    } catch (cause) {
      // Some may be booked and not said to be: posting them again is safe.
      for (const sequence of sequences)
        if (!results.has(sequence)) results.set(sequence, unknown(sequence, cause));
    }
    return sequences.map((sequence) => results.get(sequence) ?? unknown(sequence, undefined));
  }

  find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>> {
    return this.#parts.acknowledged.find(sequenceIds);
  }

  /** Sends sequences, several at a time; gives those that the core has booked, in their order. */
  async #send(
    sequences: readonly CompleteSequence[],
    results: Map<CompleteSequence, PostingResult>,
  ): Promise<readonly Booking[]> {
    const { clock, budgetMilliseconds } = this.#parts;
    const deadline = clock.now() + budgetMilliseconds;
    const booked = new Map<CompleteSequence, string>();
    const waiting = [...sequences];
    const next = async (): Promise<void> => {
      for (let sequence = waiting.shift(); sequence !== undefined; sequence = waiting.shift()) {
        const result = await this.#sendOne(sequence, deadline);
        if (result.kind === 'booked') booked.set(sequence, result.reference);
        else results.set(sequence, result);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, waiting.length) }, next));
    return sequences.flatMap((sequence) => {
      const postingReference = booked.get(sequence);
      return postingReference === undefined ? [] : [{ sequence, postingReference }];
    });
  }

  async #sendOne(
    sequence: CompleteSequence,
    deadline: number,
  ): Promise<Exclude<PostingResult, { kind: 'posted' }> | { kind: 'booked'; reference: string }> {
    const { client, write, deliveryMode } = this.#parts;
    let body: string;
    try {
      body = JSON.stringify(write(postingInputOf(sequence, deliveryMode)));
    } catch (error) {
      if (error instanceof DomainError)
        return { kind: 'refused', reason: error.code, explanation: error.message };
      throw error;
    }
    const result = await client.post({ key: sequence.sequenceId, body }, deadline);
    return result.kind === 'unknown' ? unknown(sequence, result.cause) : result;
  }
}

/** What is known of a sequence without asking the core: it does not balance, or the core has booked it before. */
function settledBefore(
  sequence: CompleteSequence,
  posted: PostedSequence | undefined,
): PostingResult | undefined {
  const refusal = refusalOf(sequence);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  if (posted === undefined) return undefined;
  if (sameTotals(posted.controlTotals, sequence.controlTotals)) return { kind: 'posted', posted };
  return {
    kind: 'refused',
    reason: 'BOOKED_DIFFERENTLY',
    explanation: 'the core has booked this sequence with other totals',
  };
}

function unknown(sequence: CompleteSequence, cause: unknown): Extract<PostingResult, { kind: 'unknown' }> {
  return { kind: 'unknown', cause: new PostingUnknownError(sequence.sequenceId, cause) };
}
