import { type Compose, lambdaEntry, stageKit } from '@payments/stage-kit';
import { ConfiguredPostingAccounts } from './adapters/configured-posting-accounts.ts';
import { createPostingEntries } from './create-posting-entries.ts';
import { stage } from './stage.ts';

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const accounts = new ConfiguredPostingAccounts(kit.environment.POSTING_ACCOUNTS);
  return {
    handler: kit.subscriber({
      eachRecord: ({ record }) =>
        createPostingEntries(record, accounts).map(
          (entry) => ({ event: 'PostingEntryCreated', record: entry }) as const,
        ),
    }),
  };
};

export const handler = lambdaEntry(compose, 'handler');
