import { type Compose, done, failed, lambdaEntry, stageKit } from '@payments/stage-kit';
import { DynamoDBReferenceData } from './adapters/dynamodb-reference-data.ts';
import { enrichTransaction } from './enrich-transaction.ts';
import { gatherReferences } from './gather-references.ts';
import { stage } from './stage.ts';

/** The composition root: what AWS Lambda, the local cloud and tests run. */
export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const referenceData = new DynamoDBReferenceData(kit.documents, {
    table: kit.environment.REFERENCE_TABLE,
    cacheSeconds: Number(kit.environment.REFERENCE_CACHE_SECONDS),
    version: kit.environment.REFERENCE_VERSION,
    clock: aws.clock,
  });
  return {
    handler: kit.subscriber({
      allRecords: async (incoming) => {
        const rows = await gatherReferences(
          incoming.map(({ record }) => record),
          await referenceData.version(),
        );
        return incoming.map(({ record }) => {
          try {
            return done({ event: 'TransactionEnriched', record: enrichTransaction(record, rows) });
          } catch (cause) {
            return failed(cause);
          }
        });
      },
    }),
  };
};

export const handler = lambdaEntry(compose, 'handler');
