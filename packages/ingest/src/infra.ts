import {
  CustomerKey,
  keyAlias,
  runSynthesis,
  STREAMED_TABLES,
  type StageContext,
  StageFunction,
  StageStack,
  StageTable,
} from '@payments/infra';
import { stage } from './stage.ts';

/** A caller hands over some thousand pairs at a time and waits for the answer. */
const INGEST_TIMEOUT_SECONDS = 60;
const TOKENIZE_TIMEOUT_SECONDS = 30;
const DETOKENIZE_TIMEOUT_SECONDS = 10;

/** The authorization log, the token vault with a key of its own, and the functions that write them. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const authorizations = new StageTable(stack, STREAMED_TABLES.authorizations.purpose, {
    hashKey: { name: 'transactionId', type: 'S' },
    stream: true,
  });
  const cardTokens = new StageTable(stack, 'card-tokens', { hashKey: { name: 'id', type: 'S' } });
  // Only ingest's roles may use this key: whoever reads all tables of the platform still reads no card number.
  const vault = new CustomerKey(stack, 'vault-key', {
    alias: keyAlias(context.environment, 'vault'),
    description: 'Wraps the keys of the token vault',
    accountId: context.environment.accountId,
    protectData: context.environment.protectData,
    services: [],
  });
  const environment = {
    AUTHORIZATIONS_TABLE: authorizations.name,
    CARD_TOKENS_TABLE: cardTokens.name,
    VAULT_KEY_ID: vault.arn,
  };
  const ingest = new StageFunction(stack, 'ingest', {
    entry: 'handler',
    timeoutSeconds: INGEST_TIMEOUT_SECONDS,
    environment,
  });
  const tokenize = new StageFunction(stack, 'tokenize', {
    entry: 'tokenize',
    timeoutSeconds: TOKENIZE_TIMEOUT_SECONDS,
    environment,
  });
  authorizations.grant(ingest, 'BatchWriteItem');
  for (const writer of [ingest, tokenize]) {
    cardTokens.grant(writer, 'BatchGetItem', 'GetItem', 'PutItem');
    writer.role.allowKey(['Decrypt', 'GenerateDataKey'], { sid: 'UseVaultKey', arn: vault.arn });
  }
  // Nobody in the platform may call this function; who may is decided where people's roles are (detokenize-access.test).
  const detokenize = new StageFunction(stack, 'detokenize', {
    entry: 'detokenize',
    timeoutSeconds: DETOKENIZE_TIMEOUT_SECONDS,
    environment,
  });
  cardTokens.grant(detokenize, 'BatchGetItem', 'GetItem');
  detokenize.role.allow({
    sid: 'UnwrapDataKey',
    actions: ['kms:Decrypt'],
    resources: [vault.arn],
    conditions: { StringEquals: { 'kms:EncryptionContext:payments:vault-key': 'data' } },
  });
  return stack;
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
