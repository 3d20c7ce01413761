import type { PostingAccountSets } from '@payments/schemas';
import { type Compose, done, failed, lambdaEntry, stageKit } from '@payments/stage-kit';
import { DynamoDbLifecycles } from './adapters/dynamodb-lifecycles.ts';
import { planBookingWith } from './booking-plan.ts';
import { createPostingEntries } from './create-posting-entries.ts';
import postingAccounts from './posting-accounts.json' with { type: 'json' };
import { stage } from './stage.ts';
import { sweepLifecycles } from './sweep-lifecycles.ts';

const MINUTE_MS = 60_000;
/** How many due holds and states one sweep looks at; the next one goes on. */
const SWEEP_MAX = 2_000;

export const compose: Compose = (environment, aws) => {
  const kit = stageKit(stage, environment, aws);
  const { LIFECYCLES_TABLE, LIFECYCLE_RETENTION_DAYS, REVERSAL_WINDOW_MINUTES } = kit.environment;
  const windowMs = Number(REVERSAL_WINDOW_MINUTES) * MINUTE_MS;
  const ports = {
    planBooking: planBookingWith(postingAccounts as PostingAccountSets),
    clock: aws.clock,
    lifecycles: new DynamoDbLifecycles(kit.documents, {
      name: LIFECYCLES_TABLE,
      retentionDays: Number(LIFECYCLE_RETENTION_DAYS),
      windowMs,
      clock: aws.clock,
    }),
  };
  return {
    handler: kit.subscriber({
      allRecords: async (incoming) => {
        const outcomes = await createPostingEntries(
          incoming.map(({ record }) => record),
          ports,
        );
        return outcomes.map((outcome) =>
          outcome.kind === 'said' ? done(...outcome.sayings) : failed(outcome.cause),
        );
      },
    }),
    sweep: async () => {
      const swept = await sweepLifecycles(ports, { windowMs, max: SWEEP_MAX }, kit.publish);
      kit.metrics({ DueLifecycles: swept.lifecycles, ReversalsWithoutOriginal: swept.withoutOriginal });
      return swept;
    },
  };
};

export const handler = lambdaEntry(compose, 'handler');
export const sweep = lambdaEntry(compose, 'sweep');
