import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'dedup',
  consumes: ['AuthorizationLogged'],
  emits: ['TransactionAuthorized', 'DuplicateTransactionParked'],
  environment: {
    SEEN_TRANSACTIONS_TABLE: 'who was first with each deduplication key',
    PARKED_BUCKET: 'where duplicates and conflicts lie',
    DEDUP_WINDOW_DAYS: 'how long a deduplication key is remembered',
  },
});
