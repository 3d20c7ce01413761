import { describe, expect, it } from '@jest/globals';
import type { Damage } from './damage.ts';
import { DAMAGES } from './damages.ts';
import { bookedSequence, cleanRun, drillCase, patchRule } from './drill.fixture.ts';
import type { DrillRun } from './drill-run.ts';
import { judgeDrill } from './judge-drill.ts';

const RULES = [patchRule('A_NOT_P'), patchRule('L_NOT_P', { automatic: false })];
const damage = DAMAGES.find(({ name }) => name === 'lost-before-enrich') as Damage;
const [first, second] = [bookedSequence('first'), bookedSequence('second')];
const undamaged = cleanRun([first, second]);
const found = drillCase(first.transactionId, 'A_NOT_P');

/** The first transaction was lost, found and patched. */
function healed({ cases = [found], ...others }: Partial<DrillRun> = {}): DrillRun {
  return {
    ...cleanRun([first, second]),
    cases,
    byPolicy: new Map(cases.map((each) => [each.breakId, each])),
    planted: new Map([[damage.name, new Set([first.transactionId])]]),
    evidence: { entries: 3, firstBad: undefined },
    detected: new Map([[found.breakId, 1]]),
    ...others,
  };
}

const problemsOf = (run: DrillRun) => judgeDrill(undamaged, run, [damage], RULES).problems;

describe('a drill', () => {
  it('is in order where what was damaged was found, patched, and nothing else happened', () => {
    expect(judgeDrill(undamaged, healed(), [damage], RULES)).toEqual({
      damages: [
        {
          damage: damage.name,
          does: damage.does,
          planted: 1,
          foundAs: { A_NOT_P: 1 },
          patched: 1,
          approved: 0,
          parked: 0,
          ledgerEqual: true,
        },
      ],
      falseAlarms: 0,
      problems: [],
    });
  });

  it.each<[string, Partial<DrillRun>, RegExp]>([
    ['nothing was planted', { planted: new Map(), cases: [], detected: new Map() }, /nothing was planted/],
    ['it was not found', { cases: [], detected: new Map() }, /lost-before-enrich: no case of/],
    [
      'it was found as something else',
      { cases: [{ ...found, type: 'L_NOT_P', state: 'PARKED' }] },
      /was found as L_NOT_P/,
    ],
    [
      'it was parked against policy',
      { cases: [{ ...found, state: 'PARKED' }] },
      /is PARKED; by policy it is patched/,
    ],
    ['it is still open', { cases: [{ ...found, state: 'OPEN' }] }, /is OPEN; by policy it is patched/],
    ['it was said twice', { detected: new Map([[found.breakId, 2]]) }, /was said 2 times/],
    ['it was never said', { detected: new Map() }, /was said 0 times/],
    [
      'an entry of evidence was altered',
      { evidence: { entries: 3, firstBad: 2 } },
      /evidence breaks at entry 2/,
    ],
    ['there is no evidence', { evidence: { entries: 0, firstBad: undefined } }, /no evidence/],
    ['repeating it changed something', { changedByRepeating: ['the ledger changed'] }, /the ledger changed/],
    [
      'an entry is missing',
      { sequences: [{ ...first, entries: first.entries.slice(1) }, second] },
      /stand otherwise/,
    ],
    ['a sequence is missing', { sequences: [second] }, /stand otherwise/],
  ])('is not in order where %s', (_what, others, problem) => {
    expect(problemsOf(healed(others)).join('\n')).toMatch(problem);
  });

  it('tells a case of what nothing was done to, unless it is there undamaged too', () => {
    const alarm = drillCase(second.transactionId, 'A_NOT_P');
    const run = healed({
      cases: [found, alarm],
      detected: new Map([found, alarm].map(({ breakId }) => [breakId, 1])),
    });
    expect(judgeDrill(undamaged, run, [damage], RULES)).toMatchObject({ falseAlarms: 1 });
    const usual = {
      ...undamaged,
      cases: [alarm],
      detected: new Map([[alarm.breakId, 1]]),
      evidence: run.evidence,
    };
    expect(judgeDrill(usual, run, [damage], RULES)).toMatchObject({ falseAlarms: 0, problems: [] });
  });

  it('needs no case of what was put right with what was lost in the same event', () => {
    const ids = new Set([first.transactionId, second.transactionId]);
    const run = healed({ planted: new Map([[damage.name, ids]]) });
    expect(problemsOf(run).join()).toMatch(/no case of/);
    expect(problemsOf({ ...run, lostTogether: new Map([...ids].map((id) => [id, ids])) })).toEqual([]);
  });

  it('wants what a person approved to be patched', () => {
    const rules = [patchRule('A_NOT_P', { fourEyesAbove: [] })];
    const proposed = new Map([[found.breakId, { ...found, state: 'PROPOSED' as const }]]);
    const run = healed({ byPolicy: proposed, approved: new Set([found.breakId]) });
    expect(judgeDrill(undamaged, run, [damage], rules)).toMatchObject({
      damages: [{ patched: 0, approved: 1, parked: 0 }],
      problems: [],
    });
    const parked = { ...run, cases: [{ ...found, state: 'PARKED' as const }] };
    expect(judgeDrill(undamaged, parked, [damage], rules).problems.join()).toMatch(
      /was approved, and is PARKED/,
    );
  });

  it('leaves out of the balance what is with people, and nothing else', () => {
    const orphans = DAMAGES.filter(({ name }) => name === 'orphan-row');
    const orphan = bookedSequence('orphan');
    const lone = { ...orphan, entries: orphan.entries.slice(1) };
    const parked = drillCase(orphan.transactionId, 'L_NOT_P', { state: 'PARKED' });
    const run = healed({
      sequences: [first, second, lone],
      cases: [parked],
      planted: new Map([['orphan-row', new Set([orphan.transactionId])]]),
      detected: new Map([[parked.breakId, 1]]),
    });
    expect(judgeDrill(undamaged, run, orphans, RULES).problems).toEqual([]);
    const patched = { ...run, cases: [{ ...parked, state: 'PATCHED' as const }] };
    expect(judgeDrill(undamaged, patched, orphans, RULES).problems.join('\n')).toMatch(
      /out of balance by -1250 in GBP/,
    );
  });
});
