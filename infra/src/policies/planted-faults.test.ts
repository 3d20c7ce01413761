import { describe, expect, it } from '@jest/globals';
import { breachesOf, describeBreach, POLICIES } from './broken-policies.ts';
import { everyCheckedStack } from './checked-stacks.fixture.ts';
import { DECLARATION_FAULTS } from './declaration-faults.fixture.ts';
import { DELIVERY_FAULTS } from './delivery-faults.fixture.ts';
import { planted } from './plant.fixture.ts';
import { SECURITY_FAULTS } from './security-faults.fixture.ts';

// Each fault is put into the stacks as they are synthesized today: a policy that notices nothing is none.

const FAULTS = { ...DELIVERY_FAULTS, ...SECURITY_FAULTS, ...DECLARATION_FAULTS };
const local = everyCheckedStack().get('local') ?? [];

describe('a planted fault', () => {
  it('is there for every policy, and for no other', () => {
    expect(Object.keys(FAULTS).sort()).toEqual(POLICIES.map(({ name }) => name).sort());
    for (const faults of Object.values(FAULTS)) expect(faults).not.toEqual([]);
  });

  it('is planted in stacks that break no policy without it', () => {
    expect(breachesOf(local)).toEqual([]);
  });

  it.each(
    Object.entries(FAULTS).flatMap(([policy, faults]) =>
      faults.map((fault) => [policy, fault.what, fault] as const),
    ),
  )('is found by %s alone: %s', (policy, _what, fault) => {
    const breaches = breachesOf(planted(local, fault));
    expect([...new Set(breaches.map(({ policy: { name } }) => name))]).toEqual([policy]);
    const found = breaches.filter(({ address }) => address === fault.address);
    expect(found.length).toBeGreaterThan(0);
    for (const breach of found) {
      expect(breach.owner).toBe(fault.owner);
      // What is wrong with what, and what to do about it.
      expect(describeBreach(breach)).toMatch(
        new RegExp(`^ {2}${policy}: ${fault.address} .+\\.\\n {4}[A-Z].+\\.$`),
      );
    }
  });
});
