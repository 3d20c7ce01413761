import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import type { Metadata } from '@payments/schemas';
import { Metadata as producesMetadata } from '@payments/schemas/closed/metadata';
import { type OutgoingRecord, seal } from './envelope.ts';
import { openEvent } from './open-event.ts';
import { packRecords } from './pack-records.ts';
import { sampleEvent, sampleRecord } from './sample-event.ts';
import { limitsOf } from './stage-run.ts';

/** An event as the bus gives it again for a replay: the replay's name stands between region and resources. */
function replayed(name: string, event: string): string {
  return event.replace('"detail":', `"replay-name":${JSON.stringify(name)},"detail":`);
}

/** The metadata of what follows from records with these causes, in one pack. */
function sealed(causes: readonly (Metadata | undefined)[]): Metadata | undefined {
  const records = causes.map((cause, origin): OutgoingRecord => {
    const record = sampleRecord(origin);
    const json = JSON.stringify(record);
    const { transactionId, idempotencyKey, scheme } = record;
    const packable = { event: 'TransactionReconciled', source: scheme, json, bytes: json.length } as const;
    return { ...packable, transactionId, idempotencyKey, cause, origin };
  });
  const [pack] = packRecords(records, limitsOf('batch'));
  return pack && seal(pack, 'reconcile', 'batch', 0).metadata;
}

describe('an event that is part of a replay', () => {
  const open = (event: string): Metadata | undefined =>
    openEvent(event, ['TransactionReconciled']).incoming[0]?.metadata;
  const event = sampleEvent([sampleRecord(1)]);

  it('says so in its metadata, by the name that the bus gives it', () => {
    const metadata = open(replayed('break-1', event));
    expect(metadata?.replay).toBe('break-1');
    expect(producesMetadata(metadata)).toBe(true);
    expect(open(event)).toEqual({ ...metadata, replay: undefined });
    expect(open(event)).not.toHaveProperty('replay');
  });

  it('passes it on to what follows, also to what follows from several events of one replay', () => {
    const cause = open(replayed('break-1', event));
    expect(sealed([cause])?.replay).toBe('break-1');
    const other = cause && { ...cause, eventId: identifierOf('another') };
    expect(sealed([cause, other])?.replay).toBe('break-1');
    expect(sealed([cause, open(event)])).not.toHaveProperty('replay');
    expect(sealed([undefined])).not.toHaveProperty('replay');
  });

  it('is the last replay that it was part of', () => {
    const detail = event
      .replace('"records"', '"ignored":0,"records"')
      .replace('"eventId"', '"replay":"first","eventId"');
    expect(open(detail)?.replay).toBe('first');
    expect(open(replayed('second', detail))?.replay).toBe('second');
  });

  it('is set aside when its metadata is none, replayed or not', () => {
    const without = JSON.stringify({
      'detail-type': 'TransactionReconciled',
      'replay-name': 'x',
      detail: {},
    });
    expect(openEvent(without, ['TransactionReconciled']).refused).toMatchObject([
      { reason: 'METADATA_INVALID' },
    ]);
  });
});
