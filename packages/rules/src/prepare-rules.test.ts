import { describe, expect, it } from '@jest/globals';
import type { RuleSet } from '@payments/schemas';
import { prepareRules } from './prepare-rules.ts';

type Rule = RuleSet['rules'][number];

const refusing: Rule = {
  id: 'too-much',
  version: 1,
  effect: 'REFUSE',
  reason: 'TOO_MUCH',
  explanation: 'The amount is more than the bank posts.',
  when: { '>': [{ var: 'transaction.billed.minorUnits' }, 100000] },
};
const finding: Rule = { ...refusing, effect: 'FIND', emits: 'ForeignTransactionFound' };
const numbered = (count: number): Rule[] =>
  Array.from({ length: count }, (_, index) => ({ ...finding, id: `finding-${index}` }));

const prepare = (...rules: Rule[]) => prepareRules({ version: '1', rules });

describe('a rule set that is prepared', () => {
  it('is taken apart by what its rules do, in their order', () => {
    const prepared = prepare({ ...finding, id: 'found' }, refusing, {
      ...refusing,
      id: 'again',
      notify: true,
    });
    expect(prepared.refusals.map(({ outcome }) => outcome.ruleId)).toEqual(['too-much', 'again']);
    expect(prepared.findings.map(({ emits }) => emits)).toEqual(['ForeignTransactionFound']);
    expect([...prepared.notifying]).toEqual(['again']);
  });

  it('may have as many findings as a record carries', () => {
    expect(prepare(...numbered(20)).findings).toHaveLength(20);
  });
});

describe('a rule set that would judge wrong is refused before it judges', () => {
  const { emits: _, ...silent } = finding;
  it.each<[string, Rule[], string]>([
    ['twice the same id', [refusing, refusing], 'rule too-much is there twice'],
    ['a refusal that emits', [{ ...refusing, emits: 'ForeignTransactionFound' }], 'emits no finding'],
    ['a finding that does not', [silent], 'does not say what it emits'],
    ['too many findings', numbered(21), 'rule finding-20 is one finding too many'],
    [
      'an operation that there is not',
      [{ ...refusing, when: { equals: [1, 1] } }],
      'uses the operation equals',
    ],
    [
      'arithmetic, deep inside',
      [{ ...refusing, when: { and: [true, { '!': [{ '+': [1, 1] }] }] } }],
      'uses the operation +',
    ],
    ['two operations in one', [{ ...refusing, when: { '!': [1], '!!': [1] } }], 'is not one operation'],
    ['no operation', [{ ...refusing, when: {} }], 'is not one operation'],
    [
      'an amount ordered as text',
      [{ ...refusing, when: { '>': [{ var: 'transaction.billed.minorUnits' }, '100000'] } }],
      'orders by > without a number',
    ],
    [
      'two amounts ordered',
      [{ ...refusing, when: { '<=': [{ var: 'transaction.amount.minorUnits' }, { var: 'x' }] } }],
      'orders by <= without a number',
    ],
  ])('%s', (_what, rules, problem) => {
    expect(() => prepare(...rules)).toThrow(
      expect.objectContaining({ code: 'RULE_SET_UNUSABLE', message: expect.stringContaining(problem) }),
    );
  });
});
