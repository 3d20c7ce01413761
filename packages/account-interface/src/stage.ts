import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'account-interface',
  consumes: ['TransactionPostingApproved'],
  emits: ['PostingEntryCreated', 'TransactionNotPosted', 'HoldChanged'],
  environment: {
    LIFECYCLES_TABLE: 'what was posted and held, by life cycle, for what refers to it',
    LIFECYCLE_RETENTION_DAYS: 'how long that is kept after the authorization was logged',
    REVERSAL_WINDOW_MINUTES: 'how long a reversal or completion waits for what it refers to',
  },
});
