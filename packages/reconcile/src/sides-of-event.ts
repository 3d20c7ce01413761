import { sequenceIdOf } from '@payments/domain';
import type { EventRecords, Metadata } from '@payments/schemas';
import type { TransactionSides } from './transaction-sides.ts';

/** The events that tell of a side of a transaction. */
type SideEventName =
  | 'TransactionAuthorized'
  | 'TransactionPostingApproved'
  | 'TransactionPostingRejected'
  | 'TransactionPostingDelayed'
  | 'TransactionPosted'
  | 'TransactionPostingFailed'
  | 'TransactionNotPosted'
  | 'HoldChanged';

/** An event that tells of one side of a transaction. */
export type SideEvent = {
  readonly [Name in SideEventName]: {
    readonly event: Name;
    readonly record: EventRecords[Name];
    readonly metadata: Pick<Metadata, 'producedAt'>;
  };
}[SideEventName];

/** What an event tells of its transaction. */
export function sidesOfEvent({ event, record, metadata }: SideEvent): TransactionSides {
  const { transactionId, scheme, loggedAt } = record;
  const known = { transactionId, scheme, loggedAt };
  const saidAt = metadata.producedAt;
  switch (event) {
    case 'TransactionAuthorized': {
      const { amounts, messageClass, original } = record.authorization;
      const reverses = messageClass === 'REVERSAL';
      const follows = reverses || original !== undefined;
      return { ...known, authorized: { amount: amounts.transaction, follows, reverses, saidAt } };
    }
    case 'TransactionPostingApproved': {
      const { amount, billed } = record.transaction;
      const approved = { amount, billed, follows: followsAnother(record), saidAt };
      return { ...known, lifecycleId: record.lifecycleId, approved };
    }
    case 'TransactionPostingRejected':
      return {
        ...known,
        lifecycleId: record.lifecycleId,
        rejected: { reason: record.refusal.reason, saidAt },
      };
    case 'TransactionPostingDelayed': {
      const { sequence, present } = record;
      const delayed = { sequenceId: sequence.id, count: sequence.count, present, saidAt };
      return { ...known, lifecycleId: record.lifecycleId, delayed };
    }
    case 'TransactionPosted':
      return { ...known, lifecycleId: record.lifecycleId, ...postedOf(record, saidAt) };
    case 'TransactionPostingFailed':
      // A correction that is refused is a matter of its case: it says nothing of what it was to correct.
      if (record.sequence.id !== sequenceIdOf(transactionId)) return known;
      return { ...known, lifecycleId: record.lifecycleId, failed: { reason: record.reason, saidAt } };
    case 'TransactionNotPosted': {
      const { disposition, reason, explanation } = record;
      const notPosted = { disposition, reason, explanation, saidAt };
      return { ...known, lifecycleId: record.lifecycleId, notPosted };
    }
    case 'HoldChanged': {
      const { action, reason } = record.hold;
      // What clears a hold is booked itself, and what ends by itself was placed before.
      const isItsEnd = reason !== 'CLEARED' && reason !== 'EXPIRED';
      return { ...known, lifecycleId: record.lifecycleId, ...(isItsEnd && { held: { action, saidAt } }) };
    }
  }
}

/** What was posted is the transaction's own side; what corrects it stands beside it, under its own id. */
function postedOf(
  { sequence, controlTotals, bookingDate, valueDate, entries, correction }: EventRecords['TransactionPosted'],
  saidAt: string,
): Pick<TransactionSides, 'posted' | 'corrections'> {
  const content = { controlTotals, bookingDate, valueDate, ...(entries && { entries }), saidAt };
  if (correction === undefined) return { posted: { sequenceId: sequence.id, ...content } };
  return { corrections: { [sequence.id]: { breakId: correction.breakId, ...content } } };
}

/** A reversal, a completion, or the clearing of what was held: it books the difference to what stands. */
function followsAnother({ transaction, product }: EventRecords['TransactionPostingApproved']): boolean {
  const { kind, messageClass, original } = transaction;
  if (kind === 'REVERSAL') return true;
  return messageClass === 'FINANCIAL' && (original !== undefined || product.postingMode === 'HOLD_THEN_POST');
}
