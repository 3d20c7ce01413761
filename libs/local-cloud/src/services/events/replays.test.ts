import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { DAY_MS, entry, LATER, put, QUEUE, RULE_ARN, type Setup, setup, withRule } from './events-fixture.ts';
import type { EventsService } from './events-service.ts';
import { type FakeQueues, STARTED_AT } from './fake-neighbours.ts';

describe('archive and replay', () => {
  const ARCHIVE = 'arn:aws:events:eu-west-1:111111111111:archive/all';
  const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/payments';
  const seconds = STARTED_AT / 1000;

  function archived(count: number, options: Parameters<typeof setup>[0] = {}): Setup {
    const made = withRule({}, options);
    made.events.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: BUS, RetentionDays: 2 });
    const pad = 'x'.repeat(5000);
    for (let n = 0; n < count; n += 1) {
      put(
        made.events,
        entry(n, { Time: seconds + n, Detail: JSON.stringify({ n, pad: n % 2 === 0 ? pad : '' }) }),
      );
    }
    made.queues.sent.set(QUEUE, []);
    return made;
  }

  const start = (events: EventsService, more: JsonObject = {}): JsonObject =>
    events.call('StartReplay', {
      ReplayName: 'again',
      EventSourceArn: ARCHIVE,
      EventStartTime: seconds,
      EventEndTime: seconds + 3600,
      Destination: { Arn: BUS },
      ...more,
    });

  const numbers = (queues: FakeQueues): number[] =>
    queues.bodies(QUEUE).map((body) => Number((JSON.parse(body) as { detail: { n: number } }).detail.n));

  it('gives all events again, minute by minute, named and with their own ids and times', async () => {
    const { events, queues, runtime, bills } = archived(450);
    const original = events.call('DescribeArchive', { ArchiveName: 'all' });
    expect(original).toMatchObject({ EventCount: 450, State: 'ENABLED' });
    expect(start(events)).toMatchObject({ State: 'STARTING' });
    expect(events.outstanding()).toBe(1);
    await runtime.run({ until: LATER });
    const got = numbers(queues);
    expect([...got].sort((a, b) => a - b)).toEqual(Array.from({ length: 450 }, (_, n) => n));
    expect(got.map((n) => Math.floor(n / 60))).toEqual(
      Array.from({ length: 450 }, (_, n) => Math.floor(n / 60)),
    );
    const keys = Object.keys(JSON.parse(queues.bodies(QUEUE)[0] ?? '') as object);
    expect(keys).toEqual([
      'version',
      'id',
      'detail-type',
      'source',
      'account',
      'time',
      'region',
      'replay-name',
      'resources',
      'detail',
    ]);
    expect(events.call('DescribeReplay', { ReplayName: 'again' })).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: seconds + 449,
    });
    expect(events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 450 });
    expect(bills.get('events:replayed-events')).toBe(450);
    expect(events.outstanding()).toBe(0);
  });

  it('goes on after a restart where it was', async () => {
    const first = archived(450);
    start(first.events);
    let steps = 0;
    await first.runtime.run({ until: LATER, done: () => steps++ > 0 });
    expect(numbers(first.queues)).toHaveLength(200);
    const second = setup({ store: first.context.store, queues: first.queues });
    await second.runtime.run({ until: LATER });
    expect(new Set(numbers(first.queues)).size).toBe(450);
    expect(numbers(first.queues)).toHaveLength(450);
  });

  it('gives only what lies between its times, to the rules that are named', async () => {
    const { events, queues, runtime } = archived(10);
    const times = { EventStartTime: seconds + 2, EventEndTime: seconds + 4 };
    start(events, {
      ReplayName: 'other',
      ...times,
      Destination: { Arn: BUS, FilterArns: [`${RULE_ARN}-other`] },
    });
    await runtime.run({ until: LATER });
    expect(numbers(queues)).toEqual([]);
    start(events, { ...times, Destination: { Arn: BUS, FilterArns: [RULE_ARN] } });
    await runtime.run({ until: LATER });
    expect(numbers(queues).sort()).toEqual([2, 3, 4]);
  });

  it('can be cancelled', async () => {
    const { events, queues, runtime } = archived(3);
    start(events);
    expect(events.call('CancelReplay', { ReplayName: 'again' })).toMatchObject({ State: 'CANCELLING' });
    await runtime.run({ until: LATER });
    expect(events.call('ListReplays', {})['Replays']).toMatchObject([{ State: 'CANCELLED' }]);
    expect(numbers(queues)).toEqual([]);
    expect(() => events.call('CancelReplay', { ReplayName: 'again' })).toThrow(/not in a valid state/);
  });

  it('refuses another bus, a wrong period and a name that is taken', () => {
    const { events } = archived(0);
    const elsewhere = { Arn: 'arn:aws:events:eu-west-1:111111111111:event-bus/default' };
    expect(() => start(events, { Destination: elsewhere })).toThrow(
      /Cross event bus replay is not permitted/,
    );
    expect(() => start(events, { EventEndTime: seconds })).toThrow(/must be before/);
    start(events);
    expect(() => start(events)).toThrow(/already exists/);
  });

  it('runs ten at a time, and refuses the next until one has ended', async () => {
    const { events, runtime } = archived(3);
    for (let n = 0; n < 10; n += 1) start(events, { ReplayName: `at-once-${n}` });
    expect(() => start(events)).toThrow(/At most 10 replays/);
    await runtime.run({ until: LATER });
    expect(start(events)).toMatchObject({ State: 'STARTING' });
    expect(() => start(events, { ReplayName: 'with blank' })).toThrow(/not valid/);
  });

  it('lists replays by prefix, state and archive, page by page', async () => {
    const { events, runtime } = archived(1);
    for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) start(events, { ReplayName: name });
    await runtime.run({ until: LATER });
    start(events, { ReplayName: 'a-4' });
    const names = (input: JsonObject): unknown =>
      (events.call('ListReplays', input)['Replays'] as JsonObject[]).map(({ ReplayName }) => ReplayName);
    expect(names({ NamePrefix: 'a-' })).toEqual(['a-1', 'a-2', 'a-3', 'a-4']);
    expect(names({ State: 'STARTING' })).toEqual(['a-4']);
    expect(names({ EventSourceArn: 'arn:aws:events:eu-west-1:111111111111:archive/other' })).toEqual([]);
    const { NextToken } = events.call('ListReplays', { Limit: 2 });
    expect(names({ Limit: 2 })).toEqual(['a-1', 'a-2']);
    expect(names({ Limit: 3, NextToken: NextToken ?? '' })).toEqual(['a-3', 'a-4', 'b-1']);
    expect(events.call('ListReplays', { Limit: 5 })['NextToken']).toBeUndefined();
  });

  it('forgets events past their retention', () => {
    const { events } = archived(3, { startsAt: STARTED_AT + 3 * DAY_MS });
    expect(events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 0 });
  });
});
