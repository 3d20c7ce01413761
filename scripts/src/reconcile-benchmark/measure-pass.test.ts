import { describe, expect, it } from '@jest/globals';
import { measurePasses, passText } from './measure-pass.ts';

describe('the benchmark of the pass', () => {
  it('finds what was spoilt, in memory and on tables, and says what it took', async () => {
    const figures = await measurePasses({ transactions: 12_000, seed: 7, onTables: 600 });
    expect(figures.map(({ transactions, findings }) => [transactions, findings])).toEqual([
      [12_000, 0],
      [12_000, 3],
      [600, 1],
    ]);
    const [agreeing, spoilt, onTables] = figures;
    expect(agreeing?.comparedSequences).toBe(0);
    expect(spoilt?.comparedSequences).toBeLessThan(100);
    expect(onTables?.comparedSequences).toBe(1);
    expect(passText(figures)).toContain('3 of 3');
  });
});
