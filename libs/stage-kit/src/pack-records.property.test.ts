import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ENVELOPE_BYTES,
  ONE_CHUNK,
  ONE_RECORD,
  PUT_EVENTS_BYTES_MAX,
  PUT_EVENTS_ENTRIES_MAX,
  packCalls,
  packRecords,
} from './pack-records.ts';

const record = fc
  .record({
    event: fc.constantFrom('TransactionPosted' as const, 'TransactionReconciled' as const),
    source: fc.constantFrom('VISA', 'MASTERCARD'),
    length: fc.oneof(fc.integer({ min: 2, max: 4_000 }), fc.integer({ min: 50_000, max: 200_000 })),
  })
  .map(({ event, source, length }) => ({ event, source, json: 'x'.repeat(length), bytes: length }));
const records = fc.array(record, { maxLength: 60 });

describe('packing records into events', () => {
  it.each([
    ['one record', ONE_RECORD],
    ['one chunk', ONE_CHUNK],
  ])('loses nothing, doubles nothing and keeps the order of each event and source (%s)', (_name, limits) => {
    fc.assert(
      fc.property(records, (all) => {
        const packs = packRecords(all, limits);
        const key = ({ event, source }: { event: string; source: string }): string => `${event}|${source}`;
        for (const each of new Set(all.map(key))) {
          const packed = packs.filter((pack) => key(pack) === each).flatMap((pack) => pack.records);
          expect(packed).toEqual(all.filter((one) => key(one) === each));
        }
        expect(packs.flatMap((pack) => pack.records)).toHaveLength(all.length);
      }),
    );
  });

  it('fills an event up to one billing chunk and lets a larger record travel alone', () => {
    fc.assert(
      fc.property(records, (all) => {
        for (const pack of packRecords(all, ONE_CHUNK)) {
          expect(new Set(pack.records.map(({ event, source }) => `${event}|${source}`)).size).toBe(1);
          if (pack.records.length > 1) expect(pack.bytes).toBeLessThanOrEqual(ONE_CHUNK.bytesTarget);
          const exact = pack.records.reduce((sum, { bytes }) => sum + bytes + 1, ENVELOPE_BYTES - 1);
          expect(pack.bytes).toBe(exact);
        }
      }),
    );
  });

  it('puts one record into each event in real time', () => {
    fc.assert(
      fc.property(records, (all) => {
        expect(packRecords(all, ONE_RECORD).every((pack) => pack.records.length === 1)).toBe(true);
      }),
    );
  });
});

describe('packing events into PutEvents calls', () => {
  it('keeps every event, its order, and the limits of a call', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: PUT_EVENTS_BYTES_MAX }), { maxLength: 40 }), (sizes) => {
        const packs = sizes.map((bytes, index) => ({ bytes, index }));
        const calls = packCalls(packs);
        expect(calls.flat()).toEqual(packs);
        for (const call of calls) {
          expect(call.length).toBeGreaterThan(0);
          expect(call.length).toBeLessThanOrEqual(PUT_EVENTS_ENTRIES_MAX);
          expect(call.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(PUT_EVENTS_BYTES_MAX);
        }
      }),
    );
  });
});
