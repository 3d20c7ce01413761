import { describe, expect, it } from '@jest/globals';
import { subscriberGrants, synthesizeStacks } from '@payments/infra/testing';
import { stage } from './stage.ts';

const local = synthesizeStacks(stage.name, new URL('./infra.ts', import.meta.url)).in('local');

describe('the stack of standardize', () => {
  it('may take events, publish and set aside, and no more', () => {
    expect(local.grants('subscriber')).toEqual(subscriberGrants(stage));
  });

  it('owns nothing', () => {
    expect(local.resources('aws_dynamodb_table').size).toBe(0);
    expect(local.resources('aws_s3_bucket').size).toBe(0);
  });
});
