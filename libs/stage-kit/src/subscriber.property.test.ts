import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@payments/domain';
import type { EventName, TransactionReconciledRecord } from '@payments/schemas';
import fc from 'fast-check';
import type { AwsContext } from './aws-context.ts';
import type { OutgoingEvent } from './envelope.ts';
import { PublishError } from './kit-error.ts';
import { makeLog } from './log.ts';
import type { Quarantined } from './quarantine.ts';
import { done, failed, type Incoming } from './record-outcome.ts';
import { sampleEvent, sampleRecord } from './sample-event.ts';
import { handleMessages, subscriberFunction } from './subscriber.ts';

const stage = { name: 'reconcile', consumes: ['TransactionReconciled'], emits: [], environment: {} } as const;

/** What a generated record is to come to. */
type Fate = 'posts' | 'breaks its contract' | 'can never be done' | 'fails now' | 'is refused by the bus';
const fate = fc.constantFrom<Fate>(
  'posts',
  'posts',
  'posts',
  'breaks its contract',
  'can never be done',
  'fails now',
  'is refused by the bus',
);

function harness(fates: ReadonlyMap<string, Fate>, mode: 'real-time' | 'batch') {
  const lines: string[] = [];
  const quarantined: Quarantined[] = [];
  const published: string[] = [];
  const aws: AwsContext = {
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: { uuid: () => '', bytes: (length) => new Uint8Array(length) },
    client: {},
    output: (line) => lines.push(line),
  };
  const dependencies = {
    stage,
    aws,
    log: makeLog('reconcile', 'info', aws),
    metrics: () => undefined,
    deliveryMode: mode,
    quarantine: { put: async (each: Quarantined) => void quarantined.push(each) },
    publisher: {
      publish: async (events: readonly OutgoingEvent[]) => {
        const refused = new Map<OutgoingEvent, PublishError>();
        for (const event of events) {
          const bad = event.records.some(
            ({ transactionId }) => fates.get(transactionId) === 'is refused by the bus',
          );
          if (bad) refused.set(event, new PublishError(event.event, 'InternalFailure', ''));
          else published.push(...event.records.map(({ transactionId }) => transactionId));
        }
        return refused;
      },
    },
    consumes: ['TransactionReconciled'] as const satisfies readonly EventName[],
    queueUrl: () => 'unused',
  };
  const handle = handleMessages(dependencies, {
    allRecords: (incoming: readonly Incoming<'TransactionReconciled'>[]) =>
      incoming.map(({ event, record }) => {
        const what = fates.get(record.transactionId);
        if (what === 'can never be done')
          return failed(new DomainError('NEVER', 'never', { retryable: false }));
        if (what === 'fails now') return failed(new Error('throttled'));
        return done({ event, record });
      }),
  });
  return { invoke: subscriberFunction(dependencies, handle), quarantined, published, lines };
}

const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };

describe('a subscriber', () => {
  it.each(['real-time', 'batch'] as const)(
    'loses no record and fails only the messages that hold a failed one (%s)',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fate, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
          async (messages) => {
            let number = 0;
            const fates = new Map<string, Fate>();
            const records = messages.map((each) =>
              each.map((what) => {
                number += 1;
                const record = sampleRecord(number);
                fates.set(record.transactionId, what);
                return what === 'breaks its contract' ? { ...record, amount: 25.99 } : record;
              }),
            );
            const { invoke, quarantined, published } = harness(fates, mode);
            const Records = records.map((each, index) => ({
              messageId: `message-${index}`,
              body: sampleEvent(each),
            }));
            const { batchItemFailures } = (await invoke({ Records }, context)) as {
              batchItemFailures: { itemIdentifier: string }[];
            };
            const failedMessages = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));

            const aside = new Set(
              quarantined.map(({ content }) => (content as TransactionReconciledRecord).transactionId),
            );
            records.forEach((each, index) => {
              const wasFailed = failedMessages.has(`message-${index}`);
              for (const { transactionId } of each) {
                const what = fates.get(transactionId);
                expect(aside.has(transactionId)).toBe(
                  what === 'breaks its contract' || what === 'can never be done',
                );
                if (what === 'fails now' || what === 'is refused by the bus') expect(wasFailed).toBe(true);
                // A good record is out, or its message comes again: it shared an event with one that the bus refused.
                if (what === 'posts') expect(published.includes(transactionId) || wasFailed).toBe(true);
              }
              // In real time nothing shares an event, so a message fails only for a record of its own.
              const own = each.some(({ transactionId }) =>
                ['fails now', 'is refused by the bus'].includes(fates.get(transactionId) ?? ''),
              );
              if (mode === 'real-time') expect(wasFailed).toBe(own);
            });
            expect(published).toHaveLength(new Set(published).size);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('sets a message aside that is no event, with its reason, and goes on', async () => {
    const { invoke, quarantined, published } = harness(new Map(), 'batch');
    const good = sampleRecord(1);
    const answer = await invoke(
      {
        Records: [
          { messageId: 'a', body: 'not json' },
          { messageId: 'b', body: sampleEvent([good]) },
          { messageId: 'c', body: sampleEvent([]) },
          { messageId: 'd', body: JSON.stringify({ 'detail-type': 'SomethingElse', detail: {} }) },
        ],
      },
      context,
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(published).toEqual([good.transactionId]);
    expect(quarantined.map(({ reason }) => reason)).toEqual([
      'EVENT_NOT_JSON',
      'RECORDS_MISSING',
      'EVENT_NOT_CONSUMED',
    ]);
  });

  it('names the record and the member that breaks the contract', async () => {
    const { invoke, quarantined } = harness(new Map(), 'batch');
    const body = sampleEvent([
      sampleRecord(1),
      { ...sampleRecord(2), amount: { minorUnits: '1.5', currency: 'GBP' } },
    ]);
    await invoke({ Records: [{ messageId: 'a', body }] }, context);
    expect(quarantined[0]?.explanation).toMatch(/^record 2 of 2: amount\.minorUnits must match pattern/);
  });

  it('accepts what a newer producer adds', async () => {
    const { invoke, quarantined, published } = harness(new Map(), 'batch');
    // The record is emitted as it came, so the closed contract of the producer is what refuses it.
    await invoke(
      { Records: [{ messageId: 'a', body: sampleEvent([{ ...sampleRecord(1), added: true }]) }] },
      context,
    );
    expect(published).toEqual([]);
    expect(quarantined[0]?.reason).toBe('OUTPUT_INVALID');
  });

  it('logs allowed fields only', async () => {
    const { invoke, lines } = harness(new Map(), 'batch');
    await invoke({ Records: [{ messageId: 'a', body: sampleEvent([sampleRecord(1)]) }] }, context);
    const [log] = lines.map((line) => JSON.parse(line));
    expect(Object.keys(log).sort()).toEqual(
      [
        'durationMs',
        'emitted',
        'level',
        'messages',
        'msg',
        'quarantined',
        'records',
        'retried',
        'stage',
        'time',
      ].sort(),
    );
  });
});
