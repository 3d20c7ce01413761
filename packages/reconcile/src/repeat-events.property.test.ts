import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import fc from 'fast-check';
import type { Repetition } from './ports.ts';
import { type IncomingRecord as Event, repeatEvents } from './repeat-events.ts';

const NAMES = ['TransactionAuthorized', 'TransactionPostingApproved', 'TransactionPosted'] as const;
const WINDOW = { from: 1, to: 2 };
/** What each replay is for; the last one was started by somebody else. */
const REPETITIONS: readonly Repetition[] = [
  { name: 'reconcile-a', window: { stage: 'standardize', ...WINDOW }, transactionIds: ids(0, 1) },
  { name: 'reconcile-b', window: { stage: 'account-interface', ...WINDOW }, transactionIds: ids(1, 2) },
  { name: 'reconcile-c', window: { stage: 'reconcile', ...WINDOW }, transactionIds: ids(2, 3) },
];
const REPLAYS = [...REPETITIONS.map(({ name }) => name), 'reconcile-by-jane', 'a-night', undefined];

function ids(...numbers: readonly number[]): string[] {
  return numbers.map((number) => identifierOf('repeated', String(number)));
}

/** Events of the bus, each of some transactions, in one replay or in none. */
const events = fc.array(
  fc.record({
    event: fc.constantFrom(...NAMES),
    replay: fc.constantFrom(...REPLAYS),
    transactions: fc.uniqueArray(fc.nat(4), { minLength: 1 }),
  }),
  { maxLength: 12 },
);

function incomingOf(each: { event: string; replay: string | undefined; transactions: number[] }): Event[] {
  const metadata = { eventId: identifierOf(JSON.stringify(each)), replay: each.replay };
  return ids(...each.transactions).map(
    (transactionId) =>
      ({
        event: each.event,
        record: { transactionId },
        metadata,
        replayedBy: each.replay,
      }) as unknown as Event,
  );
}

async function repeated(incoming: readonly Event[]) {
  const sent: { stage: string; event: string; replay: string; transactionId: string }[] = [];
  const heard = await repeatEvents(incoming, {
    repetitions: {
      keep: async () => undefined,
      find: async (name) => REPETITIONS.find((each) => each.name === name),
    },
    queues: {
      send: async (stage, { event, metadata, records }) => {
        for (const { transactionId } of records as { transactionId: string }[])
          sent.push({ stage, event, replay: metadata.replay ?? '', transactionId });
      },
    },
  });
  return { heard, sent };
}

describe('a replay that reconciliation started', () => {
  it('gives a stage the events that it is for, and no neighbour of them', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (drawn) => {
        const incoming = drawn.flatMap(incomingOf);
        const { sent } = await repeated(incoming);
        const [authorized, approved] = NAMES;
        const [first, second] = REPETITIONS;
        const isFor = (repetition: Repetition | undefined, { record, replayedBy }: Event): boolean =>
          repetition?.name === replayedBy &&
          repetition?.transactionIds.includes(record.transactionId) === true;
        const expected = incoming.flatMap((one) => {
          const stages = [
            ...(one.event === authorized && isFor(first, one) ? ['standardize'] : []),
            ...(one.event === approved && isFor(second, one) ? ['account-interface'] : []),
          ];
          const { event, record, metadata } = one;
          return stages.map((stage) => ({
            stage,
            event,
            replay: metadata.replay,
            transactionId: record.transactionId,
          }));
        });
        const sorted = (list: readonly object[]): string[] => list.map((each) => JSON.stringify(each)).sort();
        expect(sorted(sent)).toEqual(sorted(expected));
      }),
    );
  });

  it('is heard by reconciliation where it missed something, and everything else is heard as it comes', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (drawn) => {
        const incoming = drawn.flatMap(incomingOf);
        const { heard } = await repeated(incoming);
        for (const one of incoming) {
          const repetition = REPETITIONS.find(({ name }) => name === one.replayedBy);
          const isMissed =
            repetition?.window.stage === 'reconcile' &&
            repetition.transactionIds.includes(one.record.transactionId);
          expect(heard.has(one)).toBe(repetition === undefined || isMissed);
        }
      }),
    );
  });

  it('comes again where a queue does not take what is repeated', async () => {
    const incoming = incomingOf({ event: NAMES[0], replay: 'reconcile-a', transactions: [0] });
    const refused = repeatEvents(incoming, {
      repetitions: { keep: async () => undefined, find: async () => REPETITIONS[0] },
      queues: { send: () => Promise.reject(new Error('throttled')) },
    });
    await expect(refused).rejects.toThrow('throttled');
  });
});
