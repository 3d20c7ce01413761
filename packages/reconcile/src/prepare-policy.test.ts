import { describe, expect, it } from '@jest/globals';
import type { PatchRule } from '@payments/schemas';
import { ReconciliationPolicyError } from './errors.ts';
import { preparePolicy, ruleFor } from './prepare-policy.ts';
import policy from './reconciliation-policy.json' with { type: 'json' };

type Change = Partial<Record<keyof PatchRule, unknown>>;

/** @param change members to set; those that are undefined are left out */
function problemsAfter(id: string, change: Change): readonly string[] {
  const rules = policy.rules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule));
  return problemsOf(JSON.parse(JSON.stringify({ ...policy, rules })));
}

function problemsOf(value: unknown): readonly string[] {
  try {
    preparePolicy(value);
  } catch (error) {
    if (error instanceof ReconciliationPolicyError) return error.problems;
    throw error;
  }
  return [];
}

const gbp = (minorUnits: string) => [{ minorUnits, currency: 'GBP' }];

describe('the policy that is in use', () => {
  it('has a rule for every type', () => {
    const prepared = preparePolicy(policy);
    expect(prepared.rules.size).toBe(17);
    expect([...prepared.rules.values()].every((rules) => rules.length > 0)).toBe(true);
  });

  it.each([
    ['1', 'GBP', 'amount-within-rounding'],
    ['2', 'GBP', 'amount-beyond-rounding'],
    ['1', 'JPY', 'amount-beyond-rounding'],
  ])('has for a difference of %s %s the rule %s', (minorUnits, currency, id) => {
    expect(ruleFor(preparePolicy(policy), 'AMOUNT_MISMATCH', { minorUnits, currency }).id).toBe(id);
  });

  it('has for a difference that nobody knows the rule of the largest amounts', () => {
    expect(ruleFor(preparePolicy(policy), 'AMOUNT_MISMATCH', undefined).id).toBe('amount-beyond-rounding');
  });
});

describe('a policy is refused, and the rule named,', () => {
  it.each<[string, string, Change, RegExp]>([
    [
      'where UNBALANCED is patched',
      'unbalanced',
      { action: 'REVERSE_AND_REPOST' },
      /unbalanced patches UNBALANCED/,
    ],
    [
      'where nothing is done automatically',
      'reversal-without-original',
      { automatic: true, perHourMax: 1 },
      /reversal-without-original does nothing/,
    ],
    [
      'where automatic means never',
      'doubled-row',
      { perHourMax: 0 },
      /doubled-row is automatic and may never/,
    ],
    [
      'where the action puts nothing right',
      'missing-posting',
      { action: 'CONTRA' },
      /missing-posting does CONTRA about A_NOT_P/,
    ],
    [
      'where two rules have the same id',
      'wrong-account',
      { id: 'wrong-currency' },
      /wrong-currency is there twice/,
    ],
    [
      'where two rules have the same amounts',
      'amount-beyond-rounding',
      { amountMax: gbp('1'), fourEyesAbove: undefined },
      /both match AMOUNT_MISMATCH/,
    ],
    [
      'where two rules have no cap',
      'amount-within-rounding',
      { amountMax: undefined },
      /amount-within-rounding and amount-beyond-rounding both match/,
    ],
    [
      'where two rules match types that one had',
      'wrong-direction',
      { type: 'ACCOUNT_MISMATCH' },
      /no rule for DIRECTION_MISMATCH/,
    ],
    [
      'where four eyes are asked for above the cap',
      'doubled-row',
      { fourEyesAbove: gbp('50001') },
      /doubled-row asks for four eyes from 50001 GBP/,
    ],
    [
      'where a currency stands twice',
      'doubled-row',
      { amountMax: [...gbp('1'), ...gbp('2')] },
      /doubled-row names an amount in GBP twice/,
    ],
  ])('%s', (_case, id, change, problem) => {
    expect(problemsAfter(id, change).join('\n')).toMatch(problem);
  });

  it('where a type has no rule', () => {
    const rules = policy.rules.filter(({ type }) => type !== 'DATE_ONLY');
    expect(problemsOf({ ...policy, rules })).toEqual(['there is no rule for DATE_ONLY']);
  });

  it('where it breaks its contract', () => {
    expect(problemsOf({ ...policy, version: 'no blanks' }).join()).toMatch(/version/);
  });
});
