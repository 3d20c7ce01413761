import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'posting',
  consumes: ['PostingEntryCreated'],
  emits: ['TransactionPosted', 'TransactionPostingFailed'],
  environment: {
    ASSEMBLY_TABLE: 'sequences of which entries are still missing',
    LEDGER_TABLE: 'the reference ledger',
    BALANCES_TABLE: 'balances by account and currency',
    INCOMPLETE_SEQUENCE_MINUTES: 'the age at which an incomplete sequence is late',
  },
});
