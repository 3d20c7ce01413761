import type { Metadata, PostingEntry, PostingHeader, PostingInput, PostingLeg } from '@payments/schemas';
import type { CompleteSequence } from './complete-sequence.ts';

/** What the posting system is told of who sends. */
const SOURCE_SYSTEM = 'CARDS';

/** The delivery modes in the words of a posting system. */
const MODES: Readonly<Record<Metadata['deliveryMode'], PostingHeader['mode']>> = {
  'real-time': 'RT',
  'near-real-time': 'NRT',
  batch: 'BATCH',
};

/**
 * The canonical posting input of a sequence (`schemas/configuration/posting-input.v1.json`): a header with control
 * totals, and every leg. The same sequence gives the same input, so that a core that compares what comes under one
 * idempotency key finds no difference.
 *
 * @param deliveryMode how the stage that posts is delivered to
 */
export function postingInputOf(
  sequence: CompleteSequence,
  deliveryMode: Metadata['deliveryMode'],
): PostingInput {
  const { sequenceId, transactionId, scheme, lifecycleId, bookingDate, valueDate, entries } = sequence;
  const { controlTotals, correction } = sequence;
  const reversalOf = entries.find((entry) => entry.reversalOf !== undefined)?.reversalOf;
  return {
    header: {
      sourceSystem: SOURCE_SYSTEM,
      sequenceId,
      seqCount: entries.length,
      transactionId,
      scheme,
      lifecycleId,
      mode: MODES[deliveryMode],
      bookingDate,
      valueDate,
      ...(reversalOf === undefined ? {} : { reversalOf }),
      ...(correction === undefined ? {} : { correctionOf: correction.sequenceId }),
      controlTotals,
    },
    legs: entries.map(legOf),
  };
}

function legOf(entry: PostingEntry): PostingLeg {
  const { account, sequence, originalAmount, rate, holdRef, holdRelease } = entry;
  return {
    seqNo: sequence.number,
    seqCount: sequence.count,
    entryId: entry.entryId,
    eventCode: entry.eventCode,
    amountTag: entry.amountTag,
    direction: entry.direction,
    accountId: account.accountId,
    accountRole: account.role,
    accountCurrency: account.currency,
    branch: account.branch,
    ...(account.sortCode === undefined ? {} : { sortCode: account.sortCode }),
    amount: entry.amount,
    ...(originalAmount === undefined ? {} : { originalAmount }),
    ...(rate === undefined ? {} : { rate }),
    ...(holdRef === undefined ? {} : { holdRef }),
    ...(holdRelease === undefined ? {} : { holdRelease }),
    bookingDate: entry.bookingDate,
    valueDate: entry.valueDate,
    narrative: entry.narrative,
    reversal: entry.reversal,
    sourceEventId: entry.sourceEventId,
  };
}
