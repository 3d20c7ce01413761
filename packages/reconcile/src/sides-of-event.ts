import type { EventRecords, Metadata } from '@payments/schemas';
import type { TransactionSides } from './transaction-sides.ts';

/** An event that tells of one side of a transaction. */
export type SideEvent = {
  readonly [Name in
    | 'TransactionAuthorized'
    | 'TransactionPostingApproved'
    | 'TransactionPostingRejected'
    | 'TransactionPosted'
    | 'TransactionPostingFailed']: {
    readonly event: Name;
    readonly record: EventRecords[Name];
    readonly metadata: Pick<Metadata, 'producedAt'>;
  };
}[
  | 'TransactionAuthorized'
  | 'TransactionPostingApproved'
  | 'TransactionPostingRejected'
  | 'TransactionPosted'
  | 'TransactionPostingFailed'];

/** What an event tells of its transaction. */
export function sidesOfEvent({ event, record, metadata }: SideEvent): TransactionSides {
  const { transactionId, scheme, loggedAt } = record;
  const known = { transactionId, scheme, loggedAt };
  switch (event) {
    case 'TransactionAuthorized':
      return { ...known, authorized: { amount: record.authorization.amounts.transaction } };
    case 'TransactionPostingApproved': {
      const { amount, billed } = record.transaction;
      return { ...known, lifecycleId: record.lifecycleId, approved: { amount, billed } };
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
  }
}
