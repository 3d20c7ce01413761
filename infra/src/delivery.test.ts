import { describe, expect, it } from '@jest/globals';
import { deliveryProblems, packingOf, pipeDelivery, queueDelivery } from './delivery.ts';
import { type Environment, environmentNames, loadEnvironment } from './environment.ts';

type Subscriber = Environment['subscribers'][string];
type Source = Environment['sources'][string];

const local = loadEnvironment('local');

function withSubscriber(stage: string, subscriber: Subscriber): Environment {
  return { ...local, subscribers: { ...local.subscribers, [stage]: subscriber } };
}

function withSources(sources: Readonly<Record<string, Source>>): Environment {
  return { ...local, sources: { ...local.sources, ...sources } };
}

describe('the delivery of the environments that have a file', () => {
  it.each(environmentNames())('can be had in %s', (name) => {
    expect(deliveryProblems(loadEnvironment(name))).toEqual([]);
  });
});

describe('a subscriber is refused, with the reason,', () => {
  const refusals: readonly (readonly [string, Subscriber, RegExp])[] = [
    ['real-time with a window', { mode: 'real-time', windowSeconds: 1 }, /a window makes it near-real-time/],
    [
      'real-time on a schedule',
      { mode: 'real-time', schedule: 'rate(1 minute)', largestBatch: 10 },
      /does not wait for a schedule/,
    ],
    ['near-real-time without a window', { mode: 'near-real-time' }, /needs a window of 1 to 60 seconds/],
    [
      'near-real-time with a window of zero',
      { mode: 'near-real-time', windowSeconds: 0 },
      /needs a window of 1 to 60 seconds/,
    ],
    [
      'near-real-time with a long window',
      { mode: 'near-real-time', windowSeconds: 61 },
      /needs a window of 1 to 60 seconds/,
    ],
    [
      'near-real-time on a schedule',
      { mode: 'near-real-time', windowSeconds: 5, schedule: 'rate(1 minute)', largestBatch: 10 },
      /does not wait for a schedule/,
    ],
    [
      'batch with neither window nor schedule',
      { mode: 'batch' },
      /needs a window \(windowSeconds\) or a schedule/,
    ],
    [
      'batch with both',
      { mode: 'batch', windowSeconds: 5, schedule: 'rate(1 minute)', largestBatch: 10 },
      /not for both/,
    ],
    ['a large batch without a window', { mode: 'real-time', batchSize: 11 }, /over 10 needs a window/],
    [
      'a largest batch without a schedule',
      { mode: 'batch', windowSeconds: 5, largestBatch: 10 },
      /there is no schedule to drain at/,
    ],
    [
      'a schedule without a largest batch',
      { mode: 'batch', schedule: 'rate(1 minute)' },
      /needs a largestBatch/,
    ],
    [
      'a drain that cannot end in time',
      { mode: 'batch', schedule: 'rate(1 minute)', largestBatch: 18_001 },
      /must finish within 900 s/,
    ],
    [
      'a batch that cannot end in time',
      { mode: 'near-real-time', windowSeconds: 5, batchSize: 1_201 },
      /takes 60.05 s, but an invocation in this mode has 60 s/,
    ],
    [
      'a batch size with a schedule',
      { mode: 'batch', schedule: 'rate(1 minute)', largestBatch: 10, batchSize: 10 },
      /a drain has its largestBatch/,
    ],
    [
      'concurrency with a schedule',
      { mode: 'batch', schedule: 'rate(1 minute)', largestBatch: 10, concurrency: 2 },
      /a drain is one invocation/,
    ],
    [
      'a rate that is none',
      { mode: 'batch', schedule: 'rate(0 minutes)', largestBatch: 10 },
      /neither a rate/,
    ],
    [
      'a cron of five fields',
      { mode: 'batch', schedule: 'cron(0 2 * * *)', largestBatch: 10 },
      /nor a cron of six fields/,
    ],
  ];

  it.each(refusals)('%s', (_case, subscriber, reason) => {
    const problems = deliveryProblems(withSubscriber('enrich', subscriber));
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems[0]).toMatch(/^subscribers\.enrich: /);
  });

  it.each([
    ['largest', 18_000],
    ['smallest', 1],
  ])('but not a drain of the %s batch that ends in time', (_size, largestBatch) => {
    const subscriber: Subscriber = { mode: 'batch', schedule: 'cron(0 2 * * ? *)', largestBatch };
    expect(deliveryProblems(withSubscriber('enrich', subscriber))).toEqual([]);
  });

  it.each([
    ['batchSize', { batchSize: 5 }],
    ['windowSeconds', { windowSeconds: 0 }],
    ['schedule', { schedule: 'rate(1 minute)' }],
    ['largestBatch', { largestBatch: 5 }],
    ['concurrency', { concurrency: 5 }],
  ])('rules with %s, because it has no queue', (setting, settings) => {
    const problems = deliveryProblems(withSubscriber('rules', { mode: 'real-time', ...settings }));
    expect(problems).toEqual([`subscribers.rules: ${setting} is a queue's, and it has no queue`]);
  });

  it('rules in batch, because it starts a workflow for each event', () => {
    expect(deliveryProblems(withSubscriber('rules', { mode: 'batch' }))).toEqual([
      expect.stringMatching(/starts a workflow for each event, so that it cannot be batch/),
    ]);
  });

  it('one that is missing', () => {
    const { posting: _posting, ...subscribers } = local.subscribers;
    expect(deliveryProblems({ ...local, subscribers })).toEqual([
      expect.stringMatching(/^subscribers\.posting: is missing/),
    ]);
  });
});

