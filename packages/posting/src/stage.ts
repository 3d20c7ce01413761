import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'posting',
  consumes: ['PostingEntryCreated'],
  emits: ['TransactionPosted', 'TransactionPostingFailed', 'TransactionPostingDelayed'],
  environment: {
    ASSEMBLY_TABLE: 'sequences of which entries are still missing',
    LEDGER_TABLE: 'what is booked: the reference ledger, or what the core has acknowledged',
    ADDITIONS_TABLE: 'what was added to booked sequences: corrections, and rows that were lost',
    POSTING_SYSTEM: 'where sequences are booked: `reference-ledger`, or the core as JSON',
    BALANCES_TABLE: 'balances by account and currency',
    INCOMPLETE_SEQUENCE_MINUTES: 'the age at which an incomplete sequence is late',
  },
});
