import {
  CustomerKey,
  grantPutEvents,
  InboundFiles,
  keyAlias,
  runSynthesis,
  SignedUrl,
  STREAMED_TABLES,
  StageAlarm,
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
/** A caller of the API waits for one authorization. */
const API_TIMEOUT_SECONDS = 15;
/** What callers of the API may occupy at once; more of them are told to come back. */
const API_CONCURRENCY = 20;
/** A file is read for so long at a time, and gone on with where it stopped. */
const BATCH_TIMEOUT_SECONDS = 300;
/** A file is read within the hour; what is kept longer helps to see what a sender sent. */
const FILE_RETENTION_DAYS = 7;
/** What files are read: those that senders encrypted. */
const FILE_SUFFIX = '.encrypted';

/**
 * The authorization log, the token vault with a key of its own, and the functions that write them: for the log's
 * stream, for callers of the API, and for files.
 */
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
  const requests = new StageTable(stack, 'api-requests', {
    hashKey: { name: 'id', type: 'S' },
    expiresAt: 'expiresAt',
  });
  const batches = new StageTable(stack, 'batches', {
    hashKey: { name: 'fileId', type: 'S' },
    rangeKey: { name: 'part', type: 'S' },
    expiresAt: 'expiresAt',
  });
  const files = new InboundFiles(stack, 'inbound', {
    readerTimeoutSeconds: BATCH_TIMEOUT_SECONDS,
    retentionDays: FILE_RETENTION_DAYS,
    suffix: FILE_SUFFIX,
  });
  const environment = {
    API_REQUESTS_TABLE: requests.name,
    AUTHORIZATIONS_TABLE: authorizations.name,
    BATCHES_TABLE: batches.name,
    CARD_TOKENS_TABLE: cardTokens.name,
    INBOUND_KEY_ID: files.keyArn,
    INBOUND_QUEUE_URL: files.queueUrl,
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
  const api = new StageFunction(stack, 'api', {
    entry: 'api',
    timeoutSeconds: API_TIMEOUT_SECONDS,
    reservedConcurrency: API_CONCURRENCY,
    environment,
  });
  new SignedUrl(stack, 'api-url', api);
  requests.grant(api, 'GetItem', 'PutItem', 'UpdateItem');
  grantPutEvents(stack, api);
  const batch = new StageFunction(stack, 'batch', {
    entry: 'batch',
    timeoutSeconds: BATCH_TIMEOUT_SECONDS,
    environment,
  });
  files.feed(batch);
  batches.grant(batch, 'GetItem', 'PutItem', 'UpdateItem');
  new StageAlarm(stack, 'files-failed', {
    says: 'A file that was sent could not be read.',
    runbook: 'inbound-files',
    namespace: stack.platform.metricsNamespace,
    metric: 'FilesFailed',
    dimensions: { Stage: stage.name },
    statistic: 'Sum',
    above: 0,
  });
  for (const writer of [ingest, batch]) authorizations.grant(writer, 'BatchWriteItem');
  for (const writer of [ingest, tokenize, api, batch]) {
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
