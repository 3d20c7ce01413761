import { describe, expect, it } from '@jest/globals';
import { explainProblem, type RuleSet } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import { enriched, withoutIssuingCountry } from './enriched.fixture.ts';
import { type JudgementEvent, judgeTransaction } from './judgement-events.ts';
import { prepareRules } from './prepare-rules.ts';
import { notificationsOf } from './rule-notifications.ts';
import ruleSet from './rule-set.json' with { type: 'json' };

const rules = prepareRules(ruleSet as RuleSet);
const USD = { minorUnits: '10000', currency: 'USD' };
const abroad = {
  transaction: { amount: USD, billed: { minorUnits: '7912', currency: 'GBP' } },
  merchant: { country: 'US', risk: 'WARNING' as const },
};

function judged(...parameters: Parameters<typeof enriched>): JudgementEvent[] {
  const events = judgeTransaction(enriched(...parameters), rules);
  for (const { event, record } of events) {
    const produces = contracts[event].produces;
    expect(produces(record) || explainProblem(produces)).toBe(true);
  }
  return events;
}

const names = (events: readonly JudgementEvent[]) => events.map(({ event }) => event);

describe('a transaction that is judged', () => {
  it('is approved with all that posting needs, without its document', () => {
    const [approved, ...others] = judged();
    const { outcome: _, document: __, idempotencyKey: ___, ...kept } = enriched();
    expect(others).toEqual([]);
    expect(approved).toEqual({
      event: 'TransactionPostingApproved',
      record: {
        ...kept,
        idempotencyKey: expect.any(String),
        ruleSetVersion: ruleSet.version,
        findings: [],
      },
    });
  });

  it('tells its findings first, and repeats them with the approval', () => {
    const events = judged(abroad);
    expect(names(events)).toEqual([
      'ForeignTransactionFound',
      'CurrencyConversionTransactionFound',
      'WarningMerchantTypeTransactionFound',
      'TransactionPostingApproved',
    ]);
    expect(events[0]?.record).toMatchObject({
      amount: USD,
      billed: { minorUnits: '7912', currency: 'GBP' },
      accountId: 'ACC-0001',
      ruleSetVersion: ruleSet.version,
      finding: {
        ruleId: 'foreign-transaction',
        ruleVersion: 1,
        reason: 'FOREIGN_TRANSACTION',
        explanation: 'The merchant is in another country than the issuer of the card.',
        values: [
          { path: 'merchant.country', value: 'US' },
          { path: 'card.issuingCountry', value: 'GB' },
        ],
      },
    });
    expect(events.at(-1)?.record).toMatchObject({
      findings: [
        { reason: 'FOREIGN_TRANSACTION' },
        { reason: 'CURRENCY_CONVERSION' },
        { reason: 'WARNING_MERCHANT_TYPE' },
      ],
    });
  });

  it('is rejected by the first rule that refuses, and still tells its findings', () => {
    const events = judged({ ...abroad, account: { status: 'BLOCKED' }, card: { status: 'BLOCKED' } });
    expect(names(events).at(-1)).toBe('TransactionPostingRejected');
    expect(events).toHaveLength(4);
    expect(events.at(-1)?.record).toMatchObject({
      refusal: {
        ruleId: 'account-blocked',
        reason: 'ACCOUNT_BLOCKED',
        values: [
          { path: 'account.status', value: 'BLOCKED' },
          { path: 'transaction.messageClass', value: 'AUTHORIZATION' },
          { path: 'transaction.original', value: '(none)' },
        ],
      },
      findings: [{}, {}, {}],
      amount: USD,
      accountId: 'ACC-0001',
    });
  });

  it('is rejected without an account when nobody knows it', () => {
    const events = judged({ outcome: 'CARD_UNKNOWN', without: ['account', 'product'] });
    expect(names(events)).toEqual(['TransactionPostingRejected']);
    expect(events[0]?.record).not.toHaveProperty('accountId');
  });

  it('has the same keys again, and a different one for each event', () => {
    const keys = judged(abroad).map(({ record }) => record.idempotencyKey);
    expect(judged(abroad).map(({ record }) => record.idempotencyKey)).toEqual(keys);
    expect(new Set(keys).size).toBe(4);
  });

  it('that cannot be posted is never approved, whatever the rules leave out', () => {
    const careless = prepareRules({ version: '2', rules: (ruleSet as RuleSet).rules.slice(-1) });
    const record = enriched({ outcome: 'CARD_UNKNOWN', without: ['account', 'product'] });
    expect(() => judgeTransaction(record, careless)).toThrow(
      expect.objectContaining({ code: 'APPROVED_WITHOUT_ACCOUNT', retryable: false }),
    );
  });
});

describe('people', () => {
  it('are told of a refusal by a rule that tells people', () => {
    const record = withoutIssuingCountry();
    const [notification, ...others] = notificationsOf(record, judgeTransaction(record, rules), rules);
    expect(others).toEqual([]);
    expect(notification).toEqual({
      subject: 'Posting refused: MISSING_ISSUING_COUNTRY',
      message: [
        'Neither the bank nor the network says in which country the card was issued.',
        `Transaction ${record.transactionId} (VISA), PURCHASE of GBP 25.99, booked 2026-11-15.`,
        'Rule missing-issuing-country, version 2, looked at: card.issuingCountry (none), transaction.messageClass AUTHORIZATION, transaction.original (none).',
      ].join('\n'),
    });
  });

  it('are told of a finding by a rule that tells people', () => {
    const telling = prepareRules({
      version: '2',
      rules: (ruleSet as RuleSet).rules.map((rule) => ({ ...rule, notify: rule.effect === 'FIND' })),
    });
    const record = enriched(abroad);
    const notifications = notificationsOf(record, judgeTransaction(record, telling), telling);
    expect(notifications.map(({ subject }) => subject)).toEqual([
      'Found: FOREIGN_TRANSACTION',
      'Found: CURRENCY_CONVERSION',
      'Found: WARNING_MERCHANT_TYPE',
    ]);
  });

  it('are not told of anything else', () => {
    const record = enriched({ account: { status: 'BLOCKED' } });
    expect(notificationsOf(record, judgeTransaction(record, rules), rules)).toEqual([]);
  });
});
