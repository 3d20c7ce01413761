import { describe, expect, it } from '@jest/globals';
import { isPanFree, passesLuhn } from '@payments/schemas';
import { readAuthorizations } from './read-authorizations.ts';
import { readingPorts } from './reading.fixture.ts';
import { syntheticAccounts, syntheticCards, syntheticLoad } from './synthetic-load.ts';

const COUNT = 4_000;
const lines = [...syntheticLoad(COUNT, 7)];

describe('the synthetic load', () => {
  it('has exactly so many lines, the same for the same seed, others for another', () => {
    expect(lines).toHaveLength(COUNT);
    expect([...syntheticLoad(100, 7)]).toEqual(lines.slice(0, 100));
    expect([...syntheticLoad(100, 8)]).not.toEqual(lines.slice(0, 100));
    expect([...syntheticLoad(0, 7)]).toEqual([]);
  });

  it('can be read, and has its mix', async () => {
    const rows = await readAuthorizations(lines, readingPorts());
    expect(rows.filter(({ outcome }) => outcome === 'UNREADABLE')).toEqual([]);
    expect(new Set(rows.map(({ transactionId }) => transactionId)).size).toBe(COUNT);
    const records = rows.flatMap((row) => (row.outcome === 'APPROVED' ? [row.record] : []));
    const authorizations = records.map(({ authorization }) => authorization);
    const per100 = (count: number) => Math.round((count * 100) / COUNT);
    const share = (holds: (authorization: (typeof authorizations)[number]) => boolean) =>
      per100(authorizations.filter(holds).length);
    expect({
      declined: per100(COUNT - records.length),
      foreign: share(({ amounts }) => amounts.billing !== undefined),
      cash: share(({ processingCode }) => processingCode === '010000'),
      refunds: share(({ processingCode }) => processingCode === '200000'),
      cashback: share(({ processingCode }) => processingCode === '090000'),
      partial: share(({ responseCode }) => responseCode === '10'),
      standIn: share(({ mti }) => mti === '0120'),
      reversals: share(({ messageClass }) => messageClass === 'REVERSAL'),
      partialReversals: share(({ replacement }) => replacement !== undefined),
      completions: share(({ mti }) => mti === '0220'),
      verifications: share(({ responseCode }) => responseCode === '85'),
    }).toEqual({
      declined: 4,
      // Purchases and cash abroad, and what follows on them.
      foreign: 19,
      cash: 8,
      refunds: 6,
      cashback: 4,
      partial: 3,
      standIn: 3,
      reversals: 3,
      partialReversals: 2,
      completions: 2,
      verifications: 1,
    });
    const keys = new Set(records.map(({ dedupKey }) => dedupKey));
    expect(per100(records.length - keys.size)).toBe(2);
    const currencies = new Set(authorizations.map(({ amounts }) => amounts.transaction.currency));
    expect([...currencies].sort()).toEqual(['CHF', 'EUR', 'GBP', 'JPY', 'KWD', 'SEK', 'USD']);
    expect(new Set(records.map(({ scheme }) => scheme))).toEqual(
      new Set(['VISA', 'MASTERCARD', 'DISCOVER', 'AMEX']),
    );
  });
});

describe('the synthetic cards', () => {
  const cards = syntheticCards();
  const accounts = syntheticAccounts();

  it('are 2,000 different ones on as many accounts', () => {
    expect(new Set(cards.map(({ cardNumber }) => cardNumber)).size).toBe(2_000);
    expect(cards.every(({ cardNumber }) => passesLuhn(cardNumber))).toBe(true);
    expect(cards.map(({ accountId }) => accountId)).toEqual(accounts.map(({ accountId }) => accountId));
    expect(cards.filter(({ issuingCountry }) => issuingCountry === undefined)).toHaveLength(20);
    expect(cards.filter(({ status }) => status === 'BLOCKED')).toHaveLength(10);
  });

  it('are on accounts that look like no card, some of which cannot be posted to', () => {
    expect(accounts.every((account) => Object.values(account).every((value) => isPanFree(value)))).toBe(true);
    const count = (status: string) => accounts.filter((account) => account.status === status).length;
    expect([count('ACTIVE'), count('HOLD'), count('BLOCKED'), count('CLOSED')]).toEqual([1_960, 14, 13, 13]);
  });
});
