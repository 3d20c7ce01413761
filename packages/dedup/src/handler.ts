import { S3Client } from '@aws-sdk/client-s3';
import {
  type Compose,
  done,
  type Incoming,
  lambdaEntry,
  type RecordOutcome,
  stageKit,
} from '@payments/stage-kit';
import { DynamoDbSeenTransactions } from './adapters/dynamodb-seen-transactions.ts';
import { S3ParkedTransactions } from './adapters/s3-parked-transactions.ts';
import { type DuplicateSearchResult, searchDuplicates } from './search-duplicates.ts';
import { stage } from './stage.ts';

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { SEEN_TRANSACTIONS_TABLE, DEDUP_WINDOW_DAYS, PARKED_BUCKET } = kit.environment;
  const ports = {
    seen: new DynamoDbSeenTransactions(
      kit.documents,
      SEEN_TRANSACTIONS_TABLE,
      Number(DEDUP_WINDOW_DAYS),
      aws.clock,
    ),
    parked: new S3ParkedTransactions(kit.client(S3Client), PARKED_BUCKET),
  };
  // One decision, whichever way an authorization comes: through the log's pipe or over the bus.
  const processing = {
    allRecords: async (incoming: readonly Incoming<'AuthorizationLogged'>[]) => {
      const results = await searchDuplicates(
        incoming.map(({ record }) => record),
        ports,
      );
      const parked = results.filter(({ kind }) => kind === 'parked').length;
      if (parked > 0) kit.metrics({ DuplicatesParked: parked });
      return results.map(outcomeOf);
    },
  };
  return {
    enrichment: kit.pipeEnrichment(
      { consumes: 'AuthorizationLogged', returns: 'TransactionAuthorized' },
      processing,
    ),
    handler: kit.subscriber(processing),
  };
};

function outcomeOf(result: DuplicateSearchResult): RecordOutcome {
  if (result.kind === 'unknown') return { kind: 'retry', cause: result.cause };
  if (result.kind === 'parked') return done({ event: 'DuplicateTransactionParked', record: result.parked });
  return done({ event: 'TransactionAuthorized', record: result.authorized });
}

export const enrichment = lambdaEntry(compose, 'enrichment');
export const handler = lambdaEntry(compose, 'handler');
