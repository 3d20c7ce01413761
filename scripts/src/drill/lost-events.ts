import type { LostEvent } from './damage.ts';

/** An event lost before each stage, and what stands for an acknowledgement. */
export const LOST_EVENTS: readonly LostEvent[] = [
  lost('lost-before-standardize', 'standardize', 'TransactionAuthorized'),
  lost('lost-before-enrich', 'enrich', 'TransactionStandardized'),
  lost('lost-before-rules', 'rules', 'TransactionEnriched'),
  lost('lost-before-account-interface', 'account-interface', 'TransactionPostingApproved'),
  {
    ...lost('lost-before-posting', 'posting', 'PostingEntryCreated'),
    does: 'no entry of a sequence comes to posting',
  },
  {
    ...lost('lost-entry', 'posting', 'PostingEntryCreated'),
    does: 'one entry of a sequence never comes to posting',
    foundAs: ['SEQ_INCOMPLETE'],
    oneEntry: true,
  },
  {
    ...lost('lost-authorization', 'reconcile', 'TransactionAuthorized'),
    does: 'reconcile never hears that it was authorized',
    foundAs: ['POSTED_UNAPPROVED'],
  },
  {
    ...lost('lost-approval', 'reconcile', 'TransactionPostingApproved'),
    does: 'reconcile never hears that it was approved',
    foundAs: ['POSTED_UNAPPROVED'],
  },
  {
    ...lost('lost-acknowledgement', 'reconcile', 'TransactionPosted'),
    does: 'reconcile never hears that it was posted, and the ledger has it',
    foundAs: ['L_NOT_P'],
  },
  {
    ...lost('lost-reversal', 'enrich', 'TransactionStandardized'),
    does: 'what takes back another transaction never comes to enrich',
    foundAs: ['ORIGINAL_WITHOUT_REVERSAL'],
    ofReversal: true,
  },
];

function lost(name: string, stage: LostEvent['stage'], event: LostEvent['event']): LostEvent {
  return {
    kind: 'lost-event',
    name,
    does: `${event} never comes to ${stage}`,
    stage,
    event,
    foundAs: ['A_NOT_P'],
    curable: true,
  };
}
