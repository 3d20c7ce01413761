import { describe, expect, it } from '@jest/globals';
import type { GrantReport } from '@payments/local-cloud';
import { mergeReports } from './grant.ts';

const PREFIXES = ['payments-local', 'payments-localbatch'];
const KEY = 'arn:aws:kms:eu-west-2:000000000000:key/7f0c';

function reportOf(environment: string, uses: readonly number[]): GrantReport {
  const role = `arn:aws:iam::000000000000:role/payments-${environment}-enrich-subscriber`;
  const common = { holder: role, policy: 'granted' };
  return {
    grants: [
      {
        ...common,
        statement: 'UseReference',
        action: 'dynamodb:BatchGetItem',
        resource: `arn:aws:dynamodb:eu-west-2:000000000000:table/payments-${environment}-enrich-reference`,
        used: uses[0] ?? 0,
      },
      {
        ...common,
        statement: 'SetAside',
        action: 's3:PutObject',
        resource: `arn:aws:s3:::payments-${environment}-platform-quarantine-000000000000/quarantine/enrich/*`,
        used: uses[1] ?? 0,
      },
      { ...common, statement: 'UsePlatformKey', action: 'kms:Decrypt', resource: KEY, used: uses[2] ?? 0 },
      {
        holder: 'arn:aws:iam::000000000000:role/till',
        policy: 'granted',
        statement: '0',
        action: 'sqs:SendMessage',
        resource: '*',
        used: 1,
      },
    ],
    denials: [
      {
        caller: `arn:aws:sts::000000000000:assumed-role/payments-${environment}-enrich-subscriber/local`,
        action: 'dynamodb:Scan',
        resource: `arn:aws:dynamodb:eu-west-2:000000000000:table/payments-${environment}-posting-ledger`,
        times: 2,
      },
    ],
    keys: { [KEY]: `alias/payments-${environment}` },
  };
}

describe('grants of several runs', () => {
  const merged = mergeReports([reportOf('local', [3, 0, 1]), reportOf('localbatch', [4, 0, 0])], PREFIXES);

  it('are added up under names that all environments have, without a role that a test made for itself', () => {
    const holder = 'role/enrich-subscriber';
    expect(merged.grants).toEqual([
      {
        holder,
        statement: 'SetAside',
        action: 's3:PutObject',
        resource: 's3:platform-quarantine/quarantine/enrich/*',
        used: 0,
      },
      {
        holder,
        statement: 'UsePlatformKey',
        action: 'kms:Decrypt',
        resource: 'alias/platform',
        used: 1,
      },
      {
        holder,
        statement: 'UseReference',
        action: 'dynamodb:BatchGetItem',
        resource: 'dynamodb:table/enrich-reference',
        used: 7,
      },
    ]);
  });

  it('come with what was denied', () => {
    expect(merged.denials).toEqual([
      {
        caller: 'role/enrich-subscriber',
        action: 'dynamodb:Scan',
        resource: 'dynamodb:table/posting-ledger',
        times: 4,
      },
    ]);
  });

  it('take the streams of one table for the same, whenever they were made', () => {
    const [grant] = reportOf('local', []).grants;
    if (grant === undefined) throw new Error('there is a grant');
    const streamed = (label: string, used: number): GrantReport => ({
      grants: [{ ...grant, resource: `${grant.resource}/stream/${label}`, used }],
      denials: [],
      keys: {},
    });
    const { grants } = mergeReports(
      [streamed('2026-11-22T10:00', 0), streamed('2026-11-22T11:00', 5)],
      PREFIXES,
    );
    expect(grants).toMatchObject([{ resource: 'dynamodb:table/enrich-reference/stream', used: 5 }]);
  });
});
