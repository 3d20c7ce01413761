import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BreakTables } from './break-tables.fixture.ts';
import { decideBreak } from './decide-break.ts';
import { DecisionRefusedError } from './errors.ts';
import { brokenCase, OPENED_AT } from './finding.fixture.ts';
import type { KeptBreak } from './ports.ts';
import { preparePolicy } from './prepare-policy.ts';
import policy from './reconciliation-policy.json' with { type: 'json' };

const prepared = preparePolicy(policy);
const NOW = Date.parse('2026-11-22T11:00:00Z');

let tables: BreakTables;
beforeAll(async () => {
  tables = await BreakTables.open();
});
afterAll(() => tables.close());

let cases = 0;
/** Opens a case of its own. */
async function given(change: Partial<KeptBreak>): Promise<string> {
  cases += 1;
  const breakId = `3f0e5a6e-6b0b-5c1e-9d3a-${String(cases).padStart(12, '0')}`;
  const each = { ...brokenCase({ breakId }), version: 1, businessDate: '2026-11-22', ...change };
  await tables.breaks().open([each], OPENED_AT);
  return breakId;
}

function decide(breakId: string, decision: 'approve' | 'reject', by: string, reason = 'seen in the core') {
  return decideBreak({ breakId, decision, by, reason }, tables.breaks(), prepared, NOW);
}

async function refusalOf(decision: Promise<unknown>): Promise<string> {
  try {
    await decision;
  } catch (error) {
    if (error instanceof DecisionRefusedError) return error.code;
    throw error;
  }
  return 'taken';
}

describe('a person decides about a case', () => {
  it('that policy proposed, and it is patched next', async () => {
    const breakId = await given({ state: 'PROPOSED', proposedBy: 'policy' });
    expect(await decide(breakId, 'approve', 'jane')).toMatchObject({ state: 'OPEN', decidedBy: 'jane' });
    expect((await tables.said()).at(-1)).toMatchObject({
      kind: 'APPROVED',
      breakId,
      decidedBy: 'jane',
      reason: 'seen in the core',
      policyVersion: policy.version,
    });
  });

  it('that was proposed, and rejects it', async () => {
    const breakId = await given({ state: 'PROPOSED', proposedBy: 'policy' });
    expect(await decide(breakId, 'reject', 'jane')).toMatchObject({
      state: 'PARKED',
      parkedBecause: 'REJECTED',
      says: 'PARKED',
    });
    expect((await tables.said()).at(-1)).toMatchObject({ kind: 'REJECTED', decidedBy: 'jane' });
  });

  it('that is parked, with a second person', async () => {
    const breakId = await given({ state: 'PARKED', parkedBecause: 'AMOUNT_CAP' });
    expect(await decide(breakId, 'approve', 'jane')).toMatchObject({ state: 'PROPOSED', proposedBy: 'jane' });
    expect(await refusalOf(decide(breakId, 'approve', 'jane'))).toBe('SAME_PERSON');
    expect(await decide(breakId, 'approve', 'joe')).toMatchObject({ state: 'OPEN', decidedBy: 'joe' });
  });

  it('once, when two do at the same time', async () => {
    const breakId = await given({ state: 'PROPOSED', proposedBy: 'policy' });
    const refusals = await Promise.all(
      ['jane', 'joe'].map((by) => refusalOf(decide(breakId, 'approve', by))),
    );
    expect(refusals.filter((refusal) => refusal === 'taken')).toHaveLength(1);
  });

  it.each<[string, Partial<KeptBreak>, 'approve' | 'reject', string, string, string]>([
    ['waits for nobody', {}, 'approve', 'jane', 'a reason', 'NOT_WAITING'],
    ['has nothing that is proposed', { state: 'PARKED' }, 'reject', 'jane', 'a reason', 'NOT_WAITING'],
    [
      'is never patched',
      { state: 'PARKED', type: 'UNBALANCED' },
      'approve',
      'jane',
      'a reason',
      'NEVER_PATCHED',
    ],
    ['is decided by nobody', { state: 'PROPOSED' }, 'approve', '', 'a reason', 'NOT_A_DECISION'],
    ['is decided by the policy', { state: 'PROPOSED' }, 'approve', 'policy', 'a reason', 'NOT_A_DECISION'],
    ['is decided for no reason', { state: 'PROPOSED' }, 'approve', 'jane', ' ', 'NOT_A_DECISION'],
  ])('but not one that %s', async (_what, change, decision, by, reason, refusal) => {
    const breakId = await given(change);
    const before = await tables.said();
    expect(await refusalOf(decide(breakId, decision, by, reason))).toBe(refusal);
    expect(await tables.said()).toEqual(before);
  });

  it('but not one that is not there', async () => {
    expect(await refusalOf(decide('00000000-0000-5000-8000-000000000000', 'approve', 'jane'))).toBe(
      'UNKNOWN_BREAK',
    );
  });
});
