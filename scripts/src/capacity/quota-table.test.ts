import { describe, expect, it } from '@jest/globals';
import { limitIn, QuotaMissingError, quotaOf, readQuotaTable } from './quota-table.ts';

const TABLE = readQuotaTable();

describe('the quota table', () => {
  it.each([...TABLE.quotas])('says of $id where it is from and of which day', (quota) => {
    expect(quota.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(quota.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(quota.asOf <= TABLE.readOn).toBe(true);
    expect(quota.name).not.toBe('');
    for (const limit of [quota.otherwise, ...Object.values(quota.regions)]) expect(limit).toBeGreaterThan(0);
  });

  it('has no quota twice', () => {
    expect(new Set(TABLE.quotas.map(({ id }) => id)).size).toBe(TABLE.quotas.length);
  });

  it.each([
    ['events:invocations', 'eu-west-2', 2_250],
    ['events:invocations', 'us-east-1', 18_750],
    ['events:put-events', 'eu-west-2', 1_200],
    // A region that has no figure of its own.
    ['events:put-events', 'il-central-1', 400],
    ['kms:symmetric', 'eu-west-2', 20_000],
  ])('gives %s in %s', (id, region, limit) => {
    expect(limitIn(quotaOf(TABLE, id), region)).toBe(limit);
  });

  it('knows what it does not have', () => {
    expect(() => quotaOf(TABLE, 'none')).toThrow(QuotaMissingError);
  });
});
