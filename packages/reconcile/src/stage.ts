import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'reconcile',
  consumes: [
    'TransactionAuthorized',
    'TransactionPostingApproved',
    'TransactionPostingRejected',
    'TransactionPosted',
    'TransactionPostingFailed',
    'TransactionNotPosted',
    'HoldChanged',
  ],
  emits: ['TransactionReconciled', 'ReconciliationMismatchDetected'],
  environment: {
    RECONCILIATION_TABLE: 'what is known of each transaction, by side',
    RECONCILIATION_OVERDUE_MINUTES: 'the age at which a transaction should have been posted and booked',
    REVERSAL_WINDOW_MINUTES: 'how much longer one may take that waits for the transaction it refers to',
  },
});
