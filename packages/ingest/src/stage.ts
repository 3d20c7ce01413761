import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'ingest',
  consumes: [],
  emits: [],
  environment: {
    AUTHORIZATIONS_TABLE: 'the authorization log: one row for each request and response pair',
    CARD_TOKENS_TABLE: 'the token vault',
    VAULT_KEY_ID: 'the key that wraps the keys of the vault',
  },
});
