import { describe, expect, it } from '@jest/globals';
import type { TransactionAuthorizedRecord } from '@payments/schemas';
import { authorized, authorizedWithout } from './authorized.fixture.ts';
import { standardizeTransaction } from './standardize-transaction.ts';

const ORIGINAL = {
  mti: '0100',
  stan: '100001',
  transmittedAt: '2026-11-15T10:15:00Z',
  acquirerId: '00000412345',
};

describe('the life cycle', () => {
  const lifecycleOf = (record: TransactionAuthorizedRecord) => standardizeTransaction(record).lifecycleId;
  const reversing = {
    messageClass: 'REVERSAL' as const,
    stan: '100009',
    transmittedAt: '2026-11-15T11:35:00Z',
  };

  it('is the same for a transaction and its reversal', () => {
    expect(lifecycleOf(authorized({ ...reversing, original: ORIGINAL }))).toBe(lifecycleOf(authorized()));
  });

  it('is the same when the network sends no retrieval reference', () => {
    const first = authorizedWithout('retrievalReference');
    const second = {
      ...first,
      authorization: { ...first.authorization, ...reversing, original: ORIGINAL },
    };
    expect(lifecycleOf(first)).toBe('VISA.412345.100001.1115101500.9208948425451111');
    expect(lifecycleOf(second)).toBe(lifecycleOf(first));
  });

  it('is the same for an authorization and what completes it, without a retrieval reference', () => {
    const first = authorizedWithout('retrievalReference');
    const completing = { messageClass: 'FINANCIAL' as const, stan: '100007', original: ORIGINAL };
    const second = { ...first, authorization: { ...first.authorization, ...completing } };
    expect(lifecycleOf(second)).toBe(lifecycleOf(first));
  });

  it('goes by the last six digits of a longer trace number', () => {
    const first = authorizedWithout('retrievalReference');
    const longer = { ...first, authorization: { ...first.authorization, stan: '000000100001' } };
    expect(lifecycleOf(longer)).toBe(lifecycleOf(first));
  });

  it("is the network's own where it has one, and then the message says it", () => {
    const record = authorized({ networkTransactionId: '306281234567890' });
    expect(lifecycleOf(record)).toBe('VISA.306281234567890');
    expect(standardizeTransaction(record).document.AuthstnInitn?.TxId).toMatchObject({
      LifeCyclSpprt: 'AUTH',
      LifeCyclId: '306281234567890',
    });
  });

  it('of another card at the same acquirer is another, even with the same reference', () => {
    const card = { token: '9208948425442222', lastFour: '2222', scheme: 'VISA' };
    expect(lifecycleOf(authorized({}, { card }))).not.toBe(lifecycleOf(authorized()));
  });
});
