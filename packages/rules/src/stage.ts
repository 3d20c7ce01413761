import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'rules',
  consumes: ['TransactionEnriched'],
  emits: [
    'TransactionPostingApproved',
    'TransactionPostingRejected',
    'ForeignTransactionFound',
    'CurrencyConversionTransactionFound',
    'WarningMerchantTypeTransactionFound',
  ],
  environment: {},
});
