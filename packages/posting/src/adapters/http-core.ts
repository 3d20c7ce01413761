import { DomainError } from '@payments/domain';
import type { Metadata } from '@payments/schemas';
import type { WritePosting } from '../compile-mapping.ts';
import { type CompleteSequence, type PostedSequence, sameTotals } from '../complete-sequence.ts';
import { nothingToCorrect } from '../correction.ts';
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
      const asked = sequences.flatMap(({ sequenceId, correction }) => [
        sequenceId,
        ...(correction === undefined ? [] : [correction.sequenceId]),
      ]);
      const before = await this.find([...new Set(asked)]);
      const again: Booking[] = [];
      const rest = sequences.filter((sequence) => {
        const settled = settledBefore(sequence, before);
        if (settled?.kind === 'refused') results.set(sequence, settled);
        if (settled?.kind === 'posted') {
          const { postingReference } = settled.posted;
          again.push({ sequence, postingReference });
        }
        return settled === undefined;
      });
      // What is booked already is kept once more: what of it is missing here is added.
      const bookings = [...again, ...(await this.#send(rest, results))];
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

/**
 * What is known of a sequence without asking the core: it cannot be booked, or the core has booked it before. Whether
 * a correction balances with what it corrects is for the core to say, which has the rows.
 */
function settledBefore(
  sequence: CompleteSequence,
  before: ReadonlyMap<string, PostedSequence>,
): Extract<PostingResult, { kind: 'posted' | 'refused' }> | undefined {
  const { sequenceId, correction, controlTotals } = sequence;
  const refusal = refusalOf(sequence);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  const posted = before.get(sequenceId);
  if (posted === undefined) {
    const nothing = correction && nothingToCorrect(before.get(correction.sequenceId));
    return nothing && { kind: 'refused', ...nothing };
  }
  if (sameTotals(posted.controlTotals, controlTotals)) return { kind: 'posted', posted };
  return {
    kind: 'refused',
    reason: 'BOOKED_DIFFERENTLY',
    explanation: 'the core has booked this sequence with other totals',
  };
}

function unknown(sequence: CompleteSequence, cause: unknown): Extract<PostingResult, { kind: 'unknown' }> {
  return { kind: 'unknown', cause: new PostingUnknownError(sequence.sequenceId, cause) };
}
