import { describe, expect, it } from '@jest/globals';
import type { AuthorizationLoggedRecord } from '@payments/schemas';
import fc from 'fast-check';
import { lineWith, readingPorts } from '../reading.fixture.ts';
import type { HttpRequest } from './http.ts';
import { postAuthorization } from './post-authorization.ts';
import { HashingVault, RequestsInMemory } from './posted-requests.fixture.ts';

const BODIES = ['2026-11-15T10:15:01Z', '2026-11-15T10:15:02Z'].map((loggedAt) =>
  lineWith({ line: { loggedAt } }),
);

/** Where a call is cut off: never, or before or after one of its effects. */
type Cut =
  | 'none'
  | 'before-claim'
  | 'after-claim'
  | 'before-event'
  | 'after-event'
  | 'before-answer'
  | 'after-answer';
const CUTS: readonly Cut[] = [
  'none',
  'before-claim',
  'after-claim',
  'before-event',
  'after-event',
  'before-answer',
  'after-answer',
];

class Crash extends Error {}

describe('posting the same request again and again', () => {
  it('puts one event on the bus, whatever is cut off and however calls overlap', async () => {
    const call = fc.record({ key: fc.nat(1), body: fc.nat(1), cut: fc.constantFrom(...CUTS) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 8 }),
        fc.scheduler(),
        async (calls, scheduler) => {
          const requests = new RequestsInMemory();
          const published: AuthorizationLoggedRecord[] = [];
          const answers = new Map<number, Set<string>>();
          const post = async ({ key, body, cut }: (typeof calls)[number]): Promise<void> => {
            const step = async <T>(name: string, effect: () => Promise<T>): Promise<T> => {
              await scheduler.schedule(Promise.resolve(), name);
              if (cut === `before-${name}`) throw new Crash();
              const result = await effect();
              if (cut === `after-${name}`) throw new Crash();
              return result;
            };
            const request: HttpRequest = {
              method: 'POST',
              path: '/authorizations',
              headers: { 'content-type': 'application/json', 'idempotency-key': `key-${key}` },
              body: Buffer.from(BODIES[body] ?? ''),
              caller: 'till',
            };
            const response = await postAuthorization(request, {
              ...readingPorts(new HashingVault()),
              requests: {
                claim: (posted) => step('claim', () => requests.claim(posted)),
                keepAnswer: (posted, given) => step('answer', () => requests.keepAnswer(posted, given)),
              },
              events: { publish: (record) => step('event', async () => void published.push(record)) },
            }).catch((error: unknown) => {
              if (error instanceof Crash) return undefined;
              throw error;
            });
            if (response !== undefined && response.statusCode !== 409)
              answers.set(key, (answers.get(key) ?? new Set()).add(response.body));
          };
          await scheduler.waitFor(Promise.all(calls.map(post)));
          // Whoever got no answer asks again.
          for (const { key, body } of calls) await scheduler.waitFor(post({ key, body, cut: 'none' }));

          const keys = new Set(calls.map(({ key }) => key));
          // One answer a key: that of the content which came first.
          for (const key of keys) expect(answers.get(key)?.size).toBe(1);
          const answered = [...answers.values()].flatMap((bodies) =>
            [...bodies].map((text) => JSON.parse(text).transactionId),
          );
          // What was answered is on the bus, nothing else is, and what is there twice is the same event.
          expect(new Set(published.map(({ transactionId }) => transactionId))).toEqual(new Set(answered));
          expect(new Set(published.map((record) => JSON.stringify(record))).size).toBe(
            new Set(answered).size,
          );
        },
      ),
    );
  });
});
