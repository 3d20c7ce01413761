import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../stack-files.ts';
import type { Grant } from './grant.ts';
import { grantProblems, parseUnusedGrants, UnusedGrantsFileError } from './unused-grants.ts';

const FILE = 'unused.json';
const WHY = 'only AWS itself exercises it';
const unused: Grant = {
  holder: 'role/posting-fold',
  statement: 'KeepFailedBatches',
  action: 'sqs:SendMessage',
  resource: 'sqs:posting-fold-failed',
  used: 0,
};
const used: Grant = { ...unused, statement: 'UseBalances', action: 'dynamodb:PutItem', used: 9 };

describe('a grant', () => {
  it('that was used is no problem', () => {
    expect(grantProblems([used], [], FILE)).toEqual([]);
  });

  it('that no run used is one, which names whose it is, the action and the resource', () => {
    expect(grantProblems([used, unused], [], FILE)).toEqual([
      'role/posting-fold may sqs:SendMessage on sqs:posting-fold-failed (KeepFailedBatches), and no run did: take the grant away, or say why it stays in unused.json.',
    ]);
  });

  it.each([
    ['by its own names', { holders: ['role/posting-fold'], actions: ['sqs:SendMessage'], why: WHY }],
    [
      'by patterns',
      { holders: ['role/*'], actions: ['sqs:SendMessage'], resources: ['sqs:*-failed'], why: WHY },
    ],
  ])('that an entry explains is none: %s', (_title, entry) => {
    expect(grantProblems([used, unused], [entry], FILE)).toEqual([]);
  });

  it.each([
    ['another holder', { holders: ['role/posting-fol'], actions: ['sqs:SendMessage'], why: WHY }],
    ['another action', { holders: ['role/*'], actions: ['sqs:DeleteMessage'], why: WHY }],
    [
      'another resource',
      { holders: ['role/*'], actions: ['sqs:SendMessage'], resources: ['sns:*'], why: WHY },
    ],
  ])('is not explained by an entry for %s', (_title, entry) => {
    expect(grantProblems([unused], [entry], FILE)[0]).toContain('role/posting-fold may sqs:SendMessage');
  });
});

describe('an entry', () => {
  it.each([
    [
      'holder',
      { holders: ['role/posting-fold', 'role/gone'], actions: ['sqs:SendMessage'], why: WHY },
      'role/gone',
    ],
    [
      'action that is used by now',
      { holders: ['role/*'], actions: ['sqs:SendMessage', 'dynamodb:PutItem'], why: WHY },
      'dynamodb:PutItem',
    ],
  ])('that explains nothing for a %s has to go', (_title, entry, stale) => {
    expect(grantProblems([used, unused], [entry], FILE)).toEqual([
      `unused.json explains an unused grant of ${stale} ("${WHY}"), and there is none: take it out.`,
    ]);
  });

  it('of what a run may use by chance stays when one does, and goes with the grant', () => {
    const byChance = {
      holders: ['role/*'],
      actions: ['dynamodb:PutItem'],
      mayBeUsed: true,
      why: WHY,
    } as const;
    expect(grantProblems([used], [byChance], FILE)).toEqual([]);
    expect(grantProblems([], [byChance], FILE)).toHaveLength(2);
  });

  it.each([
    ['a reason', { holders: ['a'], actions: ['b'] }],
    ['a reason that says something', { holders: ['a'], actions: ['b'], why: 'needed' }],
    ['holders', { holders: [], actions: ['b'], why: WHY }],
    ['no member that is not known', { holders: ['a'], actions: ['b'], reason: 'x', why: WHY }],
  ])('has %s', (_title, entry) => {
    expect(() => parseUnusedGrants(JSON.stringify([entry]))).toThrow(UnusedGrantsFileError);
  });

  it('of ours has the form that it must have', () => {
    const text = readFileSync(join(ROOT, 'infra/unused-grants.json'), 'utf8');
    expect(parseUnusedGrants(text).length).toBeGreaterThan(0);
  });
});
