import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PostingEntryCreatedRecord } from '@payments/schemas';
import { sha256 } from './adapters/dynamodb-evidence.ts';
import type { Break, Finding } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { BreakTables } from './break-tables.fixture.ts';
import { decideBreak } from './decide-break.ts';
import { verifyChain } from './evidence-chain.ts';
import { brokenCase, postedEntry, rowOf } from './finding.fixture.ts';
import { openBreaks } from './open-breaks.ts';
import { type PatchPorts, patchBreaks } from './patch-breaks.ts';
import type { CaseStanding, KeptBreak, ReplayWindow } from './ports.ts';
import { preparePolicy } from './prepare-policy.ts';
import policy from './reconciliation-policy.json' with { type: 'json' };

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-22T10:00:00Z');

let tables: BreakTables;
/** What the world outside is, and what it was told. */
let standings: Map<string, CaseStanding>;
let replays: { readonly window: ReplayWindow; readonly name: string }[];
let replaysMax: number;
let entries: PostingEntryCreatedRecord[];
/** Called before the bus or the archive is asked. */
let before: () => void;
let now: number;

beforeAll(async () => {
  tables = await BreakTables.open();
});
afterAll(() => tables.close());
beforeEach(async () => {
  for (const state of ['OPEN', 'PATCHING', 'PROPOSED', 'PARKED'] as const)
    for (const each of await tables.breaks().inState(state, 1000))
      await tables.overwrite('breaks', { ...each, state: 'CLOSED' });
  standings = new Map();
  replays = [];
  replaysMax = 10;
  entries = [];
  before = () => undefined;
  now = START;
});

function ports(): PatchPorts {
  return {
    breaks: tables.breaks(),
    review: {
      review: async (cases) =>
        new Map(
          cases.map((each) => [
            each.breakId,
            standings.get(each.breakId) ?? { kind: 'differs', finding: each },
          ]),
        ),
    },
    replays: {
      start: async (asked) => {
        before();
        const started = asked.slice(0, replaysMax);
        replays.push(...started);
        return new Set(started.map(({ name }) => name));
      },
    },
    entries: {
      publish: async (records) => {
        before();
        entries.push(...records);
      },
    },
  };
}

function run(minutes = 0, by: unknown = policy, waiting = false) {
  now += minutes * MINUTE_MS;
  return patchBreaks(ports(), { policy: preparePolicy(by), now, max: 500, waiting });
}

let found = 0;
/** Finds a mismatch of a transaction of its own. */
async function find(change: Partial<Finding>): Promise<string> {
  found += 1;
  const transactionId = `576a0688-b1b5-5616-b56e-${String(found).padStart(12, '0')}`;
  const { breakId: _breakId, ...finding } = brokenCase({ ...change, transactionId });
  await openBreaks([finding], tables.breaks(), new Date(now).toISOString());
  return breakIdOf(finding);
}

async function stateOf(breakId: string): Promise<KeptBreak | undefined> {
  return (await tables.breaks().find([breakId])).get(breakId);
}

async function kindsAbout(breakId: string): Promise<readonly string[]> {
  return (await tables.said()).filter((each) => each.breakId === breakId).map(({ kind }) => kind);
}

const posted = [postedEntry(1), postedEntry(2)];
const wrongAccount = {
  posted,
  booked: [rowOf(postedEntry(1), { accountId: 'ACC-0666' }), rowOf(postedEntry(2))],
};
const doubled = {
  posted,
  booked: [...posted.map((entry) => rowOf(entry)), rowOf(postedEntry(1), { rowId: 'row-1-again' })],
};

