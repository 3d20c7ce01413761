import { describe, expect, it } from '@jest/globals';
import { STAGES } from '@payments/schemas';
import { arnOf, bucketName, keyAlias, NameTooLongError, resourceName } from './names.ts';

const environment = { system: 'payments', name: 'dev', accountId: '111122223333', region: 'eu-west-2' };

describe('a name', () => {
  it('says system, environment, stage and purpose', () => {
    expect(resourceName(environment, 'account-interface', 'subscriber')).toBe(
      'payments-dev-account-interface-subscriber',
    );
    expect(keyAlias(environment)).toBe('alias/payments-dev');
    expect(keyAlias(environment, 'vault')).toBe('alias/payments-dev-vault');
    expect(arnOf(environment, 'sns', 'x')).toBe('arn:aws:sns:eu-west-2:111122223333:x');
  });

  it('of a bucket says the account too', () => {
    expect(bucketName(environment, 'dedup', 'parked')).toBe('payments-dev-dedup-parked-111122223333');
  });

  it('that AWS would refuse is refused', () => {
    expect(() => resourceName(environment, 'dedup', 'x'.repeat(46))).toThrow(NameTooLongError);
    expect(resourceName(environment, 'dedup', 'x'.repeat(45))).toHaveLength(64);
    expect(() => bucketName(environment, 'dedup', 'x'.repeat(32))).toThrow(/AWS takes 63/);
  });

  it('fits in the longest environment that the schema takes, for every stage', () => {
    const longest = { ...environment, system: 's'.repeat(16), name: 'e'.repeat(12) };
    for (const stage of STAGES)
      expect(resourceName(longest, stage, 'subscriber').length).toBeLessThanOrEqual(64);
  });
});
