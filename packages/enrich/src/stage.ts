import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'enrich',
  consumes: ['TransactionStandardized'],
  emits: ['TransactionEnriched'],
  environment: {
    REFERENCE_TABLE: 'accounts, cards, products, merchant categories and rates',
    REFERENCE_CACHE_SECONDS: 'how long a looked-up row may be used again',
  },
});
