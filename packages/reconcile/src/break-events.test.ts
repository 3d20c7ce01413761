import { describe, expect, it } from '@jest/globals';
import { contracts } from '@payments/schemas/contracts';
import { emissionOf } from './break-events.ts';
import { BREAK_ID, brokenCase, OPENED_AT, SEQUENCE_ID } from './finding.fixture.ts';
import type { KeptBreak } from './ports.ts';

const kept = (change: Partial<KeptBreak>): KeptBreak => ({
  ...brokenCase(),
  version: 3,
  businessDate: '2026-11-22',
  ...change,
});

const patch = {
  ruleId: 'doubled-row',
  action: 'CONTRA',
  decidedBy: 'policy',
  explanation: 'the younger row is taken back',
  decidedAt: OPENED_AT,
  attempt: 1,
  sequenceId: SEQUENCE_ID,
} as const;

describe('a change of a case', () => {
  it.each<[string, Partial<KeptBreak>, string]>([
    ['was found', { says: 'DETECTED' }, 'ReconciliationMismatchDetected'],
    ['was patched', { says: 'PATCHED', patch }, 'ReconciliationMismatchPatched'],
    [
      'is parked',
      { says: 'PARKED', owner: 'posting-operations', parkedBecause: 'AMOUNT_CAP', remark: 'it is too much' },
      'ReconciliationMismatchParked',
    ],
  ])('that says that it %s is an event that keeps its contract', (_what, change, event) => {
    const emission = emissionOf(kept(change));
    expect(emission?.event).toBe(event);
    if (emission === undefined) throw new Error('nothing is said');
    const { produces } = contracts[emission.event];
    expect({ kept: produces(emission.record), errors: produces.errors }).toEqual({
      kept: true,
      errors: null,
    });
    expect(emission.record).toMatchObject({
      breakId: BREAK_ID,
      sequenceId: SEQUENCE_ID,
      mismatch: {
        posted: { present: true, controlTotals: { count: 2 } },
        booked: { present: true, controlTotals: { count: 2 } },
        authorized: { present: false },
      },
    });
  });

  it('is said by the same record again, and another change by another one', () => {
    const keyOf = (change: Partial<KeptBreak>) => emissionOf(kept(change))?.record.idempotencyKey;
    expect(keyOf({ says: 'DETECTED' })).toBe(keyOf({ says: 'DETECTED' }));
    expect(keyOf({ says: 'DETECTED', version: 4 })).not.toBe(keyOf({ says: 'DETECTED' }));
    expect(keyOf({ says: 'PARKED' })).not.toBe(keyOf({ says: 'DETECTED' }));
  });

  it('says that a side is there that nobody looked at entry by entry', () => {
    const emission = emissionOf(kept({ says: 'DETECTED', sides: { posted: [] } }));
    expect(emission?.record).toMatchObject({
      mismatch: { posted: { present: true }, booked: { present: false } },
    });
  });

  it('that nobody is to be told of says nothing', () => {
    expect(emissionOf(kept({}))).toBeUndefined();
  });
});
