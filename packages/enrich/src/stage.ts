import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'enrich',
  consumes: ['TransactionStandardized'],
  emits: ['TransactionEnriched'],
  environment: {
    REFERENCE_TABLE: 'accounts, cards, products, merchant categories and rates',
    REFERENCE_CACHE_SECONDS: 'how long it is believed which version is the current one',
    REFERENCE_VERSION: 'the version to enrich with, for a replay; CURRENT for the one that is current',
  },
});
