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
  tests: [],
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
    expect(prepared.refusals.map(({ says }) => says.ruleId)).toEqual(['too-much', 'again']);
    expect(prepared.findings.map(({ emits }) => emits)).toEqual(['ForeignTransactionFound']);
    expect([...prepared.notifying]).toEqual(['again']);
  });

  it('knows what each of its rules looks at, once each, and not what it looks for in a list', () => {
    const when = {
      and: [
        { '==': [{ var: 'account.status' }, 'HOLD'] },
        { '!': { var: 'account.status' } },
        { exceeds: [{ var: ['transaction.billed'] }, { var: 'product.transactionLimit' }] },
        { missing: ['card.issuingCountry', 'merchant.country'] },
        { missing_some: [1, ['account', 'product']] },
        { some: [{ var: 'product.taxableFees' }, { '==': [{ var: '' }, 'FX_FEE'] }] },
      ],
    };
    expect(prepare({ ...refusing, when }).refusals[0]?.paths.map(({ path }) => path)).toEqual([
      'account.status',
      'transaction.billed',
      'product.transactionLimit',
      'card.issuingCountry',
      'merchant.country',
      'account',
      'product',
      'product.taxableFees',
    ]);
  });

  it('may find by facts', () => {
    const when = { '>': [{ var: 'facts.card.debits' }, 5] };
    expect(prepare({ ...finding, when }).findings).toHaveLength(1);
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
    [
      'a refusal by facts, which are approximate',
      [{ ...refusing, when: { '>': [{ var: 'facts.card.debits' }, 5] } }],
      'looks at facts, by which a rule may find but not refuse',
    ],
    [
      'more members than an outcome tells',
      [{ ...refusing, when: { and: Array.from({ length: 21 }, (_, index) => ({ var: `m${index}` })) } }],
      'looks at more than 20 members',
    ],
    ['a member with a computed name', [{ ...refusing, when: { var: { var: 'x' } } }], 'not a plain path'],
    ['a limit without an amount', [{ ...refusing, when: { exceeds: [{ var: 'x' }] } }], 'other than two'],
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