describe('a case', () => {
  it('of a missing posting is given to its stage once more, and is patched when it agrees', async () => {
    const breakId = await find({ type: 'A_NOT_P' });
    expect(await run()).toMatchObject({ planned: 1, repeated: 1, replays: 1 });
    expect(replays.map(({ window }) => window.stage)).toEqual(['account-interface']);
    expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHING', attempts: 1 });
    expect(await run(1)).toMatchObject({ planned: 0, replays: 0 });
    standings.set(breakId, { kind: 'agrees', after: { posted } });
    expect(await run(1)).toMatchObject({ patched: 1 });
    expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHED', says: 'PATCHED' });
    expect(await kindsAbout(breakId)).toEqual(['INTENDED', 'SENT', 'PATCHED']);
  });

  it('is tried as often as its rule says, farther each time, and parked then', async () => {
    const breakId = await find({ type: 'A_NOT_P' });
    for (let minute = 0; minute < 30; minute += 1) await run(1);
    expect(replays).toHaveLength(3);
    expect(new Set(replays.map(({ name }) => name)).size).toBe(3);
    expect(await stateOf(breakId)).toMatchObject({
      state: 'PARKED',
      parkedBecause: 'ATTEMPTS',
      owner: 'payments-operations',
      attempts: 3,
      says: 'PARKED',
    });
    standings.set(breakId, { kind: 'agrees', after: {} });
    await run(1);
    expect(await stateOf(breakId)).toMatchObject({ state: 'PARKED' });
    await run(1, policy, true);
    expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHED' });
  });

  it('that agrees before anything was done is closed', async () => {
    const breakId = await find({ type: 'P_NOT_L' });
    standings.set(breakId, { kind: 'agrees', after: {} });
    expect(await run()).toMatchObject({ closed: 1, replays: 0 });
    expect(await kindsAbout(breakId)).toEqual(['CLOSED']);
    expect((await stateOf(breakId))?.says).toBeUndefined();
  });

  it('of a doubled row is corrected by one sequence', async () => {
    const breakId = await find({ type: 'DUPLICATE_L', sides: doubled });
    expect(await run(5)).toMatchObject({ corrections: 1 });
    expect(entries).toHaveLength(1);
    expect(entries[0]?.entry).toMatchObject({
      direction: 'CREDIT',
      correction: { breakId },
      account: { accountId: 'ACC-0001' },
    });
    expect(entries[0]?.idempotencyKey).toBe(entries[0]?.entry.entryId);
    expect((await tables.said()).find((each) => each.breakId === breakId)).toMatchObject({
      kind: 'INTENDED',
      before: doubled,
      ruleId: 'doubled-row',
      decidedBy: 'policy',
    });
  });

  it('of a wrong account waits for somebody, and is corrected when that one approves', async () => {
    const breakId = await find({ type: 'ACCOUNT_MISMATCH', sides: wrongAccount });
    expect(await run(5)).toMatchObject({ proposed: 1, corrections: 0 });
    const decision = { breakId, decision: 'approve', by: 'jane', reason: 'seen' } as const;
    await decideBreak(decision, tables.breaks(), preparePolicy(policy), now);
    expect(await run(1)).toMatchObject({ corrections: 1 });
    expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHING', patch: { decidedBy: 'jane' } });
    expect(await kindsAbout(breakId)).toEqual(['PROPOSED', 'APPROVED', 'INTENDED', 'SENT']);
  });

  it('of another date is accepted, and is no news when it is found again', async () => {
    const breakId = await find({ type: 'DATE_ONLY' });
    expect(await run(60)).toMatchObject({ patched: 1 });
    const kept = await stateOf(breakId);
    if (kept === undefined) throw new Error('the case is gone');
    const again = await openBreaks([kept], tables.breaks(), new Date(now + MINUTE_MS).toISOString());
    expect(again).toEqual([]);
  });

  it('that does not balance is parked for the incident team and never patched', async () => {
    const breakId = await find({ type: 'UNBALANCED', sides: wrongAccount });
    for (let minute = 0; minute < 10; minute += 1) await run(1, policy, true);
    expect(await stateOf(breakId)).toMatchObject({ state: 'PARKED', owner: 'incident-team', attempts: 0 });
    expect([...entries, ...replays]).toEqual([]);
  });

  it('that became another mismatch is ended, and the other one opened', async () => {
    const breakId = await find({ type: 'A_NOT_P' });
    await run();
    const kept = await stateOf(breakId);
    if (kept === undefined) throw new Error('the case is gone');
    const finding: Break = { ...kept, type: 'P_NOT_L' };
    standings.set(breakId, { kind: 'moved', finding });
    // At first it may be on its way.
    expect(await run(1)).toMatchObject({ patched: 0, opened: 0 });
    expect(await run(5)).toMatchObject({ patched: 1, opened: 1 });
    expect(await stateOf(breakIdOf(finding))).toMatchObject({ state: 'OPEN', type: 'P_NOT_L' });
  });

  it('of the same transaction as one that is being patched waits for that', async () => {
    const first = await find({ type: 'DUPLICATE_L', sides: doubled });
    const kept = await stateOf(first);
    if (kept === undefined) throw new Error('the case is gone');
    const other: Finding = { ...kept, type: 'AMOUNT_MISMATCH' };
    await openBreaks([other], tables.breaks(), new Date(now).toISOString());
    expect(await run(5)).toMatchObject({ planned: 1 });
    expect(await run(1)).toMatchObject({ planned: 0 });
    standings.set(first, { kind: 'agrees', after: {} });
    expect(await run(1)).toMatchObject({ patched: 1, planned: 0 });
    expect(await run(1)).toMatchObject({ planned: 1 });
  });
});

