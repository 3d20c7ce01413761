import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'standardize',
  consumes: ['TransactionAuthorized'],
  emits: ['TransactionStandardized'],
  environment: {},
});
