import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'account-interface',
  consumes: ['TransactionPostingApproved'],
  emits: ['PostingEntryCreated'],
  environment: {
    POSTING_ACCOUNTS: "the bank's own accounts by role, scheme and currency, as JSON",
  },
});
