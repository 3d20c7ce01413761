import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'reconcile',
  consumes: [
    'TransactionAuthorized',
    'TransactionPostingApproved',
    'TransactionPostingRejected',
    'TransactionPosted',
    'TransactionPostingFailed',
  ],
  emits: ['TransactionReconciled', 'ReconciliationMismatchDetected'],
  environment: {
    RECONCILIATION_TABLE: 'what is known of each transaction, by side',
    RECONCILIATION_OVERDUE_MINUTES: 'the age at which a transaction should have been posted and booked',
  },
});
