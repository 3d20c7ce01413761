import { describe, expect, it } from '@jest/globals';
import { patchRule } from './drill.fixture.ts';
import { endByPolicy } from './policy-end.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
const RULES = [
  patchRule('AMOUNT_MISMATCH', { id: 'larger', fourEyesAbove: [gbp('10000')] }),
  patchRule('AMOUNT_MISMATCH', { id: 'rounding', amountMax: [gbp('1')] }),
  patchRule('DUPLICATE_L', { amountMax: [gbp('500')] }),
  patchRule('ACCOUNT_MISMATCH', { fourEyesAbove: [] }),
  patchRule('UNBALANCED', { action: 'NONE', automatic: false }),
];
const curable = { curable: true };

describe('how a case ends by policy', () => {
  it.each([
    ['AMOUNT_MISMATCH', '1', 'patched'],
    ['AMOUNT_MISMATCH', '9999', 'patched'],
    ['AMOUNT_MISMATCH', '10000', 'proposed'],
    ['DUPLICATE_L', '500', 'patched'],
    ['DUPLICATE_L', '501', 'parked'],
    ['ACCOUNT_MISMATCH', '1', 'proposed'],
    ['UNBALANCED', '1', 'parked'],
    ['P_NOT_L', '1', 'parked'],
  ] as const)('%s of %s is %s', (type, minorUnits, end) => {
    expect(endByPolicy({ type, atRisk: gbp(minorUnits) }, RULES, curable)).toBe(end);
  });

  it('is never more than a cap says in a currency that the cap does not know', () => {
    const atRisk = { minorUnits: '1', currency: 'JPY' };
    expect(endByPolicy({ type: 'DUPLICATE_L', atRisk }, RULES, curable)).toBe('parked');
    expect(endByPolicy({ type: 'AMOUNT_MISMATCH', atRisk }, RULES, curable)).toBe('proposed');
  });

  it('is with people where nothing can put it right', () => {
    expect(endByPolicy({ type: 'AMOUNT_MISMATCH', atRisk: gbp('1') }, RULES, { curable: false })).toBe(
      'parked',
    );
  });
});
