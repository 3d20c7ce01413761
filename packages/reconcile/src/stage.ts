import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'reconcile',
  consumes: [
    'TransactionAuthorized',
    'TransactionPostingApproved',
    'TransactionPostingRejected',
    'TransactionPosted',
    'TransactionPostingDelayed',
    'TransactionPostingFailed',
    'TransactionNotPosted',
    'HoldChanged',
  ],
  emits: [
    'TransactionReconciled',
    'ReconciliationMismatchDetected',
    'ReconciliationMismatchPatched',
    'ReconciliationMismatchParked',
    'PostingEntryCreated',
  ],
  environment: {
    RECONCILIATION_TABLE: 'what is known of each transaction, by side',
    RECONCILIATION_OVERDUE_MINUTES: 'the age at which a transaction should have been posted and booked',
    REVERSAL_WINDOW_MINUTES: 'how much longer one may take that waits for the transaction it refers to',
    LEDGER_TABLE: 'the ledger that posting keeps, to compare with',
    BREAKS_TABLE: 'mismatches as cases, each with its state',
    PATCH_COUNTS_TABLE: 'how often each rule patched in an hour',
    EVIDENCE_TABLE: 'what was done about each case, for good',
    PASSES_TABLE: 'what each pass over both sides came to',
    REPETITIONS_TABLE: 'which transactions a replay of the archive is for',
    REPLAY_PLACES: 'the archive, the bus and the own rule that events are replayed to, as JSON',
    REPEAT_QUEUES: 'the queues of the stages that events are given to once more, as JSON',
  },
});
