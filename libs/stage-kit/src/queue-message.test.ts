import { expect, it } from '@jest/globals';
import { openEvent } from './open-event.ts';
import { queueMessageOf } from './queue-message.ts';
import { sampleEvent, sampleRecord } from './sample-event.ts';

it('some records of an event, sent on, are taken as they came', () => {
  const records = [sampleRecord(1), sampleRecord(2), sampleRecord(3)];
  const event = { ...JSON.parse(sampleEvent(records)), 'replay-name': 'a-replay' };
  const { incoming } = openEvent(event, ['TransactionReconciled']);
  const [, second, third] = incoming;
  if (second === undefined || third === undefined) throw new Error('records are missing');
  const message = queueMessageOf({
    event: second.event,
    metadata: second.metadata,
    records: [second.record, third.record],
  });
  const taken = openEvent(message, ['TransactionReconciled']);
  const asTheyCame = [second, third].map(({ replayedBy, ...each }) => each);
  expect(taken).toEqual({ incoming: asTheyCame, refused: [] });
  expect(second.replayedBy).toBe('a-replay');
});
