import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { BreakTables } from './break-tables.fixture.ts';
import { decideBreak } from './decide-break.ts';
import { brokenCase, OPENED_AT, postedEntry, rowOf, SEQUENCE_ID } from './finding.fixture.ts';
import { keepStatement } from './keep-statement.ts';
import { patchBreaks } from './patch-breaks.ts';
import { preparePolicy } from './prepare-policy.ts';
import policyFile from './reconciliation-policy.json' with { type: 'json' };
import { caseReview } from './review-cases.ts';

const policy = preparePolicy(policyFile);
const NOW = Date.parse(OPENED_AT);
const HOUR_MS = 3_600_000;
const STATEMENT = { from: '2026-11-22', to: '2026-11-22', accountIds: ['ACC-0001'] };

const {
  breakId: _,
  state: _state,
  openedAt: _opened,
  changedAt: _changed,
  attempts: _attempts,
  ...found
} = brokenCase();
const altered: Finding = {
  ...found,
  sides: { posted: [postedEntry(1)], booked: [rowOf(postedEntry(1), { minorUnits: '2699' })] },
};
const caseId = breakIdOf({ ...altered, statement: '2026-11-22..2026-11-22' });

let tables: BreakTables;
beforeAll(async () => {
  tables = await BreakTables.open();
});
afterAll(() => tables.close());

/** Each look is an hour after the one before. */
let hours = 0;
const now = (): number => {
  hours += 1;
  return NOW + hours * HOUR_MS;
};

const keep = (statement: Partial<Parameters<typeof keepStatement>[0]>) =>
  keepStatement({ ...STATEMENT, findings: [], ...statement }, tables.breaks(), policy.version, now());
const stateNow = async () => (await tables.breaks().find([caseId])).get(caseId)?.state;

/** One run of patching, in which our own ledger has what was posted. */
async function patch(): Promise<void> {
  const ports = {
    breaks: tables.breaks(),
    review: caseReview({ find: async () => [] }, { rowsOf: async () => [] }),
    replays: { start: () => Promise.reject(new Error('nothing is replayed')) },
    entries: { publish: () => Promise.reject(new Error('nothing is corrected')) },
  };
  await patchBreaks(ports, { policy, now: now(), max: 100, waiting: true });
}

describe("what differs in a bank's statement", () => {
  it('is a case, once however often it is compared, and another one than where our own ledger differs', async () => {
    expect(caseId).not.toBe(breakIdOf(altered));
    expect(await keep({ findings: [altered] })).toEqual({ opened: 1, closed: 0 });
    expect(await keep({ findings: [altered], from: '2026-11-20' })).toEqual({ opened: 0, closed: 0 });
    expect(await stateNow()).toBe('OPEN');
  });

  it('is parked, for nobody but the bank puts it right', async () => {
    await patch();
    expect((await tables.breaks().find([caseId])).get(caseId)).toMatchObject({
      state: 'PARKED',
      parkedBecause: 'NOT_ALLOWED',
      owner: 'posting-operations',
    });
    const decision = { breakId: caseId, decision: 'approve', by: 'jane', reason: 'seen' } as const;
    await expect(decideBreak(decision, tables.breaks(), policy, NOW)).rejects.toMatchObject({
      code: 'NEVER_PATCHED',
    });
  });

  it.each([
    ['of another day', { from: '2026-11-23', to: '2026-11-23' }],
    ['of other accounts', { accountIds: ['ACC-0002'] }],
  ])('stays where a statement %s says nothing of it', async (_what, statement) => {
    expect(await keep(statement)).toEqual({ opened: 0, closed: 0 });
    expect(await stateNow()).toBe('PARKED');
  });

  it('ends when a later statement agrees, with evidence', async () => {
    expect(await keep({ to: '2026-11-23' })).toEqual({ opened: 0, closed: 1 });
    expect(await stateNow()).toBe('CLOSED');
    expect((await tables.said()).at(-1)).toMatchObject({ kind: 'CLOSED', breakId: caseId });
  });

  it('ends as what it was when the same sequence differs in another way', async () => {
    expect(await keep({ findings: [altered] })).toEqual({ opened: 1, closed: 0 });
    const later = { ...altered, type: 'DATE_ONLY' as const, sequenceId: SEQUENCE_ID };
    expect(await keep({ findings: [later], from: '2026-11-23', to: '2026-11-23' })).toEqual({
      opened: 1,
      closed: 1,
    });
  });

  it('is refused where it is no comparison', async () => {
    await expect(keep({ from: 'today' })).rejects.toMatchObject({ code: 'NOT_A_DECISION' });
  });
});
