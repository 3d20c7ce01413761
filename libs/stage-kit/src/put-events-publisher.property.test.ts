import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AwsContext } from './aws-context.ts';
import { type OutgoingEvent, seal } from './envelope.ts';
import { ONE_RECORD, packRecords } from './pack-records.ts';
import { PUBLISH_ATTEMPTS, PutEventsPublisher } from './put-events-publisher.ts';
import { sampleRecord } from './sample-event.ts';

/** A bus behind the real SDK client that refuses each entry a given number of times. */
function bus(refusals: ReadonlyMap<string, number>, wholeCallFailures: number) {
  const offered = new Map<string, number>();
  const accepted: string[] = [];
  let failures = wholeCallFailures;
  const requestHandler = {
    handle: async (request: { body: string | Uint8Array }) =>
      answer(
        JSON.parse(typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)),
      ),
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const answer = ({ Entries }: { Entries: { Detail: string }[] }) => {
    if (failures > 0) {
      failures -= 1;
      return response(500, { __type: 'InternalException', message: 'try again' });
    }
    const answers = Entries.map(({ Detail }) => {
      const id: string = JSON.parse(Detail).metadata.eventId;
      const times = (offered.get(id) ?? 0) + 1;
      offered.set(id, times);
      if (times <= (refusals.get(id) ?? 0))
        return { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
      accepted.push(id);
      return { EventId: id };
    });
    return response(200, {
      FailedEntryCount: answers.filter((each) => 'ErrorCode' in each).length,
      Entries: answers,
    });
  };
  return { requestHandler, offered, accepted };
}

function response(statusCode: number, body: object) {
  return {
    response: {
      statusCode,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: new TextEncoder().encode(JSON.stringify(body)),
    },
  };
}

function publisher(requestHandler: unknown, pauses: number[] = []) {
  const aws: AwsContext = {
    clock: {
      now: () => 0,
      sleep: async (milliseconds) => void pauses.push(milliseconds),
    },
    random: { uuid: () => '', bytes: (length) => new Uint8Array(length) },
    client: {
      region: 'eu-west-2',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: requestHandler as never,
      maxAttempts: 1,
    },
    output: () => undefined,
  };
  return new PutEventsPublisher(aws, 'bus');
}

function events(count: number): OutgoingEvent[] {
  const records = Array.from({ length: count }, (_, number) => {
    const record = sampleRecord(number);
    const json = JSON.stringify(record);
    const { idempotencyKey, transactionId, scheme } = record;
    const event = 'TransactionReconciled' as const;
    return {
      event,
      source: scheme,
      json,
      bytes: json.length,
      idempotencyKey,
      transactionId,
      cause: undefined,
      origin: number,
    };
  });
  return packRecords(records, ONE_RECORD).map((pack) => seal(pack, 'reconcile', 'real-time', 0));
}

describe('publishing', () => {
  it('offers exactly the refused entries again, and reports exactly those that stay refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: PUBLISH_ATTEMPTS + 1 }), { minLength: 1, maxLength: 25 }),
        async (times) => {
          const all = events(times.length);
          const refusals = new Map(all.map((event, index) => [event.metadata.eventId, times[index] ?? 0]));
          const { requestHandler, offered, accepted } = bus(refusals, 0);
          const refused = await publisher(requestHandler).publish(all);
          all.forEach((event, index) => {
            const id = event.metadata.eventId;
            const needed = (times[index] ?? 0) + 1;
            expect(offered.get(id)).toBe(Math.min(needed, PUBLISH_ATTEMPTS));
            expect(accepted.filter((each) => each === id)).toHaveLength(needed <= PUBLISH_ATTEMPTS ? 1 : 0);
            expect(refused.has(event)).toBe(needed > PUBLISH_ATTEMPTS);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tries a call that failed as a whole again, with longer and longer pauses', async () => {
    const all = events(3);
    const pauses: number[] = [];
    const { requestHandler, accepted } = bus(new Map(), 2);
    expect(await publisher(requestHandler, pauses).publish(all)).toEqual(new Map());
    expect(accepted).toHaveLength(3);
    expect(pauses).toEqual([50, 100]);
  });

  it('makes the same event of the same records', () => {
    expect(events(2).map(({ metadata }) => metadata.eventId)).toEqual(
      events(2).map(({ metadata }) => metadata.eventId),
    );
  });
});
