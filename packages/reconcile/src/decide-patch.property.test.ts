import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Break, MismatchType } from './break.ts';
import { decidePatch, POLICY } from './decide-patch.ts';
import { brokenCase, OPENED_AT, postedEntry, rowOf } from './finding.fixture.ts';
import { preparePolicy, ruleFor } from './prepare-policy.ts';
import policy from './reconciliation-policy.json' with { type: 'json' };

const prepared = preparePolicy(policy);
const TYPES = [...prepared.rules.keys()];
const OPENED = Date.parse(OPENED_AT);

const posted = [postedEntry(1), postedEntry(2)];
const sides = fc.constantFrom<Break['sides']>(
  { posted, booked: posted.map((entry) => rowOf(entry)) },
  { posted, booked: [rowOf(postedEntry(1), { accountId: 'ACC-0666' }), rowOf(postedEntry(2))] },
  { posted, booked: [...posted.map((entry) => rowOf(entry)), rowOf(postedEntry(1), { rowId: 'again' })] },
  { posted, booked: [] },
  {},
);

const cases: fc.Arbitrary<Break> = fc
  .record({
    type: fc.constantFrom<MismatchType>(...TYPES),
    sides,
    attempts: fc.nat({ max: 5 }),
    state: fc.constantFrom<Break['state']>('OPEN', 'PATCHING'),
    minorUnits: fc.bigInt({ min: 0n, max: 200_000n }),
    currency: fc.constantFrom('GBP', 'EUR', 'JPY'),
    by: fc.option(fc.constant('jane'), { nil: undefined }),
  })
  .map(({ minorUnits, currency, by, ...rest }) =>
    brokenCase({
      ...rest,
      atRisk: { minorUnits: minorUnits.toString(), currency },
      ...(by === undefined ? {} : { decidedBy: by }),
    }),
  );

const later = fc.nat({ max: 10_000 }).map((minutes) => OPENED + minutes * 60_000);

describe('whatever a case is,', () => {
  it('UNBALANCED is never patched and never proposed', () => {
    fc.assert(
      fc.property(cases, later, (each, now) => {
        const decision = decidePatch({ ...each, type: 'UNBALANCED' }, prepared, new Map(), now);
        expect(decision).toMatchObject({ kind: 'PARK', reason: 'NOT_ALLOWED' });
      }),
    );
  });

  it('policy patches nothing that is beyond its attempts, caps or threshold', () => {
    fc.assert(
      fc.property(cases, later, fc.nat({ max: 6000 }), (each, now, used) => {
        const rule = ruleFor(prepared, each.type, each.atRisk);
        const decision = decidePatch(each, prepared, new Map([[rule.id, used]]), now);
        if (decision.kind !== 'PATCH' || decision.plan.decidedBy !== POLICY) return;
        expect(rule.automatic).toBe(true);
        expect(each.attempts).toBeLessThan(rule.attemptsMax);
        expect(used).toBeLessThan(rule.perHourMax);
        expect(now).toBeGreaterThanOrEqual(OPENED + rule.waitMinutes * 60_000);
        for (const [limits, isBelow] of [
          [rule.amountMax, (amount: bigint, limit: bigint) => amount <= limit],
          [rule.fourEyesAbove, (amount: bigint, limit: bigint) => amount < limit],
        ] as const) {
          if (limits === undefined) continue;
          const limit = limits.find(({ currency }) => currency === each.atRisk?.currency);
          expect(isBelow(BigInt(each.atRisk?.minorUnits ?? '-1'), BigInt(limit?.minorUnits ?? '-1'))).toBe(
            true,
          );
        }
      }),
    );
  });

  it('what a person approved is patched once, and then as policy says', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const approved: Break = { ...each, state: 'OPEN', decidedBy: 'jane' };
        const now = OPENED + 60 * 60_000;
        const first = decidePatch(approved, prepared, new Map(), now);
        if (first.kind !== 'PATCH') return;
        expect(first.plan.decidedBy).toBe('jane');
        const after: Break = { ...approved, state: 'PATCHING', attempts: first.plan.attempt };
        const second = decidePatch(after, prepared, new Map(), now);
        if (second.kind === 'PATCH') expect(second.plan.decidedBy).toBe(POLICY);
        expect(second.kind === 'PATCH' && after.attempts >= second.rule.attemptsMax).toBe(false);
      }),
    );
  });

  it('the same decision is the same patch', () => {
    fc.assert(
      fc.property(cases, later, (each, now) => {
        expect(decidePatch(each, prepared, new Map(), now)).toEqual(
          decidePatch(each, prepared, new Map(), now),
        );
      }),
    );
  });
});
