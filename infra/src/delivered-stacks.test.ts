import { describe, expect, it } from '@jest/globals';
import type { StageName } from '@payments/schemas';
import { type Feed, feedOf } from './feed.fixture.ts';
import { synthesizeEveryStack } from './testing/synthesize-stacks.ts';

const stacks = synthesizeEveryStack();

const REAL_TIME: Feed = { batchSize: 10, windowSeconds: 0, concurrency: 10 };
const NEAR_REAL_TIME: Feed = { batchSize: 100, windowSeconds: 1, concurrency: 10 };
const BATCH: Feed = { batchSize: 100, windowSeconds: 2, concurrency: 10 };

/** The subscribers behind queues, and how each is fed in `localmixed`, where all differ. */
const MIXED: readonly (readonly [StageName, Feed])[] = [
  ['dedup', REAL_TIME],
  ['standardize', NEAR_REAL_TIME],
  ['enrich', { batchSize: 200, windowSeconds: 2, concurrency: 10 }],
  ['account-interface', { batchSize: 10, windowSeconds: 0, concurrency: 5 }],
  ['posting', { batchSize: 100, windowSeconds: 1, concurrency: 4 }],
  ['reconcile', { schedule: 'rate(1 minute)', input: { drain: { largestBatch: 5000 } } }],
];

describe.each(MIXED)('%s', (stage, mixed) => {
  it.each([
    ['local', REAL_TIME],
    ['localnrt', NEAR_REAL_TIME],
    ['localbatch', BATCH],
    ['localmixed', mixed],
  ])('takes its events as %s says', (environment, feed) => {
    expect(feedOf(stackOf(stage, environment))).toEqual(feed);
  });
});

function stackOf(stage: StageName, environment: string) {
  const found = stacks.get(stage);
  if (found === undefined) throw new Error(`${stage} was not synthesized`);
  return found.in(environment);
}
