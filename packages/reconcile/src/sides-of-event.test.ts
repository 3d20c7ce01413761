import { describe, expect, it } from '@jest/globals';
import type { HoldChangedRecord } from '@payments/schemas';
import { sidesOfEvent } from './sides-of-event.ts';

const known = {
  transactionId: '00000000-0000-5000-8000-000000000001',
  scheme: 'VISA',
  loggedAt: '2026-11-15T10:15:01Z',
};
const metadata = { producedAt: '2026-11-15T10:15:02Z' };

function holdChanged(
  action: HoldChangedRecord['hold']['action'],
  reason: HoldChangedRecord['hold']['reason'],
) {
  const hold = {
    holdId: known.transactionId,
    authorizationId: known.transactionId,
    action,
    reason,
    accountId: 'ACC-0001',
    before: { minorUnits: '1', currency: 'GBP' },
    after: { minorUnits: '0', currency: 'GBP' },
    expiresAt: '2026-11-22T10:15:01Z',
  };
  const card = { token: '9208948425451111', lastFour: '1111', scheme: 'VISA' };
  const record = { ...known, idempotencyKey: known.transactionId, lifecycleId: 'VISA-1', card, hold };
  return sidesOfEvent({ event: 'HoldChanged', record, metadata });
}

describe('a hold', () => {
  it('is the end of what placed, changed or released it', () => {
    expect(holdChanged('HOLD', 'AUTHORIZED').held).toEqual({ action: 'HOLD' });
    expect(holdChanged('HOLD_ADJUST', 'PARTIALLY_REVERSED').held).toEqual({ action: 'HOLD_ADJUST' });
    expect(holdChanged('HOLD_RELEASE', 'REVERSED').held).toEqual({ action: 'HOLD_RELEASE' });
  });

  it('is no end of what cleared it, for that is booked', () => {
    expect(holdChanged('HOLD_RELEASE', 'CLEARED').held).toBeUndefined();
    expect(holdChanged('HOLD_EXPIRE', 'EXPIRED').held).toBeUndefined();
  });
});
