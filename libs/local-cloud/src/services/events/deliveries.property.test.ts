import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../core/aws-error.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { DLQ, entry, LATER, put, QUEUE, setup, withRule } from './events-fixture.ts';
import { STARTED_AT } from './fake-neighbours.ts';

const numberOf = (body: string): number => (JSON.parse(body) as { detail: { n: number } }).detail.n;

describe('delivery', () => {
  it('brings every event to its queue or its dead-letter queue, whatever fails and whenever it restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(60_000),
        async (seed, count, crashAfterMs) => {
          const chance = new SimulatedRuntime(seed, 0);
          const faults = {
            deliveries: () => (chance.random() < 0.3 ? 2 : 1),
            delayMs: () => (chance.random() < 0.3 ? Math.floor(chance.random() * 10_000) : 0),
          };
          const first = withRule({ RetryPolicy: { MaximumRetryAttempts: 3 } }, { seed, faults });
          const failures = Array.from({ length: 40 }, () => new AwsError('ThrottlingException', 'slow down'));
          const send = first.queues.send.bind(first.queues);
          first.queues.send = (queueArn, body, attributes) => {
            const failure = queueArn === QUEUE && chance.random() < 0.5 ? failures.pop() : undefined;
            if (failure !== undefined) throw failure;
            send(queueArn, body, attributes);
          };
          put(first.events, ...Array.from({ length: count }, (_, n) => entry(n)));
          await first.runtime.run({ until: STARTED_AT + crashAfterMs });
          const { store } = first.context;
          const second = setup({
            seed: seed + 1,
            store,
            queues: first.queues,
            startsAt: first.runtime.now(),
          });
          await second.runtime.run({ until: LATER });
          const arrived = [...first.queues.bodies(QUEUE), ...first.queues.bodies(DLQ)].map(numberOf);
          expect([...new Set(arrived)].sort((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, n) => n),
          );
          expect(second.events.outstanding()).toBe(0);
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
