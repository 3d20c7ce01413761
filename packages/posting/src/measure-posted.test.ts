import { describe, expect, it } from '@jest/globals';
import { measurePosted } from './measure-posted.ts';

const NOW = Date.parse('2026-11-22T12:00:10.000Z');

function row(seconds: number, sums: Record<string, string>) {
  const currencies = Object.entries(sums).map(([currency, debits]) => ({
    currency,
    debits,
    credits: debits,
  }));
  return {
    loggedAt: new Date(NOW - seconds * 1000).toISOString(),
    controlTotals: { count: 2, currencies, hashTotal: '1' },
  };
}

describe('measurePosted', () => {
  it('counts transactions, how long each took, and what was debited in each currency', () => {
    expect(measurePosted([row(2, { GBP: '1250' }), row(7, { GBP: '50', EUR: '999' })], NOW)).toEqual({
      transactions: 2,
      corrections: 0,
      latenciesMs: [2000, 7000],
      debits: new Map([
        ['GBP', 1300n],
        ['EUR', 999n],
      ]),
    });
  });

  it('takes a correction for no transaction: neither its age nor its money counts', () => {
    const correction = { sequenceId: 'a', breakId: 'b' };
    expect(measurePosted([{ ...row(86_400, { GBP: '10' }), correction }], NOW)).toEqual({
      transactions: 0,
      corrections: 1,
      latenciesMs: [],
      debits: new Map(),
    });
  });

  it('knows no time before the authorization, where two clocks differ', () => {
    expect(measurePosted([row(-3, { GBP: '1' })], NOW).latenciesMs).toEqual([0]);
  });
});
