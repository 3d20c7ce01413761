import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explainProblem, type TransactionEnrichedRecord } from '@payments/schemas';
import { RuleSet } from '@payments/schemas/closed/rule-set';
import { TransactionEnrichedRecord as accepts } from '@payments/schemas/closed/transaction-enriched';
import { pathsIn } from './condition-paths.ts';
import { enriched } from './enriched.fixture.ts';
import { evaluateRules } from './evaluate-rules.ts';
import { prepareRules } from './prepare-rules.ts';
import { ruleTestProblems, transactionOf } from './rule-tests.ts';

const ruleSet: unknown = JSON.parse(readFileSync(new URL('./rule-set.json', import.meta.url), 'utf8'));
if (!RuleSet(ruleSet)) throw new Error(`rule-set.json: ${explainProblem(RuleSet)}`);
const rules = prepareRules(ruleSet);

/** The rules that speak of a transaction. */
function speaking(record: TransactionEnrichedRecord): string[] {
  expect(accepts(record)).toBe(true);
  const { refusal, findings } = evaluateRules(record, rules);
  return [refusal, ...findings.map(({ outcome }) => outcome)].flatMap((outcome) => outcome?.ruleId ?? []);
}

describe('the rule set', () => {
  const cases = ruleSet.rules.flatMap(({ id, tests }) =>
    tests.map((test) => ({ id, test, title: test.title })),
  );
  it.each(cases)('$id: $title', ({ id, test }) => {
    const record = transactionOf(test);
    if (!accepts(record)) throw new Error(explainProblem(accepts));
    expect(speaking(record).includes(id)).toBe(test.speaks);
  });

  it('has a test either way for every rule, and no problem in any', () => {
    expect(ruleTestProblems(ruleSet, accepts)).toEqual([]);
  });

  it('is in no bundle before its tests pass', () => {
    const file = new URL('../package.json', import.meta.url);
    const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['bundle']).toMatch(/^node src\/check-rule-set\.ts && /);
  });

  it('lets a domestic purchase pass without a word', () => {
    expect(speaking(enriched())).toEqual([]);
  });

  it('tells people of what should not have been authorized, or cannot be booked though it was', () => {
    expect([...rules.notifying]).toEqual(['missing-issuing-country', 'account-closed', 'rate-unknown']);
  });

  it('names only members that an enriched transaction can have', () => {
    for (const { id, when } of ruleSet.rules)
      for (const path of pathsIn(when))
        expect({ id, path, inContract: isInContract(path) }).toEqual({ id, path, inContract: true });
    expect(isInContract('card.colour')).toBe(false);
  });
});

describe('what follows an original', () => {
  const REVERSAL = { messageClass: 'REVERSAL', kind: 'REVERSAL', direction: 'DEBIT' } as const;
  const COMPLETION = { messageClass: 'FINANCIAL', kind: 'PURCHASE', direction: 'DEBIT' } as const;
  const original = { stan: '100000' };
  /** What may have come about since the original was approved. */
  const SINCE: readonly Parameters<typeof enriched>[0][] = [
    { account: { status: 'BLOCKED' } },
    { account: { status: 'HOLD' } },
    { card: { status: 'BLOCKED' } },
    { card: { status: 'EXPIRED' } },
    { product: { transactionLimit: { minorUnits: '1', currency: 'GBP' } } },
  ];

  it.each(SINCE)('is refused for nothing that could not stop the original: %j', (since) => {
    expect(evaluateRules(enriched(since), rules).refusal).toBeDefined();
    for (const followUp of [REVERSAL, COMPLETION])
      for (const transaction of [
        { ...followUp, original },
        { ...followUp, direction: 'CREDIT' as const, original },
      ])
        expect(evaluateRules(enriched({ ...since, transaction }), rules).refusal).toBeUndefined();
  });

  it('is a reversal even where it does not name what it takes back', () => {
    expect(
      evaluateRules(enriched({ account: { status: 'HOLD' }, transaction: REVERSAL }), rules).refusal,
    ).toBeUndefined();
  });

  it('is no increment: that is a new debit, whatever it refers to', () => {
    const record = enriched({ account: { status: 'HOLD' }, transaction: { original } });
    expect(evaluateRules(record, rules).refusal).toMatchObject({ reason: 'ACCOUNT_ON_HOLD' });
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
