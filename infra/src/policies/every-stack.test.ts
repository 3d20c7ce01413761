import { describe, expect, it } from '@jest/globals';
import { STAGES } from '@payments/schemas';
import { breachesOf, describeBreach, POLICIES } from './broken-policies.ts';
import { everyCheckedStack } from './checked-stacks.fixture.ts';

const stacks = everyCheckedStack();

describe('the stacks of today', () => {
  it('are the platform and every stage, for the local cloud and for an account of AWS', () => {
    expect([...stacks.keys()]).toEqual(expect.arrayContaining(['local', 'dev']));
    for (const checked of stacks.values())
      expect(checked.map(({ owner }) => owner)).toEqual(['platform', ...STAGES]);
  });

  it.each([...stacks])('break no policy in %s', (_name, checked) => {
    expect(breachesOf(checked).map(describeBreach)).toEqual([]);
  });
});

describe('the policies', () => {
  it('have names of their own, and say what they demand and why', () => {
    expect(new Set(POLICIES.map(({ name }) => name)).size).toBe(POLICIES.length);
    for (const { name, demands, source } of POLICIES) {
      expect(name).toMatch(/^[a-z-]+$/);
      expect(demands).toMatch(/^[A-Z].*\.$/);
      expect(source).not.toBe('');
    }
  });
});
