import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explainProblem, type TransactionEnrichedRecord } from '@payments/schemas';
import { RuleSet } from '@payments/schemas/closed/rule-set';
import { TransactionEnrichedRecord as accepts } from '@payments/schemas/closed/transaction-enriched';
import jsonLogic from 'json-logic-js';
import { enriched, withoutIssuingCountry } from './enriched.fixture.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { prepareRules } from './prepare-rules.ts';

const ruleSet: unknown = JSON.parse(readFileSync(new URL('./rule-set.json', import.meta.url), 'utf8'));
if (!RuleSet(ruleSet)) throw new Error(`rule-set.json: ${explainProblem(RuleSet)}`);
const rules = prepareRules(ruleSet);

const CREDIT = { transaction: { direction: 'CREDIT' as const, kind: 'REFUND' as const } };
const USD = { minorUnits: '10000', currency: 'USD' };

/** For each rule a transaction that it speaks of, and one that is close but that it lets pass. */
const CASES: Readonly<Record<string, readonly [TransactionEnrichedRecord, TransactionEnrichedRecord]>> = {
  'card-unknown': [
    enriched({ outcome: 'CARD_UNKNOWN', card: { status: 'UNKNOWN' }, without: ['account', 'product'] }),
    enriched(),
  ],
  'missing-issuing-country': [withoutIssuingCountry(), enriched({ card: { issuingCountry: 'US' } })],
  'account-unknown': [
    enriched({ outcome: 'ACCOUNT_UNKNOWN', without: ['account', 'product'] }),
    enriched({ outcome: 'PRODUCT_UNKNOWN', without: ['product'] }),
  ],
  'account-closed': [
    enriched({ outcome: 'ACCOUNT_CLOSED', account: { status: 'CLOSED' } }),
    enriched({ account: { status: 'HOLD' } }),
  ],
  'account-blocked': [
    enriched({ account: { status: 'BLOCKED' }, ...CREDIT }),
    enriched({ account: { status: 'HOLD' } }),
  ],
  'account-on-hold': [
    enriched({ account: { status: 'HOLD' } }),
    enriched({ account: { status: 'HOLD' }, ...CREDIT }),
  ],
  'card-blocked': [
    enriched({ card: { status: 'BLOCKED' } }),
    enriched({ card: { status: 'BLOCKED' }, ...CREDIT }),
  ],
  'card-expired': [
    enriched({ card: { status: 'EXPIRED' } }),
    enriched({ card: { status: 'EXPIRED' }, ...CREDIT }),
  ],
  'product-unknown': [enriched({ outcome: 'PRODUCT_UNKNOWN', without: ['product'] }), enriched()],
  'rate-unknown': [
    enriched({ outcome: 'RATE_UNKNOWN', transaction: { amount: USD, billed: USD } }),
    enriched({ transaction: { amount: USD } }),
  ],
  'foreign-transaction': [
    enriched({ merchant: { country: 'US' } }),
    enriched({ transaction: { amount: USD } }),
  ],
  'currency-conversion': [
    enriched({ transaction: { amount: USD } }),
    enriched({ merchant: { country: 'US' } }),
  ],
  'warning-merchant-type': [
    enriched({ merchant: { risk: 'WARNING' } }),
    enriched({ merchant: { categoryCode: '7995', risk: 'STANDARD' } }),
  ],
};

/** The rules that speak of a transaction. */
function speaking(record: TransactionEnrichedRecord): string[] {
  expect(accepts(record)).toBe(true);
  const { refusal, findings } = evaluateRules(record, rules);
  return [refusal, ...findings.map(({ outcome }) => outcome)].flatMap((outcome) => outcome?.ruleId ?? []);
}

describe('the rule set', () => {
  it('has a case for every rule, and no rule without one', () => {
    expect(Object.keys(CASES).sort()).toEqual(ruleSet.rules.map(({ id }) => id).sort());
  });

  it.each(Object.entries(CASES))('%s speaks when it should, and only then', (id, [spokenOf, letPass]) => {
    expect(speaking(spokenOf)).toContain(id);
    expect(speaking(letPass)).not.toContain(id);
  });

  it('lets a domestic purchase pass without a word', () => {
    expect(speaking(enriched())).toEqual([]);
  });

  it('has nothing to say of a foreign transaction when a country is not known', () => {
    const record = enriched();
    delete record.merchant.country;
    expect(speaking(record)).toEqual([]);
  });

  it('tells people where an issuing country is missing', () => {
    expect([...rules.notifying]).toEqual(['missing-issuing-country']);
  });

  it('names only members that an enriched transaction can have', () => {
    for (const { id, when } of ruleSet.rules)
      for (const path of jsonLogic.uses_data({ ...when }))
        expect({ id, path, inContract: isInContract(String(path)) }).toEqual({ id, path, inContract: true });
    expect(isInContract('card.colour')).toBe(false);
  });
});

type Schema = { readonly $ref?: string; readonly properties?: Readonly<Record<string, Schema>> };

/** Follows a dotted path through the contract of an enriched record, across its references. */
function isInContract(path: string): boolean {
  const schemas = new URL('../../../schemas/', import.meta.url);
  const read = (url: URL) => JSON.parse(readFileSync(url, 'utf8')) as Schema & { $defs?: { record: Schema } };
  let base = new URL('events/transaction-enriched.v1.json', schemas);
  let schema: Schema | undefined = read(base).$defs?.record;
  for (const member of path.split('.')) {
    if (schema?.$ref !== undefined) {
      base = new URL(schema.$ref, base);
      schema = read(base);
    }
    schema = schema?.properties?.[member];
  }
  return schema !== undefined;
}
