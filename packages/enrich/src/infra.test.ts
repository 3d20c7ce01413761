import { describe, expect, it } from '@jest/globals';
import { subscriberGrants, synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of enrich', () => {
  it('may look up reference data, and not change it', () => {
    expect(local.grants('subscriber')).toEqual([
      'dynamodb:BatchGetItem aws_dynamodb_table.reference.arn',
      ...subscriberGrants(stage),
    ]);
  });

  it('tells the function where and how long to look up', () => {
    expect(local.variables('subscriber')).toMatchObject({
      REFERENCE_TABLE: 'payments-local-enrich-reference',
      REFERENCE_CACHE_SECONDS: '60',
      REFERENCE_VERSION: 'CURRENT',
    });
  });
});
