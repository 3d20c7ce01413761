import { describe, expect, it } from '@jest/globals';
import { measurePosted } from './measure-posted.ts';

function row(sums: Record<string, string>) {
  const currencies = Object.entries(sums).map(([currency, debits]) => ({
    currency,
    debits,
    credits: debits,
  }));
  return { controlTotals: { count: 2, currencies, hashTotal: '1' } };
}

describe('measurePosted', () => {
  it('counts transactions, and what was debited in each currency', () => {
    expect(measurePosted([row({ GBP: '1250' }), row({ GBP: '50', EUR: '999' })])).toEqual({
      transactions: 2,
      corrections: 0,
      debits: new Map([
        ['GBP', 1300n],
        ['EUR', 999n],
      ]),
    });
  });

  it('takes a correction for no transaction: its money does not count', () => {
    const correction = { sequenceId: 'a', breakId: 'b' };
    expect(measurePosted([{ ...row({ GBP: '10' }), correction }])).toEqual({
      transactions: 0,
      corrections: 1,
      debits: new Map(),
    });
  });
});