describe('a run', () => {
  it.each(['the entries were taken', 'the bus said no'])(
    'that breaks off after %s is gone on with by the next, with the same ids',
    async (when) => {
      const breakId = await find({ type: 'DUPLICATE_L', sides: doubled });
      const broken = new Error('the function was cut off');
      const cut: PatchPorts = {
        ...ports(),
        entries: {
          publish: async (records) => {
            if (when === 'the entries were taken') entries.push(...records);
            throw broken;
          },
        },
      };
      now += 5 * MINUTE_MS;
      const about = { policy: preparePolicy(policy), now, max: 500, waiting: false };
      await expect(patchBreaks(cut, about)).rejects.toThrow(broken);
      expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHING', attempts: 1 });
      expect(await kindsAbout(breakId)).toEqual(['INTENDED']);
      expect(await run(24 * 60)).toMatchObject({ planned: 0, corrections: 1 });
      expect(new Set(entries.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await stateOf(breakId)).toMatchObject({ state: 'PATCHING', attempts: 1 });
      expect(await kindsAbout(breakId)).toEqual(['INTENDED', 'SENT']);
    },
  );

  it('that may start no more replays leaves the others to the next', async () => {
    const producedAt = new Date(START).toISOString();
    await find({ type: 'A_NOT_P' });
    await find({ type: 'A_NOT_P', lastGood: { event: 'TransactionAuthorized', producedAt } });
    replaysMax = 1;
    expect(await run()).toMatchObject({ planned: 2, replays: 1, repeated: 1 });
    expect(await run(1)).toMatchObject({ planned: 0, replays: 1, repeated: 1 });
    expect(await run(1)).toMatchObject({ replays: 0 });
  });

  it('at the same time as another one patches each case once', async () => {
    for (let each = 0; each < 30; each += 1) await find({ type: 'DUPLICATE_L', sides: doubled });
    now += 5 * MINUTE_MS;
    const counts = await Promise.all([run(), run(), run()]);
    expect(counts.reduce((sum, { planned }) => sum + planned, 0)).toBe(30);
    expect(new Set(entries.map(({ entry }) => entry.entryId)).size).toBe(30);
  });

  it('patches no more in an hour than a rule may, whatever runs there are, and parks the others', async () => {
    const rules = policy.rules.map((rule) =>
      rule.id === 'missing-posting' ? { ...rule, perHourMax: 7 } : rule,
    );
    const breakIds: string[] = [];
    for (let each = 0; each < 12; each += 1) breakIds.push(await find({ type: 'A_NOT_P' }));
    // An hour of its own, in which nothing was patched before.
    now = START + 48 * 60 * MINUTE_MS;
    await Promise.all([run(0, { ...policy, rules }), run(0, { ...policy, rules })]);
    for (let minute = 0; minute < 4; minute += 1) await run(1, { ...policy, rules });
    const states = await tables.breaks().find(breakIds);
    const inState = (state: string) => [...states.values()].filter((each) => each.state === state);
    expect(inState('PATCHING')).toHaveLength(7);
    expect(inState('PARKED').map(({ parkedBecause }) => parkedBecause)).toEqual(Array(5).fill('COUNT_CAP'));
  });

  it('makes a few replays of many cases', async () => {
    for (let each = 0; each < 60; each += 1) {
      const producedAt = new Date(START - each * 10 * MINUTE_MS).toISOString();
      await find({ type: 'A_NOT_P', lastGood: { event: 'TransactionAuthorized', producedAt } });
    }
    now = START + 72 * 60 * MINUTE_MS;
    const { repeated, replays: started } = await run();
    expect(repeated).toBe(60);
    expect(started).toBeLessThanOrEqual(6);
  });
});

describe('the evidence of all that', () => {
  it('is one chain without a gap, and shows where somebody altered it', async () => {
    const verify = () => verifyChain(tables.evidence().read(), sha256);
    expect(await verify()).toMatchObject({ kind: 'intact' });
    const rows = (await tables.rows('evidence')).toSorted((a, b) =>
      String(a['number']).localeCompare(String(b['number'])),
    );
    const victim = rows[Math.floor(rows.length / 2)];
    if (victim === undefined) throw new Error('there is no evidence');
    const content = String(victim['content']).replace('policy', 'nobody');
    await tables.overwrite('evidence', { ...victim, content });
    expect(await verify()).toEqual({
      kind: 'tampered',
      number: Number(victim['number']),
      explanation: 'it does not say what it said when it was written',
    });
    await tables.overwrite('evidence', victim);
    expect(await verify()).toMatchObject({ kind: 'intact', entries: rows.length });
  });
});
