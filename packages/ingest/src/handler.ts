import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DomainError } from '@payments/domain';
import type { AuthorizationLoggedRecord } from '@payments/schemas';
import { type Compose, lambdaEntry, type StageKit, stageKit } from '@payments/stage-kit';
import { DynamoDbAuthorizationLog } from './adapters/dynamodb-authorization-log.ts';
import { DynamoDbBatchProgress } from './adapters/dynamodb-batch-progress.ts';
import { DynamoDbCardNumbers } from './adapters/dynamodb-card-numbers.ts';
import { DynamoDbPostedRequests } from './adapters/dynamodb-posted-requests.ts';
import { DynamoDbTokenVault } from './adapters/dynamodb-token-vault.ts';
import { Iso3166Countries } from './adapters/iso3166-countries.ts';
import { LoggedDetokenizationAudit } from './adapters/logged-detokenization-audit.ts';
import { S3InboundFiles } from './adapters/s3-inbound-files.ts';
import { Sha256ContentHash } from './adapters/sha256-content-hash.ts';
import { SqsFileQueue } from './adapters/sqs-file-queue.ts';
import { VaultKeys } from './adapters/vault-keys.ts';
import { type ApiObserver, serveApi } from './api/serve-api.ts';
import type { ChunkReport } from './batch/ports.ts';
import { type BatchObserver, serveBatch } from './batch/serve-batch.ts';
import { detokenizeTokens } from './detokenize-tokens.ts';
import { ingestLines } from './ingest-lines.ts';
import { stage } from './stage.ts';
import { tokenizeCards } from './tokenize-cards.ts';

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { AUTHORIZATIONS_TABLE, CARD_TOKENS_TABLE, VAULT_KEY_ID } = kit.environment;
  const sleep = (milliseconds: number) => aws.clock.sleep(milliseconds);
  const keys = new VaultKeys(kit.documents, kit.client(KMSClient), CARD_TOKENS_TABLE, VAULT_KEY_ID);
  const vault = new DynamoDbTokenVault(kit.documents, CARD_TOKENS_TABLE, keys, {
    randomBytes: (length) => aws.random.bytes(length),
    sleep,
  });
  const ports = {
    vault,
    contentHash: new Sha256ContentHash(),
    countries: new Iso3166Countries(),
    log: new DynamoDbAuthorizationLog(kit.documents, AUTHORIZATIONS_TABLE, sleep),
  };
  return {
    handler: async (event) => {
      const report = await ingestLines(event, ports);
      const { read, approved, declined, unreadable } = report;
      kit.metrics({
        AuthorizationsRead: read,
        AuthorizationsApproved: approved,
        AuthorizationsDeclined: declined,
        LinesUnreadable: unreadable.length,
      });
      return report;
    },
    api: (event) => {
      const { API_REQUESTS_TABLE } = kit.environment;
      const requests = new DynamoDbPostedRequests(kit.documents, API_REQUESTS_TABLE, aws.clock.now);
      const events = {
        publish: (record: AuthorizationLoggedRecord) =>
          kit.publish([{ event: 'AuthorizationLogged', record }]),
      };
      return serveApi(event, { ...ports, requests, events }, apiObserver(kit));
    },
    batch: (event, context) => {
      const { BATCHES_TABLE, INBOUND_KEY_ID, INBOUND_QUEUE_URL } = kit.environment;
      const filePorts = {
        ...ports,
        files: new S3InboundFiles(kit.client(S3Client), kit.client(KMSClient), INBOUND_KEY_ID),
        progress: new DynamoDbBatchProgress(kit.documents, BATCHES_TABLE, aws.clock.now, sleep),
        queue: new SqsFileQueue(kit.client(SQSClient), INBOUND_QUEUE_URL),
      };
      return serveBatch(event, filePorts, () => context.getRemainingTimeInMillis(), batchObserver(kit));
    },
    tokenize: (event) => tokenizeCards(event, vault),
    detokenize: async (event) => {
      const answer = await detokenizeTokens(event, {
        cardNumbers: new DynamoDbCardNumbers(kit.documents, CARD_TOKENS_TABLE, keys, sleep),
        audit: new LoggedDetokenizationAudit(kit.log),
      });
      kit.metrics({ CardNumbersGiven: answer.cardNumbers.filter((number) => number !== null).length });
      return answer;
    },
  };
};

/** Counts and logs what callers of the API were answered. */
function apiObserver(kit: StageKit<typeof stage>): ApiObserver {
  return {
    answered: (statusCode) =>
      kit.metrics({
        AuthorizationsPosted: statusCode === 202 ? 1 : 0,
        RequestsRefused: statusCode >= 400 && statusCode < 500 ? 1 : 0,
      }),
    failed: (error) => kit.log.warn(errorFields(error), 'an authorization could not be taken now'),
  };
}

/** Counts and logs what became of files. */
function batchObserver(kit: StageKit<typeof stage>): BatchObserver {
  return {
    ended: (_file, outcome) => {
      const chunks = outcome.kind === 'done' || outcome.kind === 'paused' ? outcome.chunks : [];
      const sum = (of: (chunk: ChunkReport) => number) =>
        chunks.reduce((total, chunk) => total + of(chunk), 0);
      kit.metrics({
        FilesDone: outcome.kind === 'done' ? 1 : 0,
        FilesFailed: outcome.kind === 'failed' ? 1 : 0,
        AuthorizationsRead: sum(({ read }) => read),
        AuthorizationsApproved: sum(({ approved }) => approved),
        AuthorizationsDeclined: sum(({ declined }) => declined),
        LinesUnreadable: sum(({ unreadable }) => unreadable.length),
      });
      if (outcome.kind !== 'failed') return;
      const { reason, explanation } = outcome;
      kit.log.error({ reason, explanation }, 'a file cannot be read');
    },
    failed: (error) => kit.log.warn(errorFields(error), 'a file could not be read now'),
  };
}

function errorFields(error: unknown): { errorCode: string; errorMessage: string } {
  const errorMessage = error instanceof Error ? error.message : String(error);
  const errorCode =
    error instanceof DomainError ? error.code : error instanceof Error ? error.name : 'UNKNOWN';
  return { errorCode, errorMessage };
}

export const handler = lambdaEntry(compose, 'handler');
export const api = lambdaEntry(compose, 'api');
export const batch = lambdaEntry(compose, 'batch');
export const tokenize = lambdaEntry(compose, 'tokenize');
export const detokenize = lambdaEntry(compose, 'detokenize');
