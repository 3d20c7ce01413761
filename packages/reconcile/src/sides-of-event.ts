import type { EventRecords, Metadata } from '@payments/schemas';
import type { TransactionSides } from './transaction-sides.ts';

/** The events that tell of a side of a transaction. */
type SideEventName =
  | 'TransactionAuthorized'
  | 'TransactionPostingApproved'
  | 'TransactionPostingRejected'
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
  switch (event) {
    case 'TransactionAuthorized': {
      const { amounts, messageClass, original } = record.authorization;
      const follows = messageClass === 'REVERSAL' || original !== undefined;
      return { ...known, authorized: { amount: amounts.transaction, follows } };
    }
    case 'TransactionPostingApproved': {
      const { amount, billed } = record.transaction;
      const approved = { amount, billed, follows: followsAnother(record) };
      return { ...known, lifecycleId: record.lifecycleId, approved };
    }
    case 'TransactionPostingRejected':
      return { ...known, lifecycleId: record.lifecycleId, rejected: { reason: record.refusal.reason } };
    case 'TransactionPosted': {
      const { sequence, controlTotals } = record;
      return {
        ...known,
        lifecycleId: record.lifecycleId,
        posted: { sequenceId: sequence.id, controlTotals, saidAt: metadata.producedAt },
      };
    }
    case 'TransactionPostingFailed':
      return { ...known, lifecycleId: record.lifecycleId, failed: { reason: record.reason } };
    case 'TransactionNotPosted': {
      const { disposition, reason, explanation } = record;
      return { ...known, lifecycleId: record.lifecycleId, notPosted: { disposition, reason, explanation } };
    }
    case 'HoldChanged': {
      const { action, reason } = record.hold;
      // What clears a hold is booked itself, and what ends by itself was placed before.
      const isItsEnd = reason !== 'CLEARED' && reason !== 'EXPIRED';
      return { ...known, lifecycleId: record.lifecycleId, ...(isItsEnd && { held: { action } }) };
    }
  }
}

/** A reversal, a completion, or the clearing of what was held: it books the difference to what stands. */
function followsAnother({ transaction, product }: EventRecords['TransactionPostingApproved']): boolean {
  const { kind, messageClass, original } = transaction;
  if (kind === 'REVERSAL') return true;
  return messageClass === 'FINANCIAL' && (original !== undefined || product.postingMode === 'HOLD_THEN_POST');
}
