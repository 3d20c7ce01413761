import { defineStage } from '@payments/stage-kit/stage';

export const stage = defineStage({
  name: 'ingest',
  consumes: [],
  emits: ['AuthorizationLogged'],
  environment: {
    API_REQUESTS_TABLE: 'requests of the API by their idempotency keys',
    AUTHORIZATIONS_TABLE: 'the authorization log: one row for each request and response pair',
    BATCHES_TABLE: 'how far each file is, chunk by chunk',
    CARD_TOKENS_TABLE: 'the token vault',
    INBOUND_KEY_ID: 'the key that senders encrypt files with',
    INBOUND_QUEUE_URL: 'where the bucket of files tells of a new one',
    VAULT_KEY_ID: 'the key that wraps the keys of the vault',
  },
});
