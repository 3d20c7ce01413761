import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalCloud, openCloud } from '../../cloud.ts';
import type { ArchivePage } from './archive-search.ts';

const OWNER = { kind: 'owner' } as const;
let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await openCloud({ dataDirectory: ':memory:', host: 'in-process' });
  const { EventBusArn } = (await cloud.call('events', 'CreateEventBus', { Name: 'bus' }, OWNER)) as {
    EventBusArn: string;
  };
  await cloud.call('events', 'CreateArchive', { ArchiveName: 'all', EventSourceArn: EventBusArn }, OWNER);
});
afterEach(() => cloud.close());

async function put(detail: object): Promise<void> {
  const entry = { EventBusName: 'bus', Source: 'test', DetailType: 'Made', Detail: JSON.stringify(detail) };
  await cloud.call('events', 'PutEvents', { Entries: [entry] }, OWNER);
}

describe('searching the archives', () => {
  it('finds the events that hold a text, small and compressed, oldest first', async () => {
    await put({ id: 'aaa-1', n: 1 });
    await put({ id: 'bbb-2', n: 2 });
    await put({ id: 'aaa-1', n: 3, filler: 'x'.repeat(10_000) });
    const { events, next } = cloud.archivedEvents({ text: 'aaa-1', after: 0 });
    expect(events.map((event) => event['detail'])).toMatchObject([{ n: 1 }, { n: 3 }]);
    expect(next).toBeUndefined();
  });

  it('goes through many events page by page', async () => {
    for (let n = 0; n < 5100; n += 1) await put({ id: n % 5000 === 0 ? 'wanted' : 'other', n });
    const found: unknown[] = [];
    let pages = 0;
    for (let after: number | undefined = 0; after !== undefined; pages += 1) {
      const page: ArchivePage = cloud.archivedEvents({ text: 'wanted', after });
      found.push(...page.events.map((event) => event['detail']));
      after = page.next;
    }
    expect(found).toMatchObject([{ n: 0 }, { n: 5000 }]);
    expect(pages).toBe(2);
  });

  it('is open to other processes of the machine, and needs a text', async () => {
    await put({ id: 'aaa-1' });
    const url = await cloud.listen();
    const answer = await fetch(`${url}/_local-cloud/archived-events?text=aaa-1`);
    expect(await answer.json()).toMatchObject({ events: [{ detail: { id: 'aaa-1' } }] });
    expect((await fetch(`${url}/_local-cloud/archived-events`)).status).toBe(400);
  });
});
