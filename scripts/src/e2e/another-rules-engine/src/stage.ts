import { defineStage } from '@payments/stage-kit/stage';

// It takes the place of the stage `rules` and so keeps its name: what others subscribe to is `payments.rules`.
export const stage = defineStage({
  name: 'rules',
  consumes: ['TransactionEnriched'],
  emits: ['TransactionPostingApproved', 'TransactionPostingRejected'],
  environment: {},
});
