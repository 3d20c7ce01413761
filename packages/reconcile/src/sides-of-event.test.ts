import { describe, expect, it } from '@jest/globals';
import { identifierOf, sequenceIdOf } from '@payments/domain';
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
    expect(holdChanged('HOLD', 'AUTHORIZED').held).toMatchObject({ action: 'HOLD' });
    expect(holdChanged('HOLD_ADJUST', 'PARTIALLY_REVERSED').held).toMatchObject({ action: 'HOLD_ADJUST' });
    expect(holdChanged('HOLD_RELEASE', 'REVERSED').held).toMatchObject({ action: 'HOLD_RELEASE' });
  });

  it('is no end of what cleared it, for that is booked', () => {
    expect(holdChanged('HOLD_RELEASE', 'CLEARED').held).toBeUndefined();
    expect(holdChanged('HOLD_EXPIRE', 'EXPIRED').held).toBeUndefined();
  });
});

describe('what was posted', () => {
  const sequence = { id: sequenceIdOf(known.transactionId), count: 2 };
  const controlTotals = {
    count: 2,
    currencies: [{ currency: 'GBP', debits: '1', credits: '1' }],
    hashTotal: '1',
  };
  const record = {
    ...known,
    idempotencyKey: known.transactionId,
    lifecycleId: 'VISA-1',
    sequence,
    postingReference: 'LEDGER-1',
    bookingDate: '2026-11-15',
    valueDate: '2026-11-16',
    controlTotals,
  };

  it('is kept with its dates and, where they are said, its entries', () => {
    const entry = {
      number: 1,
      role: 'CUST',
      accountId: 'ACC-0001',
      branch: 'LDN01',
      direction: 'DEBIT',
      minorUnits: '1',
      currency: 'GBP',
      amountTag: 'PRINCIPAL',
      eventCode: 'CARDPUR',
    } as const;
    const content = {
      sequenceId: sequence.id,
      controlTotals,
      bookingDate: '2026-11-15',
      valueDate: '2026-11-16',
      saidAt: metadata.producedAt,
    };
    expect(sidesOfEvent({ event: 'TransactionPosted', record, metadata }).posted).toEqual(content);
    const withEntries = { ...record, entries: [entry] };
    expect(sidesOfEvent({ event: 'TransactionPosted', record: withEntries, metadata }).posted).toEqual({
      ...content,
      entries: [entry],
    });
  });

  it('is never what corrects it', () => {
    const correcting = { id: identifierOf('correction', 'a'), count: 2 };
    const correction = { sequenceId: sequence.id, breakId: identifierOf('break', 'a') };
    const event = 'TransactionPosted';
    const sides = sidesOfEvent({ event, record: { ...record, sequence: correcting, correction }, metadata });
    expect(sides.posted).toBeUndefined();
    expect(sides.corrections?.[correcting.id]).toMatchObject({ breakId: correction.breakId, controlTotals });
    const refused = { ...record, sequence: correcting, reason: 'UNBALANCED', explanation: 'no' };
    expect(
      sidesOfEvent({ event: 'TransactionPostingFailed', record: refused, metadata }).failed,
    ).toBeUndefined();
  });
});
