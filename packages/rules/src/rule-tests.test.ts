import { describe, expect, it } from '@jest/globals';
import type { RuleSet } from '@payments/schemas';
import { TransactionEnrichedRecord } from '@payments/schemas/closed/transaction-enriched';
import { ruleTestProblems, transactionOf } from './rule-tests.ts';

type Rule = RuleSet['rules'][number];

const rule: Rule = {
  id: 'account-on-hold',
  version: 1,
  effect: 'REFUSE',
  reason: 'ACCOUNT_ON_HOLD',
  explanation: 'The account is on hold.',
  when: { '==': [{ var: 'account.status' }, 'HOLD'] },
  tests: [
    { title: 'on hold', given: { account: { status: 'HOLD' } }, speaks: true },
    { title: 'active', given: {}, speaks: false },
  ],
};
const [speaking, silent] = rule.tests;
if (speaking === undefined || silent === undefined) throw new Error('the rule has two tests');

const problems = (...tests: Rule['tests']) =>
  ruleTestProblems({ version: '1', rules: [{ ...rule, tests }] }, TransactionEnrichedRecord);

describe('the tests beside a rule', () => {
  it('have nothing to complain of when the rule decides as they say', () => {
    expect(problems(speaking, silent)).toEqual([]);
  });

  it.each<[string, Rule['tests'], string]>([
    ['none in which it speaks', [silent, silent], 'rule account-on-hold has no test in which it speaks'],
    ['none in which it is silent', [speaking], 'rule account-on-hold has no test in which it is silent'],
    [
      'one that it fails by silence',
      [speaking, silent, { ...silent, speaks: true }],
      'rule account-on-hold, "active": is silent and should speak',
    ],
    [
      'one that it fails by speaking',
      [speaking, silent, { ...speaking, speaks: false }],
      'rule account-on-hold, "on hold": speaks and should be silent',
    ],
    [
      'one about a transaction that there is not',
      [speaking, silent, { ...silent, given: { account: { colour: 'red' } } }],
      'rule account-on-hold, "active": there is no such transaction: account has a member that the contract does not name: colour',
    ],
  ])('name the rule and what is wrong: %s', (_what, tests, problem) => {
    expect(problems(...tests)).toEqual([problem]);
  });

  it('merge what differs into the ordinary transaction, and take out what is null', () => {
    const record = transactionOf({ given: { account: { status: 'HOLD' }, product: null } });
    expect(record).toMatchObject({ account: { status: 'HOLD', currency: 'GBP' }, outcome: 'COMPLETE' });
    expect(record).not.toHaveProperty('product');
  });
});