describe('a source is refused, with the reason,', () => {
  const refusals: readonly (readonly [string, Readonly<Record<string, Source>>, RegExp])[] = [
    [
      'a real-time log with a window',
      { ingest: { mode: 'real-time', windowSeconds: 1 } },
      /^sources\.ingest: .*near-real-time/,
    ],
    [
      'a real-time log of more rows than the bus takes events',
      { ingest: { mode: 'real-time', batchSize: 11 } },
      /^sources\.ingest: .*at most 10 rows/,
    ],
    [
      'a near-real-time log without a window',
      { ingest: { mode: 'near-real-time', batchSize: 10 } },
      /^sources\.ingest: .*1 to 60 seconds/,
    ],
    [
      'a batch log without a window',
      { ingest: { mode: 'batch' }, dedup: { mode: 'batch' } },
      /^sources\.ingest: batch needs a window/,
    ],
    [
      'a log of more rows than fit',
      { ingest: { mode: 'batch', windowSeconds: 5, batchSize: 401 }, dedup: { mode: 'batch' } },
      /^sources\.ingest: more than 400 rows/,
    ],
    [
      'real-time packing behind a pipe that takes many rows',
      { ingest: { mode: 'near-real-time', windowSeconds: 1 } },
      /^sources\.dedup: .*takes 100 rows at a time/,
    ],
    [
      'a window of a stage that publishes',
      { enrich: { mode: 'batch', windowSeconds: 5 } },
      /^sources\.enrich: windowSeconds is the log pipe's/,
    ],
    [
      'a batch size of a stage that publishes',
      { enrich: { mode: 'batch', batchSize: 5 } },
      /^sources\.enrich: batchSize is the log pipe's/,
    ],
  ];

  it.each(refusals)('%s', (_case, sources, reason) => {
    expect(deliveryProblems(withSources(sources))).toEqual([expect.stringMatching(reason)]);
  });

  it('one that is missing', () => {
    const { ingest: _ingest, ...sources } = local.sources;
    expect(deliveryProblems({ ...local, sources })).toEqual([
      expect.stringMatching(/^sources\.ingest: is missing/),
    ]);
  });

  it('but not real-time packing behind a pipe that takes few rows', () => {
    const sources: Readonly<Record<string, Source>> = {
      ingest: { mode: 'near-real-time', windowSeconds: 1, batchSize: 10 },
    };
    expect(deliveryProblems(withSources(sources))).toEqual([]);
  });
});

describe('delivery settings', () => {
  it('of a queue follow the mode where the environment says no more', () => {
    expect(queueDelivery(local, 'enrich')).toEqual({
      kind: 'continuous',
      mode: 'real-time',
      batchSize: 10,
      windowSeconds: 0,
      concurrency: 10,
      functionTimeoutSeconds: 30,
    });
    expect(queueDelivery(loadEnvironment('localbatch'), 'enrich')).toMatchObject({
      mode: 'batch',
      batchSize: 100,
      windowSeconds: 2,
      functionTimeoutSeconds: 300,
    });
  });

  it('of a queue are a drain where there is a schedule', () => {
    expect(queueDelivery(loadEnvironment('localmixed'), 'reconcile')).toEqual({
      kind: 'scheduled',
      mode: 'batch',
      schedule: 'rate(1 minute)',
      largestBatch: 5000,
      functionTimeoutSeconds: 900,
    });
  });

  it('of the pipe follow ingest', () => {
    expect(pipeDelivery(local)).toEqual({ batchSize: 10, windowSeconds: 0 });
    expect(pipeDelivery(loadEnvironment('localnrt'))).toEqual({ batchSize: 100, windowSeconds: 1 });
    expect(pipeDelivery(loadEnvironment('localbatch'))).toEqual({ batchSize: 400, windowSeconds: 2 });
    expect(pipeDelivery(loadEnvironment('localmixed'))).toEqual({ batchSize: 50, windowSeconds: 1 });
  });

  it('of packing are those of the stage that publishes', () => {
    expect(packingOf(loadEnvironment('localmixed'), 'enrich')).toBe('batch');
    expect(packingOf(loadEnvironment('localmixed'), 'standardize')).toBe('real-time');
  });
});
