import { type Compose, lambdaEntry, stageKit } from '@payments/stage-kit';
import { stage } from './stage.ts';
import { standardizeTransaction } from './standardize-transaction.ts';

/** The composition root: what AWS Lambda, the local cloud and tests run. */
export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  return {
    handler: kit.subscriber({
      eachRecord: ({ record }) => [
        { event: 'TransactionStandardized', record: standardizeTransaction(record) },
      ],
    }),
  };
};

export const handler = lambdaEntry(compose, 'handler');
