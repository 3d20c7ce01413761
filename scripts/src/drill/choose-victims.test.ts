import { describe, expect, it } from '@jest/globals';
import { chooseVictims } from './choose-victims.ts';
import { DAMAGES } from './damages.ts';
import { bookedSequence, cleanRun } from './drill.fixture.ts';
import type { DrillRun } from './drill-run.ts';

const sequences = Array.from({ length: 200 }, (_, index) => bookedSequence(`T${index}`));
/** Of which every tenth is a reversal of the one before. */
const run = withReversals(cleanRun(sequences));
function withReversals(clean: DrillRun): DrillRun {
  const sides = new Map(clean.sides);
  const booked = sequences.map((each, index) => {
    if (index % 10 !== 9) return each;
    const lifecycleId = sequences[index - 1]?.lifecycleId ?? '';
    const { transactionId } = each;
    sides.set(transactionId, {
      transactionId,
      lifecycleId,
      authorized: { reverses: true },
      result: 'RECONCILED',
    });
    return { ...each, lifecycleId };
  });
  return { ...clean, sequences: booked, sides };
}
const choose = (seed: number) => chooseVictims(run, DAMAGES, { seed, each: 2 });
const allOf = ({ transactions, closedAccounts }: ReturnType<typeof choose>) =>
  [...transactions.values(), ...closedAccounts.values()].flat();
const chunksOf = (ids: readonly string[]) => ids.map((id) => run.chunkOf.get(id));

describe('victims', () => {
  it('are so many for each damage, and each of one damage at most', () => {
    const victims = choose(1);
    const kinds = new Set(['lost-event', 'ledger']);
    const names = DAMAGES.filter(({ kind }) => kinds.has(kind)).map(({ name }) => name);
    expect([...victims.transactions]).toHaveLength(names.length);
    expect([...victims.transactions.values()].every(({ length }) => length === 2)).toBe(true);
    expect(victims.closedAccounts.size).toBe(2);
    expect(new Set(allOf(victims)).size).toBe(allOf(victims).length);
  });

  it('of whom events are lost, or whose account is closed, have a part of the load for themselves', () => {
    const { transactions, closedAccounts } = choose(1);
    const lost = DAMAGES.flatMap(({ kind, name }) =>
      kind === 'lost-event' ? (transactions.get(name) ?? []) : [],
    );
    const chunks = chunksOf([...lost, ...closedAccounts.values()]);
    expect(new Set(chunks).size).toBe(chunks.length);
    expect(new Set(chunksOf(allOf(choose(1)))).size).toBeLessThan(allOf(choose(1)).length);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(choose(1)).toEqual(choose(1));
    expect(allOf(choose(1))).not.toEqual(allOf(choose(2)));
  });

  it('of whom a reversal is lost take back one other that is left alone', () => {
    const { transactions, closedAccounts } = choose(1);
    const reversals = transactions.get('lost-reversal') ?? [];
    for (const each of reversals) expect(run.sides.get(each)?.authorized?.reverses).toBe(true);
    const others = [...transactions].flatMap(([name, ids]) => (name === 'lost-reversal' ? [] : ids));
    const lifecycles = new Set(reversals.map((each) => run.sides.get(each)?.lifecycleId));
    for (const each of [...others, ...closedAccounts.values()])
      expect(lifecycles).not.toContain(run.sides.get(each)?.lifecycleId);
  });

  it('share their life cycle with nobody and are posted', () => {
    const sides = new Map(run.sides);
    const [shared, unposted] = allOf(choose(1));
    const lifecycleId = sides.get(String(shared))?.lifecycleId;
    sides.set('follower', { transactionId: 'follower', ...(lifecycleId !== undefined && { lifecycleId }) });
    sides.set(String(unposted), { transactionId: String(unposted), lifecycleId: 'own', result: 'A_NOT_P' });
    const chosen = allOf(chooseVictims({ ...run, sides }, DAMAGES, { seed: 1, each: 2 }));
    expect(chosen).not.toContain(shared);
    expect(chosen).not.toContain(unposted);
  });
});
